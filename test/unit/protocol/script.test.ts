import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ACTIONS, Command, COMMANDS, Locator, LOCATOR_TYPES } from "../../../src/protocol/commands.js";
import { AppError } from "../../../src/protocol/errors.js";
import { MAX_COMMANDS } from "../../../src/protocol/limits.js";
import { parseScript } from "../../../src/protocol/script.js";

const VALID_ACTIONS = `Valid actions: ${ACTIONS.join(", ")}`;
const login = { locator_type: "id", locator_value: "login" };

function refusalOf(source: unknown): AppError {
  try {
    parseScript(source);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("The script was accepted");
}

describe("a valid script", () => {
  it("is read from JSON text", () => {
    const script = parseScript('[{"action":"navigate","url":"https://example.test/a?b=c"}]');
    expect(script).toEqual([{ action: "navigate", url: "https://example.test/a?b=c" }]);
  });

  it("is read from an array that is parsed already", () => {
    const script = [{ action: "click", ...login, timeout: 3, description: "Log in" }];
    expect(parseScript(script)).toEqual(script);
  });

  it("may begin with a byte order mark and end with white space", () => {
    expect(parseScript('\uFEFF[{"action":"wait","duration":0.5}]\r\n')).toHaveLength(1);
  });

  it("may clear a field with an empty text", () => {
    expect(parseScript([{ action: "input", ...login, text: "" }])).toHaveLength(1);
  });

  it.each(["http://localhost:3000", "HTTPS://EXAMPLE.TEST", "http://[::1]:8080/x", "https://例え.テスト/"])(
    "may navigate to %s",
    (url) => {
      expect(parseScript([{ action: "navigate", url }])).toHaveLength(1);
    },
  );
});

describe("a script that is no array of commands", () => {
  it.each<[string, unknown, string, string]>([
    ["nothing", undefined, "no_script", "The step has no script."],
    ["null", null, "no_script", "The step has no script."],
    ["JSON null", "null", "no_script", "The step has no script."],
    ["an empty text", "", "no_script", "The step has no script."],
    ["white space", " \n\t", "no_script", "The step has no script."],
    [
      "an empty array",
      "[]",
      "invalid_script",
      "The script is an empty array; it needs at least one command.",
    ],
    ["an object", '{"action":"click"}', "invalid_script", "must be a JSON array of commands, not an object."],
    ["a number", "42", "invalid_script", "The script must be a JSON array of commands, not a number."],
    ["a JSON string", '"click"', "invalid_script", "must be a JSON array of commands, not a string."],
    ["true", true, "invalid_script", "The script must be a JSON array of commands, not a boolean."],
    [
      "text",
      "Click the Login button",
      "invalid_script",
      "The script is not valid JSON: Unexpected token 'C'.",
    ],
    ["cut-off JSON", '[{"action":', "invalid_script", "not valid JSON: Unexpected end of JSON input."],
    ["a missing comma", '[\n  {"a":1}\n  {"a":2}\n]', "invalid_script", "in JSON at line 3, column 3."],
    ["single quotes", "[{'action':'click'}]", "invalid_script", "column 3; JSON needs double quotes."],
    ["fenced JSON", '```json\n[{"action":"wait"}]\n```', "invalid_script", "The script is not valid JSON:"],
  ])("is refused: %s", (_name, source, code, message) => {
    const refusal = refusalOf(source);
    expect(refusal.code).toBe(code);
    expect(refusal.message).toContain(message);
  });

  it("is refused when it has more commands than one script may hold", () => {
    const script = Array.from({ length: MAX_COMMANDS + 1 }, () => ({ action: "wait", duration: 1 }));
    expect(refusalOf(script).message).toBe("The script has 501 commands; at most 500 are allowed.");
  });
});

describe("a command that is not valid", () => {
  const wait = { action: "wait", duration: 1 };
  const refused = (command: unknown): string => {
    const refusal = refusalOf([wait, wait, command]);
    expect(refusal.code).toBe("invalid_script");
    return refusal.message;
  };

  it.each<[string, unknown]>([
    ["absent", { url: "https://example.test" }],
    ["null", { action: null }],
    ["empty", { action: "" }],
    ["only inherited", JSON.parse('{"__proto__":{"action":"click"}}')],
  ])("names its number and the valid actions when 'action' is %s", (_name, command) => {
    expect(refused(command)).toBe(`Command 3 missing 'action' field. ${VALID_ACTIONS}`);
  });

  it.each<[string, unknown, string]>([
    ["null", null, "null"],
    ["a number", 7, "a number"],
    ["a string", "click", "a string"],
    ["an array", [{ action: "click" }], "an array"],
  ])("must be an object, not %s", (_name, command, kind) => {
    expect(refused(command)).toBe(`Command 3 must be an object with an 'action', not ${kind}.`);
  });

  it.each([
    ["clikc", "click"],
    ["Click", "click"],
    ["doubleClick", "double_click"],
    ["verify-txt", "verify_text"],
    ["wait for text", "wait_for_text"],
  ])("names the action that was nearly written: %s", (action, meant) => {
    const start = `Command 3 has unknown action "${action}". Did you mean '${meant}'?`;
    expect(refused({ action })).toBe(`${start} ${VALID_ACTIONS}`);
  });

  it.each<[unknown, string]>([
    ["frobnicate", '"frobnicate"'],
    ["__proto__", '"__proto__"'],
    ["constructor", '"constructor"'],
    ["toString", '"toString"'],
    [5, "5"],
    [{ a: 1 }, "an object"],
    ["x".repeat(10_000), `"${"x".repeat(79)}…"`],
  ])("names an unknown action", (action, shown) => {
    expect(refused({ action })).toBe(`Command 3 has unknown action ${shown}. ${VALID_ACTIONS}`);
  });

  it.each<[string, object, string]>([
    ["no locator", { action: "click" }, "Command 3 (click) missing 'locator_type' field."],
    ["no locator value", { action: "click", locator_type: "id" }, "(click) missing 'locator_value' field."],
    [
      "an empty locator value",
      { action: "click", locator_type: "id", locator_value: "" },
      "Command 3 (click) field 'locator_value' must not be empty.",
    ],
    [
      "an unknown locator type",
      { action: "click", locator_type: "ID", locator_value: "x" },
      `Command 3 (click) has unknown locator_type "ID". Did you mean 'id'? ` +
        // The contract's own eight first, then the others.
        "Valid types: id, xpath, css, class, name, tag, link_text, partial_link_text, role, label, " +
        LOCATOR_TYPES.slice(10).join(", "),
    ],
    ["no text to type", { action: "input", ...login }, "Command 3 (input) missing 'text' field."],
    [
      "a number to type",
      { action: "input", ...login, text: 5 },
      "field 'text' must be a string, not a number.",
    ],
    ["null to type", { action: "input", ...login, text: null }, "field 'text' must be a string, not null."],
    [
      "a text too long",
      { action: "input", ...login, text: "x".repeat(20_001) },
      "field 'text' must not be longer than 20000 characters.",
    ],
    [
      "nothing to expect",
      { action: "verify_text", ...login },
      "(verify_text) missing 'expected_text' field.",
    ],
    [
      "no option",
      { action: "select", ...login },
      "Command 3 (select) needs exactly one of 'label', 'value' and 'index'.",
    ],
    [
      "two windows at once",
      { action: "switch_window", title: "Cart", index: 1 },
      "Command 3 (switch_window) needs exactly one of 'title', 'url', 'name', 'index' and 'last'.",
    ],
    [
      "half a locator",
      { action: "press_key", keys: "Enter", locator_type: "id" },
      "Command 3 (press_key) needs both 'locator_type' and 'locator_value', or neither.",
    ],
    [
      "an option that is no text",
      { action: "select", ...login, label: 5 },
      "Command 3 (select) field 'label' must be a string or an array, not a number.",
    ],
    [
      "one of several options that is no text",
      { action: "select", ...login, label: ["Red", null] },
      "Command 3 (select) field 'label[1]' must be a string, not null.",
    ],
    [
      "an empty option among several",
      { action: "select", ...login, label: ["Red", ""] },
      "Command 3 (select) field 'label[1]' must not be empty.",
    ],
    [
      "no options at all",
      { action: "select", ...login, value: [] },
      "Command 3 (select) field 'value' must not be empty.",
    ],
    [
      "too many files",
      { action: "upload_file", ...login, file: Array.from({ length: 101 }, () => "a.txt") },
      "Command 3 (upload_file) field 'file' must not have more than 100 entries.",
    ],
    [
      "half an option",
      { action: "select", ...login, index: 1.5 },
      "Command 3 (select) field 'index' must be a whole number, not 1.5.",
    ],
    [
      "half a match",
      { action: "click", ...login, nth: 0.5 },
      "Command 3 (click) field 'nth' must be a whole number, not 0.5.",
    ],
    [
      "a container without a value",
      { action: "click", ...login, within: { locator_type: "id" } },
      "Command 3 (click) missing 'within.locator_value' field.",
    ],
    [
      "a container that is a text",
      { action: "click", ...login, within: "form" },
      "Command 3 (click) field 'within' must be an object, not a string.",
    ],
    [
      "a container's empty value",
      { action: "click", ...login, within: { ...login, within: { locator_type: "id", locator_value: "" } } },
      "Command 3 (click) field 'within.within.locator_value' must not be empty.",
    ],
    [
      "an alternative's unknown type",
      { action: "click", ...login, alternatives: [login, login, { ...login, locator_type: "ID" }] },
      `Command 3 (click) has unknown alternatives[2].locator_type "ID". Did you mean 'id'? Valid types: id,`,
    ],
    [
      "an alternative that is none",
      { action: "click", ...login, alternatives: [null] },
      "Command 3 (click) field 'alternatives[0]' must be an object, not null.",
    ],
    [
      "an alternative's unknown field",
      { action: "click", ...login, alternatives: [{ ...login, timeout: 3 }] },
      "Command 3 (click) has unknown field 'timeout' in 'alternatives[0]'. " +
        "Valid fields: locator_type, locator_value, locator_name, exact, nth, within",
    ],
    [
      "an unknown comparison",
      { action: "verify_text", ...login, expected_text: "x", match: "exact" },
      `field 'match' must be one of contains, equals, glob, regex, raw, not "exact".`,
    ],
    [
      "a flag that is off",
      { action: "switch_window", last: false },
      "Command 3 (switch_window) field 'last' must be true, not false.",
    ],
    [
      "a flag in words",
      { action: "verify_visible", ...login, not: "yes" },
      "Command 3 (verify_visible) field 'not' must be a boolean, not a string.",
    ],
    [
      "a variable that is no name",
      { action: "set_variable", variable: "my name", value: "x" },
      "field 'variable' must be letters, digits and underscores, not beginning with a digit, not \"my name\".",
    ],
    ["no duration", { action: "wait" }, "Command 3 (wait) missing 'duration' field."],
    ["a negative duration", { action: "wait", duration: -1 }, "'duration' must be at least 0, not -1."],
    ["a huge duration", { action: "wait", duration: 1e9 }, "'duration' must be at most 300, not 1000000000."],
    ["an endless duration", { action: "wait", duration: Infinity }, "must be a number, not Infinity."],
    ["a duration in words", { action: "wait", duration: "2" }, "'duration' must be a number, not a string."],
    [
      "a timeout in words",
      { action: "click", ...login, timeout: "fast" },
      "Command 3 (click) field 'timeout' must be a number, not a string.",
    ],
    [
      "a long timeout",
      { action: "click", ...login, timeout: 301 },
      "'timeout' must be at most 300, not 301.",
    ],
    [
      "an unknown field",
      { action: "wait", duration: 1, seconds: 2 },
      "Command 3 (wait) has unknown field 'seconds'. Valid fields: action, duration, description",
    ],
    [
      "a field that is nearly one",
      { action: "wait", Duration: 1 },
      "Command 3 (wait) has unknown field 'Duration'. Did you mean 'duration'? Valid fields: action,",
    ],
    [
      "a __proto__ field",
      JSON.parse('{"action":"wait","duration":1,"__proto__":{"duration":2}}') as object,
      "Command 3 (wait) has unknown field '__proto__'.",
    ],
    [
      "a nested value",
      { action: "click", ...login, description: { a: 1 } },
      "must be a string, not an object.",
    ],
    ["no URL", { action: "navigate" }, "Command 3 (navigate) missing 'url' field."],
  ])("is refused for %s", (_name, command, message) => {
    expect(refused(command)).toContain(message);
  });

  it.each([
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,<b>x</b>",
    "about:blank",
    "chrome://settings",
    "view-source:https://example.test",
    "ws://example.test",
    "login",
    "//example.test/login",
    "example.test",
    "//example.test",
    "http://",
    "http:example.test",
    "https://exa mple.test",
    " https://example.test",
    "http://[::1",
  ])("may not navigate to %s", (url) => {
    expect(refused({ action: "navigate", url })).toBe(
      `Command 3 (navigate) field 'url' must be an absolute http or https URL, or a path such as /login under an environment's base URL, not ${JSON.stringify(url)}.`,
    );
  });
});

describe("a locator inside locators", () => {
  const nested = (depth: number): object => (depth === 0 ? login : { ...login, within: nested(depth - 1) });

  it.each([
    ["the target", (depth: number) => ({ action: "click", ...nested(depth) })],
    ["an alternative", (depth: number) => ({ action: "click", ...login, alternatives: [nested(depth)] })],
    ["where to drop", (depth: number) => ({ action: "drag_and_drop", ...login, to: nested(depth) })],
  ])("may lie in five others and in no more: %s", (_what, command) => {
    expect(parseScript([command(5)])).toHaveLength(1);
    const { action } = command(6);
    expect(refusalOf([command(6)]).message).toBe(`Command 1 (${action}) uses 'within' more than 5 deep.`);
  });

  it("is refused also in a script of a megabyte that is nothing else", () => {
    const container = '{"locator_type":"id","locator_value":"x","within":';
    const depth = 20_000;
    const bomb = `[{"action":"click",${container.slice(1).repeat(1)}${container.repeat(depth)}{}${"}".repeat(depth + 1)}]`;
    expect(bomb.length).toBeGreaterThan(1_000_000);
    expect(refusalOf(bomb).message).toBe("Command 1 (click) uses 'within' more than 5 deep.");
  });

  it.each(['[{"action":"click","description":', '[{"action":"click","alternatives":'])(
    "does not matter where nothing may be nested at all: %s",
    (beginning) => {
      const depth = 400_000;
      const bomb = `${beginning}${"[".repeat(depth)}${"]".repeat(depth)}}]`;
      expect(refusalOf(bomb).message).toContain("Command 1 (click)");
    },
  );

  it("is searched for Python", () => {
    const within = { locator_type: "text", locator_value: "import os" };
    const refusal = refusalOf([{ action: "click", ...login, alternatives: [login, { ...login, within }] }]);
    expect(refusal.code).toBe("python_script");
    expect(refusal.message).toContain("command 1, field 'alternatives[1].within.locator_value'");
  });
});

describe("any input", () => {
  const acceptsOrRefuses = (source: unknown): void => {
    try {
      parseScript(source);
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
    }
  };

  it("is accepted or refused with an AppError: any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), acceptsOrRefuses));
  });

  it("is accepted or refused with an AppError: any JSON text", () => {
    fc.assert(fc.property(fc.json(), acceptsOrRefuses));
  });

  it("is accepted or refused with an AppError: any array of anything", () => {
    fc.assert(fc.property(fc.array(fc.anything(), { minLength: 1 }), acceptsOrRefuses));
  });

  it("is accepted or refused with an AppError: commands with arbitrary fields", () => {
    const names = Object.values(COMMANDS).flatMap(({ schema }) => Object.keys(schema.shape));
    const field = fc.constantFrom(...new Set(names));
    const command = fc
      .tuple(fc.constantFrom(...ACTIONS), fc.dictionary(field, fc.jsonValue()))
      .map(([action, fields]) => ({ action, ...fields }));
    fc.assert(fc.property(fc.array(command, { minLength: 1, maxLength: 5 }), acceptsOrRefuses));
  });

  it("is accepted whenever the schemas allow it", () => {
    const scripts = fc.array(fc.oneof(...Object.values(COMMANDS).map(({ schema }) => commandsOf(schema))), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(scripts, (script) => {
        expect(parseScript(JSON.stringify(script))).toEqual(JSON.parse(JSON.stringify(script)));
      }),
    );
  });

  it.each(ACTIONS)("of the schemas' making covers %s", (action) => {
    for (const command of fc.sample(commandsOf(COMMANDS[action].schema), 20)) {
      expect(Command.parse(command).action).toBe(action);
    }
  });
});

