import type { Command } from "../../src/protocol/commands.js";

/** The 24 commands that buy two things in the test site's shop; the benchmarks and the runner's tests run it. */
export function shopScenario(siteUrl: string): Command[] {
  const byId = (id: string) => ({ locator_type: "id", locator_value: id }) as const;
  return [
    { action: "navigate", url: `${siteUrl}/shop` },
    { action: "input", ...byId("q"), text: "rain" },
    { action: "click", ...byId("find") },
    { action: "verify_text", ...byId("status"), expected_text: "2 products found" },
    { action: "click", locator_type: "link_text", locator_value: "Rain jacket" },
    { action: "verify_text", ...byId("price"), expected_text: "89" },
    { action: "select", ...byId("size"), label: "Medium" },
    { action: "input", ...byId("quantity"), text: "2" },
    { action: "click", ...byId("add") },
    { action: "verify_text", ...byId("added"), expected_text: "Added 2 × Rain jacket (Medium)" },
    { action: "click", locator_type: "link_text", locator_value: "Continue shopping" },
    { action: "input", ...byId("q"), text: "hat" },
    { action: "click", locator_type: "xpath", locator_value: "//button[text()='Search']" },
    { action: "click", locator_type: "css", locator_value: "#results a.product" },
    { action: "click", ...byId("add") },
    { action: "click", ...byId("cart") },
    { action: "verify_text", ...byId("total"), expected_text: "197 €" },
    { action: "click", ...byId("checkout") },
    { action: "input", ...byId("name"), text: "Ada Lovelace" },
    { action: "input", ...byId("email"), text: "ada@example.test" },
    { action: "input", ...byId("address"), text: "12 St James's Square, London" },
    { action: "click", ...byId("terms") },
    { action: "click", ...byId("place") },
    { action: "verify_text", ...byId("confirmation"), expected_text: "Thank you, Ada Lovelace!" },
  ];
}
