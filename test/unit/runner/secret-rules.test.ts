import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../src/config.js";
import { ACTIONS, COMMANDS, type Command } from "../../../src/protocol/commands.js";
import { parseScript } from "../../../src/protocol/script.js";
import type { Match } from "../../../src/protocol/commands/fields.js";
import { isEdit, parseKeys } from "../../../src/runner/keys.js";
import { refuseMisuse } from "../../../src/runner/secrets/rules.js";
import { refuseParts, wholeComparison } from "../../../src/runner/secrets/whole-comparison.js";
import { RunVariables } from "../../../src/runner/variables.js";

const SECRET = "Qz7kWmXp";

function variablesWith(...used: string[]): RunVariables {
  const variables = new RunVariables({ env: {}, secrets: { KEY: SECRET, PIN: "12", USER: "tomsmith" } });
  for (const name of used) variables.fillIn(`\${secret.${name}}`);
  return variables;
}

describe("a secret in a URL", () => {
  test.each(["navigate", "new_window"])("is refused in a script: %s", (action) => {
    const script = [{ action, url: "https://shop.example/?key=${secret.KEY}" }];
    expect(() => parseScript(script)).toThrow(/Command 1 .*'url' must hold no secret/);
    expect(() => parseScript([{ action, url: "https://shop.example/?key=$${secret.KEY}" }])).not.toThrow();
  });

  test.each<[road: string, set: (variables: RunVariables) => void]>([
    ["a variable that was set to it", (variables) => variables.set("v", variables.fillIn("${secret.KEY}"))],
    [
      "a variable of a variable",
      (variables) => {
        variables.set("first", variables.fillIn("x${secret.KEY}"));
        variables.set("v", variables.fillIn("${first}y"));
      },
    ],
    [
      "a text that was read and shows it",
      (variables) => {
        variables.fillIn("${secret.KEY}");
        variables.set("v", `Your key: ${SECRET.toUpperCase()}`);
      },
    ],
    [
      "a part that was read of a field that was typed from it",
      (variables) => variables.set("v", "Qz", ["KEY"]),
    ],
  ])("is refused when it comes by %s", (_road, set) => {
    const variables = variablesWith();
    set(variables);
    const command: Command = { action: "navigate", url: "https://shop.example/${v}" };
    expect(() => refuseMisuse(command, variables)).toThrow(/the secret 'KEY' would come into a URL.*type it/);
  });

  test("is refused by a variable in every command that opens one", () => {
    const variables = variablesWith("KEY");
    variables.set("v", SECRET);
    const url = "https://shop.example/${v}";
    const opening = ACTIONS.filter((action) => COMMANDS[action].urls.length > 0);
    expect(opening).toEqual(["navigate", "new_window"]);
    for (const action of ["navigate", "new_window"] as const)
      expect(() => refuseMisuse({ action, url }, variables)).toThrow(/would come into a URL/);
    const compared: Command = { action: "switch_window", url };
    expect(() => refuseMisuse(compared, variables)).not.toThrow();
  });

  test("is no reason to refuse other variables", () => {
    const variables = variablesWith("KEY");
    variables.set("v", "basket");
    expect(() =>
      refuseMisuse({ action: "navigate", url: "https://shop.example/${v}" }, variables),
    ).not.toThrow();
    variables.set("v", variables.fillIn("${secret.KEY}"));
    variables.set("v", "another");
    expect(() =>
      refuseMisuse({ action: "navigate", url: "https://shop.example/${v}" }, variables),
    ).not.toThrow();
  });
});

test.each<Command>([
  { action: "verify_title", expected_title: "[${secret.KEY}]", match: "regex" },
  { action: "verify_url", expected_url: "*${secret.KEY}?", match: "glob" },
  { action: "wait_for_download", expected_file_name: "${secret.KEY}*" },
  { action: "click", locator_type: "xpath", locator_value: "//*[starts-with('${secret.KEY}', 'a')]" },
  {
    action: "click",
    locator_type: "id",
    locator_value: "x",
    within: { locator_type: "css", locator_value: "[a^='${secret.KEY}']" },
  },
])("a secret is no part of a pattern or selector: %o", (command) => {
  expect(() => refuseMisuse(command, variablesWith())).toThrow(/the secret 'KEY' would be part of/);
});

test.each<Command>([
  { action: "verify_url", expected_url: "${secret.KEY}", match: "contains", not: true },
  { action: "click", locator_type: "text", locator_value: "${secret.KEY}" },
  { action: "verify_title", expected_title: "[ab]", match: "regex", description: "not ${secret.KEY}" },
])("a secret may be compared as a whole: %o", (command) => {
  expect(() => refuseMisuse(command, variablesWith())).not.toThrow();
});

