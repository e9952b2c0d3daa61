import { describe, expect, test } from "vitest";
import { ground, type GroundedClause } from "../../../../src/generation/grounding/ground.js";
import { storedSnapshot } from "../../../support/stored-snapshot.js";

const on = (page: string, sentence: string): GroundedClause => {
  const [clause, ...more] = ground(sentence, storedSnapshot(page));
  expect(more).toEqual([]);
  if (clause === undefined) throw new Error("There is no clause");
  return clause;
};
const commandOn = (page: string, sentence: string) => {
  const clause = on(page, sentence);
  if (clause.kind === "unresolved") throw new Error(clause.reason);
  return clause.commands[0];
};

describe("an element by its name", () => {
  test.for([
    ["customers", "Click the Add customer button", "Add customer"],
    ["customers", "Click the add customer button", "Add customer"],
    ["customers", 'Click "Add Customer"', "Add customer"],
    ["customers", "Click Apply", "Apply filters"],
    ["settings", "Click the Notifications tab", "Notifications"],
    ["sign-in", "Click the Sign-in button", "Sign in"],
  ] as const)("on %s: %s", ([page, sentence, name]) => {
    expect(commandOn(page, sentence)).toMatchObject({ action: "click", locator_name: name });
  });

  test("is no guess where nothing is called so", () => {
    expect(on("customers", "Click the Archive button")).toMatchObject({
      kind: "unresolved",
      reason: expect.stringContaining("the page shows nothing that is called “the Archive button”"),
    });
  });

  test("is told with the candidates where several are called so", () => {
    const clause = on("customers", "Click Delete");
    expect(clause).toMatchObject({ kind: "unresolved" });
    expect(clause.kind === "unresolved" && clause.candidates).toEqual([
      'button "Delete" in row "John Doe, john@acme.example"',
      'button "Delete" in row "Jane Roe, jane@acme.example"',
      'button "Delete" in row "Ada Lovelace, ada@engine.example"',
      'button "Delete" in row "Grace Hopper, grace@navy.example"',
    ]);
  });
});

describe("an element by its place", () => {
  const within = { locator_type: "role", locator_value: "row", locator_name: "Jane Roe", exact: false };
  test.for([
    'Click the Delete button in the row of "Jane Roe"',
    'Click "Delete" next to "Jane Roe"',
    'Click the Delete button for "Jane Roe"',
  ])("%s", (sentence) => {
    expect(commandOn("customers", sentence)).toMatchObject({
      action: "click",
      locator_name: "Delete",
      within,
    });
  });

  test("in a card that is nothing but a box", () => {
    expect(commandOn("store", 'Click "Add to cart" next to "Bike Light"')).toMatchObject({
      locator_name: "Add to cart",
      within: { locator_type: "xpath", locator_value: expect.stringContaining("'Bike Light'") },
    });
  });

  test("by its number", () => {
    expect(commandOn("customers", "Click the second Delete button")).toMatchObject({
      within: { locator_name: expect.stringContaining("Jane Roe") },
    });
  });
});

test("a value goes into a list by choosing it", () => {
  expect(commandOn("customers", "Change the role to Editor")).toMatchObject({
    action: "select",
    locator_value: "role",
    label: "Editor",
  });
});

test("an element of a frame is reached through the frame", () => {
  const clause = on("settings", "Click the Pay now button");
  expect(clause.kind === "action" && clause.commands.map(({ action }) => action)).toEqual([
    "switch_frame",
    "click",
    "switch_frame",
  ]);
});
