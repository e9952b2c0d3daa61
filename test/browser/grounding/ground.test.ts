import { describe, test } from "vitest";
import { ground } from "../../../src/generation/grounding/ground.js";
import { takeSnapshot } from "../../../src/runner/snapshot/take-snapshot.js";
import { browsing } from "../../support/browsing.js";

describe("a sentence on the page that is open", () => {
  const browser = browsing("cdp", { isShared: true });
  const { open, pass } = browser;
  const look = () =>
    takeSnapshot(browser.session.page, { signal: AbortSignal.timeout(20_000), mask: (text) => text });

  test.for([
    [
      "todos",
      'Mark "Pay rent" as completed',
      'The "Pay rent" checkbox is checked',
      'Verify "1 items left" is displayed',
      "There are 3 todos",
      'Hover over "Buy milk"',
      'Click the × button in the row of "Buy milk"',
      'The page does not show "Buy milk"',
    ],
    [
      "customers",
      'Click the Delete button in the row of "Jane Roe"',
      "Click Delete",
      'The page does not show "Jane Roe"',
      "There are 3 rows",
    ],
    [
      "store",
      'Increase the quantity of "Bike Light" to 3',
      "Add the Bike Light to the cart",
      'The total is "$29.97"',
      "The Checkout button is enabled",
      "There are 4 products",
      'The first product is "Sauce Backpack"',
    ],
    ["settings", "Turn on Product news", "The Product news switch is on", 'Type "Grace" into First name'],
  ])("is done as it is written: %s", async ([name, ...sentences]) => {
    await pass(open(`/applications/${name ?? ""}`));
    for (const sentence of sentences) {
      for (const clause of ground(sentence, await look())) {
        if (clause.kind === "unresolved") throw new Error(`${sentence}: ${clause.reason}`);
        await pass(...clause.commands);
      }
    }
  });
});