describe("a text that shows a secret", () => {
  const compare = (text: string, expected: string, match: Match = "contains", used = ["KEY"]) =>
    wholeComparison({ match, expected, not: false }, variablesWith(...used)).isAsExpected(text);

  test.each<[expected: string, match: Match]>([
    ["Q", "contains"],
    ["key Qz", "contains"],
    ["kWm", "contains"],
    ["p!", "contains"],
    ["key Q*", "glob"],
    ["*Xp!", "glob"],
    ["key Qz7kWmX?!", "glob"],
    ["^key Q", "regex"],
    ["[Q-R]", "regex"],
    ["\\w{8}", "regex"],
    ["Qz7kWmX.", "regex"],
  ])("is not compared with a part of it: %s by %s", (expected, match) => {
    expect(compare(`key ${SECRET}!`, expected, match)).toBe(false);
    // The same question about a text that shows none is answered.
    expect(compare(`key ${SECRET}!`, expected, match, [])).toBe(true);
  });

  test.each<[expected: string, match: Match]>([
    [SECRET, "contains"],
    [`key ${SECRET}!`, "equals"],
    ["key", "contains"],
    ["key *!", "glob"],
    [`^key ${SECRET}!$`, "regex"],
    ["!$", "regex"],
  ])("is compared with all of it, and with what is beside it: %s by %s", (expected, match) => {
    expect(compare(`key ${SECRET}!`, expected, match)).toBe(true);
  });

  test("is another where the secret is written in another way", () => {
    expect(compare("Tomsmith", "tomsmith", "equals", ["USER"])).toBe(false);
    expect(compare("Tomsmith", "Tomsmith", "equals", ["USER"])).toBe(true);
    expect(compare("Hello TOMSMITH", "TOM", "contains", ["USER"])).toBe(false);
  });

  test("cannot stand for the secret with a sign of its own", () => {
    expect(compare(`\u{f0000} ${SECRET}`, `${SECRET} ${SECRET}`, "equals")).toBe(false);
  });

  test("says so where a part was asked for", () => {
    const comparison = wholeComparison(
      { match: "contains", expected: "Q", not: false },
      variablesWith("KEY"),
    );
    expect(comparison.note(`key ${SECRET}`)).toBe(" (a secret in it is compared as a whole only)");
    expect(comparison.note("key")).toBe("");
  });

  test("of a length that is in many words is compared as any other", () => {
    expect(compare("PIN 12 of 123", "1", "contains", ["PIN"])).toBe(true);
  });
});

test("what is left of a secret is not compared, and that nothing is left may be", () => {
  const variables = variablesWith("KEY");
  const origin = { from: ["KEY"], what: "its value", variables };
  expect(() => refuseParts("Q", origin)).toThrow(/its value comes from the secret 'KEY'.*as a whole/);
  expect(() => refuseParts("", origin)).not.toThrow();
  expect(() => refuseParts(SECRET, origin)).not.toThrow();
  expect(() => refuseParts("Q", { ...origin, from: [] })).not.toThrow();
});

test.each([
  ["Backspace", true],
  ["Delete", true],
  ["a", true],
  ["Control+A", true],
  ["Control+C", true],
  ["Shift+ArrowLeft", true],
  ["Control+Enter", true],
  ["Enter", false],
  ["Shift+Tab", false],
  ["Escape", false],
  ["ArrowLeft", false],
  ["F5", false],
])("%s may change what a field holds, or take a part of it: %s", (keys, edits) => {
  expect(isEdit(parseKeys(keys))).toBe(edits);
});

describe("the hosts of a secret", () => {
  test("are read beside it", () => {
    const config = parseConfig({
      SECRET_KEY: "x",
      SECRET_KEY_HOSTS: "shop.example, *.pay.example",
      SECRET_PIN: "1",
    });
    expect(config.secrets).toEqual({ KEY: "x", PIN: "1" });
    expect(config.secretHosts).toEqual({ KEY: ["shop.example", "*.pay.example"] });
  });

  test.each([
    [{ SECRET_KEY_HOSTS: "shop.example" }, /SECRET_KEY_HOSTS: there is no secret 'KEY'/],
    [{ SECRET_KEY: "x", SECRET_KEY_HOSTS: "https://shop.example/" }, /SECRET_KEY_HOSTS: must be host names/],
    [{ SECRET_KEY: "x", SECRET_KEY_HOSTS: "," }, /SECRET_KEY_HOSTS: must be host names/],
  ])("have to be hosts, of a secret: %o", (environment, message) => {
    expect(() => parseConfig(environment)).toThrow(message);
  });
});
