import { describe, expect, test } from "vitest";
import { ground } from "../../../../src/generation/grounding/ground.js";
import { storedSnapshot } from "../../../support/stored-snapshot.js";

const on = (page: string, sentence: string) => ground(sentence, storedSnapshot(page))[0];

describe("a verb of applications is a search for the control that says so", () => {
  test.for([
    ["store", "Add the Bike Light to the cart", "click", "Add to cart"],
    ["store", 'Add "Sauce Backpack" to cart', "click", "Add to cart"],
    ["store", "Open the cart", "click", "0"],
    ["store", "Sort by Price (low to high)", "select", "Sort by"],
    ["customers", "Delete John Doe", "click", "Delete"],
    ["customers", "Create a new customer", "click", "Add customer"],
    ["customers", "Go to Reports", "click", "Reports"],
    ["customers", "Apply the filters", "click", "Apply filters"],
    ["todos", 'Mark "Pay rent" as completed', "check", ""],
    ["todos", "Mark all as complete", "check", "Mark all as complete"],
    ["settings", "Select the Team plan", "check", "Team"],
    ["sign-in", "Create an account", "click", "Create an account"],
  ] as const)("on %s: %s", ([page, sentence, action, name]) => {
    const clause = on(page, sentence);
    expect(clause).toMatchObject({ kind: "action", commands: [{ action }], elements: [{ name }] });
  });

  test("and a search types and sends what is searched for", () => {
    expect(on("store", 'Search for "Jacket"')).toMatchObject({
      commands: [{ action: "input", text: "Jacket" }, { action: "click" }],
    });
    expect(on("customers", 'Search for "Ada"')).toMatchObject({
      commands: [
        { action: "input", text: "Ada", locator_value: "searchbox" },
        { action: "press_key", keys: "Enter" },
      ],
    });
  });
});

test.for([
  ["customers", "Sort by name"],
  ["customers", "Delete the customer"],
  ["customers", "Delete Bob"],
  ["customers", "Archive John Doe"],
  ["customers", "Delete John Doe if he is an admin"],
  ["todos", 'Delete "Buy milk"'],
  ["settings", "Close the dialog"],
  ["store", "Log out"],
] as const)("nothing is guessed on %s: %s", ([page, sentence]) => {
  expect(on(page, sentence)).toMatchObject({ kind: "unresolved" });
});
