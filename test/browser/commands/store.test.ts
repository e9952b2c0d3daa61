import { describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, by, click, id } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";

describe.each(ROADS)("store and debug commands over %s", (road) => {
  const { open, run, pass, fail } = browsing(road, { isShared: true });
  const states = () => open("/commands/states?delay=300");
  const verify = (variable: string, expected_value: string, more: object = {}): Command => ({
    action: "verify_variable",
    variable,
    expected_value,
    ...more,
  });

  test("what a page shows is kept and can be used in any field", async () => {
    await pass(
      states(),
      { action: "store_text", ...id("text"), variable: "text" },
      verify("text", "Order 1001 is placed"),
      { action: "store_value", ...id("open"), variable: "value" },
      verify("value", "open value"),
      { action: "store_attribute", ...id("link"), attribute: "href", variable: "href" },
      verify("href", "/before"),
      { action: "store_attribute", ...id("link"), attribute: "data-empty", variable: "empty" },
      verify("empty", ""),
      { action: "store_count", ...by("css", "#list li"), variable: "count" },
      verify("count", "2"),
      { action: "store_count", ...by("css", "#list b"), variable: "none" },
      verify("none", "0"),
      { action: "store_title", variable: "title" },
      verify("title", "Before"),
      { action: "store_url", variable: "url" },
      verify("url", "http://*/commands/states?delay=*", { match: "glob" }),
      { action: "set_variable", variable: "sum", value: "${count} on ${title}, $${kept}" },
      verify("sum", "2 on Before, $${kept}"),
      { action: "input", ...id("open"), text: "${text}" },
      { action: "verify_value", ...id("open"), expected_value: "${text}" },
      { action: "verify_text", ...by("xpath", "//*[@id='list'][count(li)=${count}]"), expected_text: "one" },
    );
  });

  test.each<[string, Command[]]>([
    ["a click", [click("send")]],
    ["a choice", [{ action: "select", ...id("choice"), label: "Second" }]],
    ["a submission", [{ action: "submit", ...id("field") }]],
    ["a key", [{ action: "press_key", keys: "Enter", ...id("field") }]],
    ["a text", [{ action: "input", ...id("code"), text: "1234" }]],
    ["an answered dialog", [click("confirmed"), { action: "handle_dialog", response: "accept" }]],
  ])("what is kept after %s that leaves the page is of the next page", async (_what, leaving) => {
    await pass(
      open("/ways-to-leave"),
      ...leaving,
      { action: "store_title", variable: "title" },
      verify("title", "New page"),
      open("/ways-to-leave"),
      ...leaving,
      { action: "store_url", variable: "url" },
      verify("url", "*/target?*", { match: "glob" }),
    );
  });

  test("an element and an attribute that come late are waited for", async () => {
    await pass(
      states(),
      click("change"),
      { action: "store_text", ...id("coming"), variable: "coming" },
      verify("coming", "coming"),
    );
    await pass(
      states(),
      click("change"),
      { action: "store_attribute", ...id("link"), attribute: "rel", variable: "rel" },
      verify("rel", "next"),
    );
  });

  test("what is not there fails", async () => {
    const store = { variable: "x", timeout: 0.2 };
    expect(await fail(states(), { action: "store_text", ...id("nowhere"), ...store })).toContain(
      "no such element",
    );
    expect(await fail({ action: "store_value", ...id("nowhere"), ...store })).toContain("no such element");
    expect(await fail({ action: "store_attribute", ...id("link"), attribute: "rel", ...store })).toContain(
      "but it has no such attribute.",
    );
    const { outcome } = await run([{ action: "store_value", ...id("text"), ...store }]);
    expect(outcome).toMatchObject({
      verdict: "error",
      message: expect.stringContaining("has no value") as string,
    });
  });

  test("verify_variable judges at once", async () => {
    const set: Command = { action: "set_variable", variable: "order", value: "1001" };
    expect(await fail(set, verify("order", "1002"))).toBe(
      `Command 2 (verify_variable): expected that the variable 'order' is "1002", but it is "1001".`,
    );
    expect(await fail(verify("other", ""))).toContain("but it has no value.");
    await pass(set, verify("order", "1002", { not: true }), verify("order", "^1\\d+$", { match: "regex" }));
  });

  test("a page's text cannot make a later command read a secret", async () => {
    const { RunVariables } = await import("../../../src/runner/variables.js");
    const variables = new RunVariables({ env: {}, secrets: { KEY: "s3cret" } });
    const commands: Command[] = [
      states(),
      { action: "input", ...id("open"), text: "$${secret.KEY}" },
      { action: "store_value", ...id("open"), variable: "smuggled" },
      { action: "log", message: "read ${smuggled}" },
    ];
    const { outcome, logs } = await run(commands, { variables });
    expect(outcome).toEqual({ verdict: "passed" });
    expect(logs).toEqual([{ level: "info", message: "read ${secret.KEY}" }]);
  });

  test("log writes a message", async () => {
    const { logs, messages } = await pass({ action: "log", message: "Hello", description: "Says hello" });
    expect(logs).toEqual([{ level: "info", message: "Hello" }]);
    expect(messages).toEqual(["Says hello"]);
  });

  test("pause holds the run at once, with the page as it is, until it is let go on", async () => {
    let reason = "";
    let letGoOn: () => void = () => undefined;
    let onHeld: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (onHeld = resolve));
    const running = run(
      [
        states(),
        { action: "pause", message: "Look at it" },
        { action: "verify_title", expected_title: "Before" },
      ],
      {
        commandTimeoutMs: 1_000,
        gate: {
          hold: (why) => (reason = why),
          async pass() {
            if (reason === "") return;
            onHeld();
            await new Promise<void>((resolve) => (letGoOn = resolve));
          },
        },
      },
    );
    await held;
    expect(reason).toBe("Look at it");
    reason = "";
    letGoOn();
    expect((await running).outcome).toEqual({ verdict: "passed" });
  });
});
