import { describe, expect, it } from "vitest";
import { renderPython } from "../../../src/generation/python-rendering.js";
import { ACTIONS, COMMANDS, type Command, type LocatorType } from "../../../src/protocol/commands.js";

const click = (type: LocatorType, value: string): Command => ({
  action: "click",
  locator_type: type,
  locator_value: value,
});

describe("renderPython", () => {
  it("renders commands one after the other, with comments from the descriptions", () => {
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

  it.each([
    ["label", "E-mail", "//*[@id=//label[normalize-space()='E-mail']/@for or "],
    ["text", "Save", `By.XPATH, "//*[normalize-space(text())='Save']"`],
    ["placeholder", "it's", `By.CSS_SELECTOR, "[placeholder='it\\\\'s']"`],
    ["alt", "Logo", `By.CSS_SELECTOR, "[alt='Logo']"`],
    ["title", "Close", `By.CSS_SELECTOR, "[title='Close']"`],
    ["test_id", "total", `By.CSS_SELECTOR, "[data-testid='total']"`],
    ["role", "dialog", `By.XPATH, "//*[@role='dialog']"`],
  ] as const)("finds by %s with what Selenium has", (type, value, expected) => {
    expect(renderPython([click(type, value)])).toContain(expected);
  });

  it("finds a link by its name as Selenium does, and a button by its text or label", () => {
    const named = (role: string): string =>
      renderPython([{ action: "click", locator_type: "role", locator_value: role, locator_name: "Save" }]);
    expect(named("link")).toContain('(By.LINK_TEXT, "Save")');
    expect(named("button")).toContain(`"//button[normalize-space()='Save' or @aria-label='Save']"`);
    expect(named("constructor")).toContain("@role='constructor'");
  });

  it("looks inside containers and for one of several", () => {
    const within = { locator_type: "id", locator_value: "list" } as const;
    const found = renderPython([
      { action: "click", locator_type: "xpath", locator_value: "//a", within, nth: -1, timeout: 3 },
    ]);
    expect(found).toContain(
      'WebDriverWait(driver, 3).until(lambda driver: driver.find_element(By.ID, "list").find_elements(By.XPATH, ".//a")[-1]).click()',
    );
  });

  it("puts variables in their places, and reads the environment for its own", () => {
    const text = "a ${name} $${x} ${env.CITY}${secret.KEY}";
    const python = renderPython([{ action: "log", message: text }]);
    expect(python).toContain(
      'print("a " + variables["name"] + " ${x} " + os.environ["CITY"] + os.environ["KEY"])',
    );
    expect(python).toMatch(/^import os\n/);
    expect(python).toContain("\nvariables = {}\n");
  });

  it.each([
    ["contains", 'assert "x" in driver.title'],
    ["equals", 'assert driver.title == "x"'],
    ["glob", 'assert fnmatch.fnmatchcase(driver.title, "x")'],
    ["regex", 'assert re.search("x", driver.title)'],
  ] as const)("compares with %s", (match, expected) => {
    const check = { action: "verify_title", expected_title: "x", match } as const;
    expect(renderPython([check])).toContain(`\n${expected}\n`);
    expect(renderPython([{ ...check, not: true }])).toContain(
      `\n${expected.replace("assert ", "assert not (")})\n`,
    );
  });

  it.each([
    ["Enter", "Keys.ENTER"],
    ["Control+Shift+K", 'Keys.CONTROL, Keys.SHIFT, "k"'],
    ["Control++", 'Keys.CONTROL, "+"'],
    ["+", '"+"'],
    ["F5", "Keys.F5"],
  ])("presses %s", (keys, expected) => {
    expect(renderPython([{ action: "press_key", keys }])).toContain(`.send_keys(${expected})`);
  });

  it.each(ACTIONS)("writes %s as statements or a comment, each on lines of its own", (action) => {
    const empty = renderPython([{ action: "refresh" }]).split("\n").length;
    const lines = renderPython([{ action: "refresh" }, COMMANDS[action].example]).split("\n");
    expect(lines.length).toBeGreaterThan(empty + 1);
    for (const line of lines) {
      expect(line).not.toMatch(/undefined|\[object|null/);
      expect(line).toMatch(
        /^(?:$|#|import |from |assert |(?: {4}){0,2}(?:for|if|break|driver|[a-z]+)\b|[A-Z]\w+\()/,
      );
    }
  });

  it("tells of alternatives and of soft checks in comments", () => {
    const at = { locator_type: "id", locator_value: "a" } as const;
    const python = renderPython([{ action: "verify_visible", ...at, alternatives: [at], soft: true }]);
    expect(python).toContain(
      "# Soft: the script goes on when this fails.\n# The script has 1 more locator for it",
    );
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
