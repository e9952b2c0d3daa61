import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import type { ScriptOutcome } from "../../../src/runner/ports.js";
import { RunVariables } from "../../../src/runner/variables.js";
import { oneSession } from "../../support/one-session.js";
import { ROADS } from "../../support/real-browser.js";
import { runCommands } from "../../support/script-context.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

const SECRET = "Qz7kWmXp";
const id = (locator_value: string) => ({ locator_type: "id", locator_value }) as const;

let site: TinySite;
beforeAll(async () => {
  site = await startTinySite({
    "/": () => `<title>Form</title><label>Key <input id=field></label><input id=other><input id=short maxlength=3>
      <input id=day type=date><p id=region contenteditable>old</p><p id=echo></p><p id=keys>0</p>
      <select id=list><option>one</select>
      <script>
        let keys = 0;
        addEventListener("keydown", () => { document.querySelector("#keys").textContent = ++keys; }, true);
        field.oninput = () => { echo.textContent = "You typed: " + field.value; };
      </script>`,
    "/around": () =>
      `<input id=outside><iframe id=foreign src="${site.otherUrl}/"></iframe><iframe id=blank srcdoc="<input id=field>"></iframe>`,
  });
});
afterAll(() => site.close());

describe.each(ROADS)("over %s", (road) => {
  const session = oneSession(road);
  let variables: RunVariables;

  beforeEach(() => {
    const secrets = { KEY: SECRET, BOUND: "Bn4tYuRe", DAY: "1999-12-31" };
    const secretHosts = { BOUND: ["127.0.0.1"], DAY: ["127.0.0.1"] };
    variables = new RunVariables({ env: {}, secrets, secretHosts });
  });

  const run = async (...commands: Command[]): Promise<ScriptOutcome> =>
    (await runCommands(session.page, commands, { variables, commandTimeoutMs: 2_000 })).outcome;
  const pass = async (...commands: Command[]) => {
    expect(await run(...commands)).toEqual({ verdict: "passed" });
  };
  const messageOf = async (...commands: Command[]) => {
    const outcome = await run(...commands);
    return "message" in outcome ? `${outcome.verdict}: ${outcome.message}` : outcome.verdict;
  };
  const open = (url = site.url, path = "/"): Command => ({ action: "navigate", url: url + path });
  const type = (field: string, text: string): Command => ({ action: "input", ...id(field), text });
  const press = (keys: string, field?: string): Command => ({
    action: "press_key",
    keys,
    ...(field === undefined ? {} : id(field)),
  });
  const value = (field: string, expected_value: string, more: object = {}): Command => ({
    action: "verify_value",
    ...id(field),
    expected_value,
    timeout: 0.2,
    ...more,
  });

  describe("a secret with hosts", () => {
    test("is typed there", () =>
      pass(open(), type("field", "${secret.BOUND}"), value("field", "${secret.BOUND}")));

    test.each<[kind: string, command: Command]>([
      ["typed", type("field", "${secret.BOUND}")],
      ["typed by a variable", type("field", "${copy}")],
      ["set as a date", type("day", "${secret.DAY}")],
      ["put into a region", { action: "edit_content", ...id("region"), text: "${secret.BOUND}" }],
      ["chosen", { action: "select", ...id("list"), label: "${secret.BOUND}" }],
      ["looked for", { action: "click", locator_type: "text", locator_value: "${secret.BOUND}" }],
    ])("is not %s elsewhere, before any key is pressed", async (_kind, command) => {
      const set: Command = { action: "set_variable", variable: "copy", value: "${secret.BOUND}" };
      const message = await messageOf(set, open(site.otherUrl), command);
      expect(message).toMatch(/^error: .*the secret '(BOUND|DAY)' may be used on 127\.0\.0\.1 only/);
      expect(message).toMatch(/SECRET_\w+_HOSTS.*'localhost'.*nothing was typed/);
      await pass(value("field", ""), value("day", ""), {
        action: "verify_text",
        ...id("keys"),
        expected_text: "0",
        match: "equals",
      });
    });

    test("is not typed into a frame of another host, nor into one that has none", async () => {
      const into = (frame: string): Command[] => [
        open(site.url, "/around"),
        { action: "switch_frame", ...id(frame) },
        type("field", "${secret.BOUND}"),
      ];
      expect(await messageOf(...into("foreign"))).toContain("'localhost'");
      expect(await messageOf(...into("blank"))).toContain("a document without a host");
      await pass({ action: "switch_frame", top: true }, type("outside", "${secret.BOUND}"));
    });

    test("may be compared anywhere, for that it goes nowhere", () =>
      pass(open(site.otherUrl), value("field", "${secret.BOUND}", { not: true })));
  });

  test("a secret does not come into a URL by a variable", async () => {
    const set: Command = { action: "set_variable", variable: "copy", value: "${secret.KEY}" };
    const message = await messageOf(set, open(site.url, "/?key=${copy}"));
    expect(message).toMatch(/^error: Command 2 .*the secret 'KEY' would come into a URL/);
    expect(message).not.toContain(SECRET);
  });

  describe("a field that was typed from a secret", () => {
    const typed = () => [open(), type("field", "${secret.KEY}")];

    test("is compared as a whole", () =>
      pass(
        ...typed(),
        value("field", "${secret.KEY}"),
        value("field", "${secret.KEY}", { match: "contains" }),
      ));

    test.each<object>([
      { expected_value: "Q", match: "contains" },
      { expected_value: "Qz*", match: "glob" },
      { expected_value: "^Q", match: "regex" },
    ])("is not compared with a part, and says so: %o", async (more) => {
      const message = await messageOf(...typed(), value("field", "", more));
      expect(message).toMatch(
        /^failed: .*its value is "\*\*\*" \(a secret in it is compared as a whole only\)/,
      );
    });

    test("tells no part where the page shows it, nor as a variable", async () => {
      const echo: Command = { action: "verify_text", ...id("echo"), expected_text: "typed: Q", timeout: 0.2 };
      expect(await messageOf(...typed(), echo)).toContain("compared as a whole only");
      await pass(
        { ...echo, expected_text: "You typed: ${secret.KEY}" },
        { ...echo, expected_text: "You typed" },
      );
      const store: Command = { action: "store_value", ...id("field"), variable: "read" };
      const verify: Command = {
        action: "verify_variable",
        variable: "read",
        expected_value: "Q",
        match: "contains",
      };
      expect(await messageOf(store, verify)).toContain("compared as a whole only");
      await pass({ ...verify, expected_value: "${secret.KEY}" });
    });

    test("tells nothing of what a short field has left of it", async () => {
      const short = [open(), type("short", "${secret.KEY}")];
      const why = /^error: .*its value comes from the secret 'KEY' and no longer holds it as a whole/;
      expect(await messageOf(...short, value("short", "Qz7"))).toMatch(why);
      expect(await messageOf(...short, value("short", "abc"))).toMatch(why);
      expect(await messageOf(...short, value("short", "abc", { not: true }))).toMatch(why);
      const store: Command = { action: "store_value", ...id("short"), variable: "read" };
      const verify: Command = { action: "verify_variable", variable: "read", expected_value: "Qz7" };
      expect(await messageOf(...short, store, verify)).toMatch(
        /the variable 'read' comes from the secret 'KEY'/,
      );
      expect(await messageOf(open(site.url, "/?${read}"))).toContain("would come into a URL");
    });

    test.each(["Backspace", "Control+A", "Shift+ArrowLeft", "x"])(
      "takes no key that leaves a part: %s",
      async (keys) => {
        const why = /^error: .*was typed from a secret and takes no keys but/;
        expect(await messageOf(...typed(), press(keys, "field"))).toMatch(why);
        expect(await messageOf(...typed(), press(keys))).toMatch(why);
        await pass(
          ...typed(),
          press("ArrowLeft"),
          press("Tab"),
          press("Backspace"),
          value("field", "${secret.KEY}"),
        );
      },
    );

    test.each<[type: "css" | "xpath", value: string]>([
      ["css", "input[value^='Q']"],
      ["css", "input[ VALUE *= 'x' ]"],
      ["css", "input[v\\61lue$='p']"],
      ["xpath", "//input[starts-with(@value, 'Q')]"],
      ["xpath", "//input[contains(@*, 'x')]"],
      ["xpath", "//input[string-length(attribute::value) = 8]"],
    ])(
      "is not found by a part of its value, whether right or wrong: %s %s",
      async (locator_type, locator_value) => {
        const find: Command = { action: "verify_element_present", locator_type, locator_value, timeout: 0.2 };
        expect(await messageOf(...typed(), find)).toMatch(/^error: .*asks for a part of a value/);
        expect(await messageOf(open(), find)).not.toContain("asks for a part");
        await pass(...typed(), {
          action: "verify_element_absent",
          locator_type: "css",
          locator_value: "[value='no']",
        });
      },
    );

    test("is a field as any other once something else was typed", () =>
      pass(
        ...typed(),
        type("field", "other"),
        press("Backspace"),
        value("field", "oth", { match: "contains" }),
      ));
  });
});
