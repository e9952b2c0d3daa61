import { describe, expect, it } from "vitest";
import { CASE_SCHEMA, STEP_SCHEMA, type JsonSchema } from "../../../src/generation/openai/answer-schema.js";
import { ACTIONS } from "../../../src/protocol/commands.js";

const ALLOWED = new Set(
  "type description enum items properties anyOf required additionalProperties".split(" "),
);

/** Every schema inside a schema, itself included. */
function* schemasIn(schema: JsonSchema): Generator<JsonSchema> {
  yield schema;
  const {
    properties = {},
    items,
    anyOf = [],
  } = schema as {
    properties?: Record<string, JsonSchema>;
    items?: JsonSchema;
    anyOf?: JsonSchema[];
  };
  for (const inner of [...Object.values(properties), ...(items ? [items] : []), ...anyOf])
    yield* schemasIn(inner);
}

describe.each([
  ["case", CASE_SCHEMA],
  ["step", STEP_SCHEMA],
])("the schema of a %s", (_, schema) => {
  const all = [...schemasIn(schema)];

  it("uses only keywords that strict mode takes", () => {
    expect(all.flatMap(Object.keys).filter((keyword) => !ALLOWED.has(keyword))).toEqual([]);
  });

  it("requires every property and allows no others", () => {
    for (const object of all.filter(({ properties }) => properties !== undefined)) {
      expect(object["required"]).toEqual(Object.keys(object["properties"] as object));
      expect(object["additionalProperties"]).toBe(false);
    }
  });

  it("has every command, its optional fields nullable", () => {
    const commands = all.filter(
      ({ properties }) => properties !== undefined && "action" in (properties as object),
    );
    expect(
      commands.map(({ properties }) => (properties as Record<string, JsonSchema>)["action"]?.["enum"]),
    ).toEqual(ACTIONS.map((action) => [action]));
    const [navigate] = commands;
    expect((navigate?.["properties"] as Record<string, JsonSchema>)["timeout"]).toEqual({
      anyOf: [{ type: "number", description: expect.any(String) as string }, { type: "null" }],
    });
  });
});
