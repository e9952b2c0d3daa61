import { describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, by, click, id } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";

/** A check without its action's target and time. */
type Check = { action: Command["action"] } & Record<string, unknown>;

/** Checks that hold before the page's change and not after it, and the other way round. */
const BEFORE: Check[] = [
  { action: "verify_element_present", ...id("going") },
  { action: "verify_element_absent", ...id("coming") },
  { action: "verify_visible", ...id("seen") },
  { action: "verify_hidden", ...id("unseen") },
  { action: "verify_enabled", ...id("on") },
  { action: "verify_editable", ...id("open") },
  { action: "verify_checked", ...id("ticked") },
  { action: "verify_text", ...id("text"), expected_text: "Order 1001 is placed" },
  { action: "verify_text", ...id("text"), expected_text: "ORDER (?P<id>[0-9]+1)", match: "regex", not: true },
  { action: "verify_text", ...id("text"), expected_text: "order * placed", match: "glob", not: true },
  { action: "verify_value", ...id("open"), expected_value: "open value" },
  { action: "verify_attribute", ...id("link"), attribute: "href", expected_value: "/before" },
  { action: "verify_attribute", ...id("link"), attribute: "title" },
  { action: "verify_css", ...id("style"), property: "color", expected_value: "rgb(255, 0, 0)" },
  { action: "verify_count", ...by("css", "#list li"), expected_count: 2 },
  { action: "verify_count", ...by("css", "#list li"), expected_count: 2, comparison: "at_most" },
  { action: "verify_selected", ...id("sizes"), label: ["Large", "Small"] },
  { action: "verify_selected", ...id("sizes"), value: ["s", "l"] },
  { action: "verify_selected", ...id("sizes"), index: [0, 2] },
  { action: "verify_title", expected_title: "Before" },
  { action: "verify_url", expected_url: "/commands/states\\?delay=\\d+$", match: "regex" },
];
const CHANGING = BEFORE.filter((check) => check["not"] !== true);
const AFTER: Check[] = [
  { action: "verify_element_present", ...id("coming") },
  { action: "verify_element_absent", ...id("going") },
  { action: "verify_visible", ...id("unseen") },
  { action: "verify_hidden", ...id("seen") },
  { action: "verify_hidden", ...id("going") },
  { action: "verify_enabled", ...id("off") },
  { action: "verify_editable", ...id("locked") },
  { action: "verify_checked", ...id("unticked") },
  { action: "verify_text", ...id("empty"), expected_text: "full" },
  { action: "verify_value", ...id("open"), expected_value: "new *", match: "glob" },
  { action: "verify_attribute", ...id("link"), attribute: "rel" },
  { action: "verify_css", ...id("style"), property: "color", expected_value: "255\\)$", match: "regex" },
  { action: "verify_count", ...by("css", "#list li"), expected_count: 3, comparison: "at_least" },
  { action: "verify_selected", ...id("sizes"), label: ["Small", "Medium"] },
  { action: "verify_title", expected_title: "After", match: "equals" },
  { action: "verify_url", expected_url: "?after" },
];

const named = (checks: Check[]): [string, Check][] =>
  checks.map((check) => [
    [check.action, check["locator_value"], check["attribute"], check["comparison"], check["match"]]
      .filter((part) => part !== undefined)
      .join(" "),
    check,
  ]);
const asCommand = (check: Check, more: object = {}): Command => ({ ...check, ...more }) as Command;