/**
 * Commands that a schema describes; text is what a keyboard types, which never happens to be Python. Fields are
 * left out as often as not, so that those which exclude each other are met alone.
 */
function commandsOf(schema: z.ZodObject): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(schema.shape).map(([name, field]) => [name, valuesOf(name, field)] as const);
  return fc
    .record(Object.fromEntries(fields))
    .map((command) => {
      return Object.fromEntries(Object.entries(command).filter(([, value]) => value !== undefined));
    })
    .filter((command) => schema.safeParse(command).success);
}

const LOCATORS = fc.letrec<{ locator: object }>((tie) => ({
  locator: fc.record(
    {
      locator_type: fc.constantFrom("id", "css", "role", "text"),
      locator_value: fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
      nth: fc.integer({ min: -10_000, max: 10_000 }),
      exact: fc.boolean(),
      within: fc.oneof({ maxDepth: 3 }, fc.constant({ ...login }), tie("locator")),
    },
    { requiredKeys: ["locator_type", "locator_value"] },
  ),
})).locator;

function valuesOf(name: string, schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodOptional) {
    return fc.option(valuesOf(name, schema.unwrap()), { nil: undefined, freq: 2 });
  }
  // A locator's schema refers to itself.
  if (schema === Locator || name === "within") return LOCATORS;
  if (schema instanceof z.ZodLiteral) return fc.constant(schema.value);
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodArray)
    return fc.array(valuesOf(name, schema.element), { minLength: 1, maxLength: 3 });
  if (schema instanceof z.ZodRecord)
    return fc.dictionary(fc.constantFrom("Content-Type", "X-Token"), valuesOf(name, schema.valueType));
  if (schema instanceof z.ZodUnion)
    return fc.oneof(...schema.options.map((option) => valuesOf(name, option)));
  if (schema instanceof z.ZodNumber) {
    const [min, max] = [schema.minValue ?? 0, schema.maxValue ?? 0];
    return schema.format === "safeint" ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true });
  }
  if (schema instanceof z.ZodString) {
    if (name === "url") return fc.webUrl({ withFragments: true, withQueryParameters: true });
    if (name === "variable") return fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/);
    const text = fc.string({ unit: "grapheme", minLength: schema.minLength ?? 0, maxLength: 60 });
    // Hardly any text is a language, a path or a plain name; what a variable holds is looked at when the script runs.
    const other = schema.safeParse("${value}").success ? "${value}" : "plain-name";
    return text.map((value) => (schema.safeParse(value).success ? value : other));
  }
  throw new Error(`No arbitrary for the field '${name}'`);
}
