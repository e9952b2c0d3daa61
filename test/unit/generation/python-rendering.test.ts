import { describe, expect, it } from "vitest";
import { renderPython } from "../../../src/generation/python-rendering.js";
import type { LOCATOR_TYPES } from "../../../src/protocol/commands.js";
import { type Command } from "../../../src/protocol/commands.js";

const click = (type: (typeof LOCATOR_TYPES)[number], value: string): Command => ({
  action: "click",
  locator_type: type,
  locator_value: value,
});

describe("renderPython", () => {
  it("renders every command, with comments from the descriptions", () => {
    const at = { locator_type: "id", locator_value: "user" } as const;
    const python = renderPython([
      { action: "navigate", url: "https://shop.test", description: "Open the shop" },
      { action: "input", ...at, text: "tom" },
      { action: "select", ...at, label: "Large" },
      { action: "click", ...at, timeout: 5 },
      { action: "wait", duration: 1.5 },
      { action: "verify_element_present", ...at },
      { action: "verify_text", ...at, expected_text: "Welcome" },
    ]);
    expect(python).toBe(`import time

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions as EC
from selenium.webdriver.support.ui import Select
from selenium.webdriver.support.ui import WebDriverWait

driver = webdriver.Chrome()
driver.implicitly_wait(10)

# Open the shop
driver.get("https://shop.test")

element = driver.find_element(By.ID, "user")
element.clear()
element.send_keys("tom")

Select(driver.find_element(By.ID, "user")).select_by_visible_text("Large")

WebDriverWait(driver, 5).until(EC.presence_of_element_located((By.ID, "user"))).click()

time.sleep(1.5)

driver.find_element(By.ID, "user")

assert "Welcome" in driver.find_element(By.ID, "user").text

driver.quit()
`);
  });

  it("imports only what it uses", () => {
    expect(renderPython([{ action: "navigate", url: "https://a.test/?q=time.Select(" }])).not.toMatch(
      /^(?:import time|.*import (?:By|Select|EC|WebDriverWait))/m,
    );
  });

  it.each([
    ["id", "By.ID"],
    ["xpath", "By.XPATH"],
    ["css", "By.CSS_SELECTOR"],
    ["class", "By.CLASS_NAME"],
    ["name", "By.NAME"],
    ["tag", "By.TAG_NAME"],
    ["link_text", "By.LINK_TEXT"],
    ["partial_link_text", "By.PARTIAL_LINK_TEXT"],
  ] as const)("finds by %s with %s", (type, by) => {
    expect(renderPython([click(type, "x")])).toContain(`driver.find_element(${by}, "x").click()`);
  });

  it("escapes quotation marks, backslashes and line breaks", () => {
    expect(renderPython([click("xpath", `//a[.="it's"]`)])).toContain(`(By.XPATH, "//a[.=\\"it's\\"]")`);
    expect(renderPython([click("css", "a\\b\nc")])).toContain('(By.CSS_SELECTOR, "a\\\\b\\nc")');
  });

  it("keeps a description of several lines in one comment", () => {
    const python = renderPython([{ action: "wait", duration: 1, description: "one\r\nimport os\u2028two" }]);
    expect(python).toContain("\n# one import os two\n");
    expect(python).not.toMatch(/^import os/m);
  });
});