describe.each(ROADS)("verify commands over %s", (road) => {
  const { open, run, pass, fail } = browsing(road, { isShared: true });
  const states = () => open("/commands/states?delay=300");

  test("all pass at once where all is so, and not turned round", async () => {
    await pass(states(), ...BEFORE.map((check) => asCommand(check)));
  });

  test.each(named(AFTER))("%s waits until it is so", async (_name, check) => {
    await pass(states(), click("change"), asCommand(check, { timeout: 5 }));
  });

  test.each(named(CHANGING))("%s, turned round, waits until it is not so", async (_name, check) => {
    await pass(states(), click("change"), asCommand(check, { timeout: 5, not: true }));
  });

  test.each(named([...AFTER]))("%s fails while it is not so, and tells what is", async (_name, check) => {
    const message = await fail(states(), asCommand(check, { timeout: 0.2 }));
    expect(message).toMatch(/^Command 2 \(verify_\w+\).*: expected .+ within 0\.2 s, but .+\.$/);
  });

  test.each(named(CHANGING))("%s, turned round, fails while it is so", async (_name, check) => {
    const message = await fail(states(), asCommand(check, { timeout: 0.2, not: true }));
    expect(message).toMatch(/^Command 2 \(verify_\w+\).*: expected .+ within 0\.2 s, but .+\.$/);
  });

  test.each<[string, Check, string]>([
    [
      "a text",
      { action: "verify_text", ...id("text"), expected_text: "Order", match: "equals" },
      'expected text that is "Order" within 0.2 s, but its text is "Order 1001 is placed".',
    ],
    [
      "an empty text",
      { action: "verify_text", ...id("empty"), expected_text: "x" },
      'expected text that contains "x" within 0.2 s, but its text is empty.',
    ],
    [
      "a text that should be another",
      { action: "verify_text", ...id("text"), expected_text: "placed", not: true },
      'expected text that does not contain "placed" within 0.2 s, but its text is "Order 1001 is placed".',
    ],
    [
      "a text of what is not there",
      { action: "verify_text", ...id("nowhere"), expected_text: "x", not: true },
      'expected text that does not contain "x" within 0.2 s, but there is no such element.',
    ],
    [
      "a value",
      { action: "verify_value", ...id("open"), expected_value: "x" },
      'expected a value that is "x" within 0.2 s, but its value is "open value".',
    ],
    [
      "an attribute",
      { action: "verify_attribute", ...id("link"), attribute: "href", expected_value: "/x" },
      `expected an attribute 'href' that is "/x" within 0.2 s, but its attribute 'href' is "/before".`,
    ],
    [
      "an attribute that is not there",
      { action: "verify_attribute", ...id("link"), attribute: "rel" },
      "expected an attribute 'rel' within 0.2 s, but its attribute 'rel' is not there.",
    ],
    [
      "an attribute that should not be there",
      { action: "verify_attribute", ...id("link"), attribute: "data-empty", not: true },
      "expected no attribute 'data-empty' within 0.2 s, but its attribute 'data-empty' is empty.",
    ],
    [
      "a style",
      { action: "verify_css", ...id("style"), property: "color", expected_value: "red" },
      `expected a style whose 'color' is "red" within 0.2 s, but its 'color' is "rgb(255, 0, 0)".`,
    ],
    [
      "a count",
      { action: "verify_count", ...by("css", "#list li"), expected_count: 3, comparison: "at_least" },
      "expected at least 3 elements within 0.2 s, but there are 2.",
    ],
    [
      "a count of one",
      { action: "verify_count", ...id("list"), expected_count: 0 },
      "expected 0 elements within 0.2 s, but there is 1.",
    ],
    [
      "options",
      { action: "verify_selected", ...id("sizes"), label: "Small" },
      `expected the option 'Small' to be chosen within 0.2 s, but chosen is "Small", "Large".`,
    ],
    [
      "a title",
      { action: "verify_title", expected_title: "After" },
      'expected a window whose title contains "After" within 0.2 s, but its title is "Before".',
    ],
  ])("%s is told in the message", async (_what, check, reason) => {
    expect(await fail(states(), asCommand(check, { timeout: 0.2 }))).toContain(reason);
  });

  test("an attribute that is not there is another than any", async () => {
    await pass(states(), {
      action: "verify_attribute",
      ...id("link"),
      attribute: "rel",
      expected_value: "next",
      not: true,
    });
  });

  test("a custom property can be verified", async () => {
    await pass(states(), {
      action: "verify_css",
      ...id("style"),
      property: "--brand",
      expected_value: "blue",
    });
  });

  test.each<[string, Check]>([
    ["the value of what has none", { action: "verify_value", ...id("text"), expected_value: "x" }],
    ["a tick of what has none", { action: "verify_checked", ...id("text") }],
    ["chosen options of what is no list", { action: "verify_selected", ...id("text"), label: "x" }],
    [
      "a property that is none",
      { action: "verify_css", ...id("text"), property: "colour", expected_value: "x" },
    ],
    ["an invalid pattern", { action: "verify_title", expected_title: "a(", match: "regex" }],
    ["an invalid locator", { action: "verify_visible", ...by("css", "a[[b") }],
  ])("%s is an error at once", async (_what, check) => {
    const started = performance.now();
    const { outcome } = await run([states(), asCommand(check, { timeout: 30, soft: true })]);
    expect(outcome).toMatchObject({ verdict: "error", command: 2 });
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test("soft checks let the script go on, and the step fails at its end with all of them", async () => {
    const { outcome, ended } = await run([
      states(),
      asCommand({ action: "verify_title", expected_title: "After" }, { soft: true, timeout: 0.1 }),
      click("change"),
      asCommand(
        { action: "verify_text", ...id("text"), expected_text: "is never there" },
        { soft: true, timeout: 0 },
      ),
      asCommand({ action: "verify_title", expected_title: "After" }),
    ]);
    expect(outcome).toMatchObject({ verdict: "failed", command: 2 });
    expect("message" in outcome && outcome.message).toMatch(
      /^Command 2 \(verify_title\).+\. Command 4 \(verify_text\).+\.$/,
    );
    expect(ended.map(([, failure]) => failure !== undefined)).toEqual([false, true, false, true, false]);
  });
});
