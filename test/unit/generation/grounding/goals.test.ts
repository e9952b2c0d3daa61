import { expect, test } from "vitest";
import { findGoal, goalOf, seenAfterwards } from "../../../../src/generation/grounding/goals.js";
import { storedSnapshot } from "../../../support/stored-snapshot.js";

test.for([
  ["Test login functionality", "login"],
  ["Verify that the user can log in", "login"],
  ["Test the search", "search"],
  ["Test registration form", "sign-up"],
  ["Click the login button", undefined],
  ["Log in as tom", undefined],
] as const)("%s", ([description, goal]) => {
  expect(goalOf(description)).toBe(goal);
});

test("a login form is filled with variables, and never with a value of our own", () => {
  expect(findGoal("login", storedSnapshot("sign-in"))).toMatchObject({
    kind: "found",
    asks: ["env.USER", "secret.PASSWORD"],
    commands: [
      { action: "input", text: "${env.USER}", locator_value: "user" },
      { action: "input", text: "${secret.PASSWORD}", locator_value: "pass" },
      { action: "click", locator_name: "Sign in" },
    ],
  });
});

test("a search field takes a variable", () => {
  expect(findGoal("search", storedSnapshot("customers"))).toMatchObject({
    kind: "found",
    asks: ["env.SEARCH_TERM"],
  });
});

test("a page without such a form says so", () => {
  expect(findGoal("login", storedSnapshot("store"))).toMatchObject({
    kind: "missing",
    reason: "the page shows no login form",
  });
});

test("what is seen afterwards is offered as a check that nobody has written", () => {
  const before = storedSnapshot("sign-in");
  const heading = { ref: "e1", kind: "text", role: "heading", name: "Notes" } as const;
  const after = {
    ...before,
    url: "http://site.example/notes",
    nodes: [{ ...heading, states: [], hints: [], locators: [] }],
  };
  const description = "Seen afterwards, and not written by the author";
  expect(seenAfterwards(before, after)).toEqual([
    { action: "verify_url", expected_url: "/notes", description },
    {
      action: "verify_visible",
      locator_type: "role",
      locator_value: "heading",
      locator_name: "Notes",
      description,
    },
  ]);
});
