import { describe, expect, test } from "vitest";
import { pictureTakers } from "../../../src/runner/secrets/pictures.js";
import type { Command } from "../../../src/protocol/commands.js";
import { RunVariables } from "../../../src/runner/variables.js";
import { FakePage } from "../../support/fake-browser.js";
import { runCommands } from "../../support/script-context.js";

const SECRET = `pa"ss wörd`;

/** A page in whose own world our scripts run, as Firefox's driver has it; it keeps what they are given. */
class ExposedPage extends FakePage {
  readonly isExposed: boolean;
  readonly seen: string[] = [];

  constructor(isExposed = true) {
    super();
    this.isExposed = isExposed;
    for (const name of ["field", `pa"ss wörd`]) this.elements.set(name, "text of it");
  }

  override call(functionDeclaration: string, argument: string): Promise<string> {
    this.seen.push(functionDeclaration, JSON.stringify(JSON.parse(argument || "null")));
    return super.call(functionDeclaration, argument);
  }
}

const run = (page: FakePage, ...commands: Command[]) => {
  const variables = new RunVariables({ env: {}, secrets: { PASSWORD: SECRET } });
  // A script's texts are filled in before it runs, command by command.
  return runCommands(page, commands, { variables, commandTimeoutMs: 200 });
};
const field = { locator_type: "id", locator_value: "field" } as const;
const escaped = JSON.stringify(SECRET).slice(1, -1);

describe("a page that shares the world of our scripts is never given a secret", () => {
  test("one that is typed reaches it by keys alone", async () => {
    const page = new ExposedPage();
    const { outcome } = await run(page, { action: "input", ...field, text: "${secret.PASSWORD}" });
    expect(outcome).toEqual({ verdict: "passed" });
    expect(page.calls.join()).toContain(SECRET);
    expect(page.seen.join()).not.toContain(escaped);
  });

  test("one in a locator is refused, with the reason, before the page is asked", async () => {
    const page = new ExposedPage();
    const { outcome } = await run(page, {
      action: "verify_element_present",
      locator_type: "text",
      locator_value: "${secret.PASSWORD}",
    });
    expect(outcome).toMatchObject({ verdict: "error" });
    expect(JSON.stringify(outcome)).toContain("has no world of its own for Stepwire's scripts");
    expect(page.seen.join()).not.toContain(escaped);
  });

  test("one that is expected of a text is compared here", async () => {
    const page = new ExposedPage();
    page.elements.set("field", SECRET);
    const { outcome } = await run(page, {
      action: "verify_text",
      ...field,
      expected_text: "${secret.PASSWORD}",
    });
    expect(outcome).toEqual({ verdict: "passed" });
    expect(page.seen.join()).not.toContain(escaped);
  });

  test("one to be chosen in a list is refused", async () => {
    const page = new ExposedPage();
    const { outcome } = await run(page, { action: "select", ...field, label: "${secret.PASSWORD}" });
    expect(outcome).toMatchObject({ verdict: "error" });
    expect(page.seen.join()).not.toContain(escaped);
  });

  test("no picture is taken once one was used, for it could not be hidden there", async () => {
    const page = new ExposedPage();
    const { signal } = new AbortController();
    const { takePicture, takeVideoFrame } = pictureTakers();
    await expect(takePicture(page, [SECRET], signal)).rejects.toThrow("No picture is taken");
    await expect(takeVideoFrame(page, [SECRET], signal)).rejects.toThrow("No picture is taken");
    expect(page.seen.join()).not.toContain(escaped);
    expect(page.calls).not.toContain("screenshot");
    await takePicture(page, [], signal);
  });
});

test("a page with a world of our own is asked for a secret as for any text", async () => {
  const page = new ExposedPage(false);
  const { outcome } = await run(page, {
    action: "verify_element_present",
    locator_type: "text",
    locator_value: "${secret.PASSWORD}",
  });
  expect(outcome).toEqual({ verdict: "passed" });
  expect(page.seen.join()).toContain(escaped);
});
