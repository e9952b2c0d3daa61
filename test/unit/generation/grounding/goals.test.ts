import { expect, test } from "vitest";
import { findGoal } from "../../../../src/generation/grounding/goals.js";
import { seenAfterwards } from "../../../../src/generation/grounding/seen-afterwards.js";
import { goalOf } from "../../../../src/generation/plain-english/goals.js";
import type { PageSnapshot, SeenNode } from "../../../../src/runner/ports.js";
import { storedSnapshot } from "../../../support/stored-snapshot.js";

test.for([
  ["Test login functionality", "login"],
  ["Verify that the user can log in", "login"],
  ["User is able to sign in with valid credentials", "login"],
  ["Test the search", "search"],
  ["Test registration form", "sign-up"],
  ["Click the login button", undefined],
  ["Log in", undefined],
  ["Test login with invalid credentials", undefined],
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

const page = (url: string, ...nodes: Partial<SeenNode>[]): PageSnapshot => ({
  url,
  title: "",
  nodes: nodes.map((node, index) => ({
    ...{ ref: `e${index}`, kind: "control", role: "button", name: "", states: [], hints: [] },
    locators: [{ locator_type: "id", locator_value: `i${index}` }],
    ...node,
  })),
  frames: [],
  leftOut: 0,
});

test("a page without such a form says so, and the only control that may lead to it is gone through", () => {
  expect(findGoal("login", storedSnapshot("store"))).toMatchObject({
    kind: "missing",
    reason: "the page shows no login form",
  });
  const home = page("http://site.example/", { role: "link", name: "Sign in" });
  expect(findGoal("login", home)).toMatchObject({ kind: "entry", commands: [{ locator_value: "i0" }] });
  const two = page("http://site.example/", { name: "Log in" }, { name: "Log in with Google" });
  expect(findGoal("login", two)).toMatchObject({ kind: "missing", candidates: [/Log in/, /Google/] });
});

const description = "Seen afterwards, and not written by the author";

test("what is seen afterwards is offered as a check that nobody has written", () => {
  const after = page(
    "http://site.example/notes/8231",
    { kind: "text", role: "heading", name: "Notes" },
    { role: "link", name: "Log out" },
  );
  expect(seenAfterwards(storedSnapshot("sign-in"), after)).toMatchObject([
    {
      action: "verify_url",
      expected_url: "^https?://[^/]+/notes/[^/?#]+([?#]|$)",
      match: "regex",
      description,
    },
    { action: "verify_visible", locator_type: "role", locator_name: "Notes", description },
    { action: "verify_visible", locator_type: "id", locator_value: "i1", description },
  ]);
});

test("an address that is offered is none that the page had before", () => {
  const patternOf = (from: string, to: string): RegExp => {
    const [check] = seenAfterwards(page(from), page(to));
    return new RegExp(check?.action === "verify_url" ? check.expected_url : "no check");
  };
  const home = patternOf("http://site.example/login?next=/", "http://site.example/");
  expect("http://site.example/login?next=/").not.toMatch(home);
  expect("https://other.example/?welcome").toMatch(home);
  const route = patternOf("http://site.example/app#/login", "http://site.example/app#/inbox");
  expect("http://site.example/app#/login").not.toMatch(route);
  expect("http://site.example/app#/inbox").toMatch(route);
  expect(seenAfterwards(page("http://a.example/x?a=1"), page("http://a.example/x?a=2"))).toEqual([]);
});
