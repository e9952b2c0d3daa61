import { describe, expect, it } from "vitest";
import { CASE_SCHEMA, STEP_SCHEMA, type JsonSchema } from "../../../src/generation/openai/answer-schema.js";
import { OFFERED_ACTIONS, OFFERED_LOCATOR_TYPES } from "../../../src/generation/openai/offered.js";
import { CASE_PROMPT, STEP_PROMPT } from "../../../src/generation/openai/prompt.js";

const ALLOWED = new Set("type enum items properties anyOf required additionalProperties".split(" "));

type Properties = Record<string, JsonSchema>;

function innerSchemas({ properties = {}, items, anyOf = [] }: JsonSchema): JsonSchema[] {
  // These three hold schemas.
  return [...Object.values(properties as Properties), items, ...(anyOf as JsonSchema[])].filter(
    (inner): inner is JsonSchema => inner !== undefined,
  );
}

/** Every schema inside a schema, itself included. */
function* schemasIn(schema: JsonSchema): Generator<JsonSchema> {
  yield schema;
  for (const inner of innerSchemas(schema)) yield* schemasIn(inner);
}

/** The deepest nesting of objects. */
function depthOf(schema: JsonSchema): number {
  const inner = Math.max(0, ...innerSchemas(schema).map(depthOf));
  return schema["properties"] === undefined ? inner : inner + 1;
}

describe.each([
  ["case", CASE_SCHEMA],
  ["step", STEP_SCHEMA],
])("the schema of a %s", (_, schema) => {
  const all = [...schemasIn(schema)];
  const objects = all.flatMap(({ properties }) =>
    properties === undefined ? [] : [properties as Properties],
  );
  const commands = objects.filter((properties) => "action" in properties);

  it("uses only keywords that strict mode and other servers take, and refers to nothing", () => {
    expect(all.flatMap(Object.keys).filter((keyword) => !ALLOWED.has(keyword))).toEqual([]);
  });

  it("requires every property and allows no others", () => {
    for (const object of all.filter(({ properties }) => properties !== undefined)) {
      expect(object["required"]).toEqual(Object.keys(object["properties"] as object));
      expect(object["additionalProperties"]).toBe(false);
    }
  });

  it("stays within the limits of strict mode, the older ones too", () => {
    expect(depthOf(schema)).toBeLessThanOrEqual(5);
    expect(objects.flatMap(Object.keys).length).toBeLessThan(1_000);
    expect(all.flatMap((each) => each["enum"] ?? []).length).toBeLessThan(500);
    expect(JSON.stringify(schema).length).toBeLessThan(40_000);
  });

  it("has every offered command once, each kind told apart by the action that comes first", () => {
    const actions = commands.map((properties) => {
      expect(Object.keys(properties)[0]).toBe("action");
      return properties["action"]?.["enum"] as string[];
    });
    expect(actions.flat().sort()).toEqual([...OFFERED_ACTIONS].sort());
  });

  it("makes optional fields nullable", () => {
    const click = commands.find((properties) =>
      (properties["action"]?.["enum"] as string[]).includes("click"),
    );
    expect(click).toMatchObject({
      locator_type: { type: "string", enum: OFFERED_LOCATOR_TYPES },
      locator_value: { type: "string" },
      timeout: { anyOf: [{ type: "number" }, { type: "null" }] },
    });
  });

  it("has locators inside locators one level deep", () => {
    const inner = objects.filter((properties) => "locator_type" in properties && !("action" in properties));
    expect(inner.length).toBeGreaterThan(0);
    for (const properties of inner) expect(properties).not.toHaveProperty("within");
  });
});

describe.each([
  ["case", CASE_PROMPT],
  ["step", STEP_PROMPT],
])("the prompt for a %s", (_, prompt) => {
  it("names every offered command and locator type", () => {
    for (const action of OFFERED_ACTIONS) expect(prompt).toContain(`- "action": "${action}": `);
    expect(prompt).toContain(`locator_type: one of ${OFFERED_LOCATOR_TYPES.join(", ")};`);
  });

  it("leaves no place unfilled", () => {
    expect(prompt).toContain("Keep ${name},\n${env.NAME} and ${secret.NAME} as they are");
    expect(prompt).not.toMatch(/undefined|\[object/);
  });
});
