import { expect, test } from "vitest";
import { ground } from "../../../../src/generation/grounding/ground.js";
import { storedSnapshot } from "../../../support/stored-snapshot.js";

const check = (page: string, sentence: string) => ground(sentence, storedSnapshot(page))[0];

test("a text after its label is looked for where the label is", () => {
  expect(check("store", 'The total shows "$0.00"')).toMatchObject({
    kind: "check",
    commands: [{ action: "verify_text", match: "regex" }],
    elements: [{ name: "Total: $0.00" }],
  });
});

test("a number is not found in a longer one", () => {
  const clause = check("store", 'The total is "0.00"');
  const [command] = clause?.kind === "check" ? clause.commands : [];
  const pattern = new RegExp(command?.action === "verify_text" ? command.expected_text : "");
  expect("Total: $0.00").toMatch(pattern);
  expect("Total: $10.00").not.toMatch(pattern);
  expect("Total: $0.001").not.toMatch(pattern);
});

test("the chosen option of a list is that of the list that is named", () => {
  expect(check("customers", 'The role is "Any"')).toMatchObject({
    commands: [{ action: "verify_selected", locator_value: "role", label: "Any" }],
  });
});

test.for([
  ["store", "There are 4 products", 4],
  ["todos", "There are 3 todos", 3],
  ["customers", "There are 4 rows", 4],
] as const)("on %s: %s", ([page, sentence, count]) => {
  expect(check(page, sentence)).toMatchObject({
    kind: "check",
    commands: [{ action: "verify_count", expected_count: count }],
  });
});

test("the first of several is the first of those that the page has", () => {
  expect(check("store", 'The first product is "Sauce Backpack"')).toMatchObject({
    commands: [{ action: "verify_text", nth: 0, expected_text: "Sauce Backpack" }],
  });
});

test.for(["There are 4 unicorns", "The subtotal is 3 EUR", 'The first unicorn is "Ada"'])(
  "is no guess: %s",
  (sentence) => {
    expect(check("store", sentence)).toMatchObject({ kind: "unresolved" });
  },
);
