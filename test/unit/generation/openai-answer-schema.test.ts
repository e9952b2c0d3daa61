import { describe, expect, it } from "vitest";
import { CASE_SCHEMA, STEP_SCHEMA, type JsonSchema } from "../../../src/generation/openai/answer-schema.js";
import { SentenceReader } from "../../../src/generation/openai/written-sentences.js";
import { OFFERED_ACTIONS, OFFERED_LOCATOR_TYPES } from "../../../src/generation/openai/offered.js";
import { CASE_PROMPT, SENTENCE_FORMS, STEP_PROMPT } from "../../../src/generation/openai/prompt.js";

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

  it("takes commands as sentences", () => {
    expect(JSON.stringify(schema)).toContain('"commands":{"type":"array","items":{"type":"string"}}');
    expect(JSON.stringify(schema).length).toBeLessThan(1_000);
  });
});

describe.each([
  ["case", CASE_PROMPT],
  ["step", STEP_PROMPT],
])("the prompt for a %s", (_, prompt) => {
  it("names every offered command and locator type", () => {
    expect(prompt).toContain(`Its action is one of ${OFFERED_ACTIONS.join(", ")};`);
    expect(prompt).toContain(`locator_type one of ${OFFERED_LOCATOR_TYPES.join(", ")}.`);
  });

  it("leaves no place unfilled", () => {
    expect(prompt).toContain("Keep ${name}, ${env.NAME} and ${secret.NAME} as they are");
    expect(prompt).not.toMatch(/undefined|\[object/);
  });
});

it.each(SENTENCE_FORMS)("a model is shown only sentences that rules read: %s", async (sentence) => {
  const { signal } = new AbortController();
  const sentences = new SentenceReader({ own: "", baseUrl: "https://example.com", signal });
  const read = await sentences.read(sentence);
  expect(read).toMatchObject({ warnings: [] });
  expect(read.problem).toBeUndefined();
  expect(read.commands).toHaveLength(1);
});
