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
  const { open, run, pass } = browsing(road, { isShared: true });
  const states = () => open("/commands/states?delay=150");

  test("all pass at once where all is so, and not turned round", async () => {
    await pass(states(), ...BEFORE.map((check) => asCommand(check)));
  });

  test.each(named(AFTER))("%s waits until it is so", async (_name, check) => {
    await pass(states(), click("change"), asCommand(check, { timeout: 5 }));
  });

  // That it is turned round is the runner's work alone.
  const turned = road === "classic" ? CHANGING.slice(0, 4) : CHANGING;
  test.each(named(turned))("%s, turned round, waits until it is not so", async (_name, check) => {
    await pass(states(), click("change"), asCommand(check, { timeout: 5, not: true }));
  });

  test.each<[string, Check[], object]>([
    ["while it is not so", AFTER, {}],
    ["turned round, while it is so", CHANGING, { not: true }],
  ])("each fails %s, and tells what is", async (_when, checks, more) => {
    const soft = checks.map((check) => asCommand(check, { ...more, timeout: 0.1, soft: true }));
    const { outcome, ended } = await run([states(), ...soft]);
    expect(outcome.verdict).toBe("failed");
    expect(ended.slice(1).map(([, failure]) => failure)).toEqual(
      checks.map(({ action }, index) => {
        const reason = `^Command ${index + 2} \\(${action}\\).*: expected .+ within 0\\.1 s, but .+\\.$`;
        return expect.stringMatching(reason) as string;
      }),
    );
  });

  test("the message tells what is there", async () => {
    const checks: [Check, string][] = [
      [
        { action: "verify_text", ...id("text"), expected_text: "Order", match: "equals" },
        'expected text that is "Order" within 0.1 s, but its text is "Order 1001 is placed".',
      ],
      [
        { action: "verify_text", ...id("empty"), expected_text: "x" },
        'expected text that contains "x" within 0.1 s, but its text is empty.',
      ],
      [
        { action: "verify_text", ...id("text"), expected_text: "placed", not: true },
        'expected text that does not contain "placed" within 0.1 s, but its text is "Order 1001 is placed".',
      ],
      [
        { action: "verify_text", ...id("nowhere"), expected_text: "x", not: true },
        'expected text that does not contain "x" within 0.1 s, but there is no such element.',
      ],
      [
        { action: "verify_value", ...id("open"), expected_value: "x" },
        'expected a value that is "x" within 0.1 s, but its value is "open value".',
      ],
      [
        { action: "verify_attribute", ...id("link"), attribute: "href", expected_value: "/x" },
        `expected an attribute 'href' that is "/x" within 0.1 s, but its attribute 'href' is "/before".`,
      ],
      [
        { action: "verify_attribute", ...id("link"), attribute: "rel" },
        "expected an attribute 'rel' within 0.1 s, but its attribute 'rel' is not there.",
      ],
      [
        { action: "verify_attribute", ...id("link"), attribute: "data-empty", not: true },
        "expected no attribute 'data-empty' within 0.1 s, but its attribute 'data-empty' is empty.",
      ],
      [
        { action: "verify_css", ...id("style"), property: "color", expected_value: "red" },
        `expected a style whose 'color' is "red" within 0.1 s, but its 'color' is "rgb(255, 0, 0)".`,
      ],
      [
        { action: "verify_count", ...by("css", "#list li"), expected_count: 3, comparison: "at_least" },
        "expected at least 3 elements within 0.1 s, but there are 2.",
      ],
      [
        { action: "verify_count", ...id("list"), expected_count: 0 },
        "expected 0 elements within 0.1 s, but there is 1.",
      ],
      [
        { action: "verify_selected", ...id("sizes"), label: "Small" },
        `expected the option 'Small' to be chosen within 0.1 s, but chosen is "Small", "Large".`,
      ],
      [
        { action: "verify_title", expected_title: "After" },
        'expected a window whose title contains "After" within 0.1 s, but its title is "Before".',
      ],
    ];
    const soft = checks.map(([check]) => asCommand(check, { timeout: 0.1, soft: true }));
    const { ended } = await run([states(), ...soft]);
    expect(ended.slice(1).map(([, failure]) => failure)).toEqual(
      checks.map(([, reason]) => expect.stringContaining(reason) as string),
    );
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
