import { z } from "zod";

/**
 * Zod writes limits and defaults that strict mode refuses; zod itself checks them on the answer. Descriptions are in
 * the prompt, once and not in every command again.
 */
const KEPT = new Set(["type", "enum"]);

/**
 * The JSON schemas that an answer must follow, made from the command schemas and fitted to the subset of JSON
 * Schema that strict mode takes: every property required (an optional one may be null), nothing additional,
 * `anyOf` for unions, no limits on strings or numbers.
 * @see https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export type JsonSchema = Record<string, unknown>;

/** Sentences, which rules turn into commands: a few tokens, where a schema of all commands takes thousands. */
const Commands = z.array(z.string());

const CaseAnswer = z.object({
  steps: z.array(
    z.object({
      description: z.string(),
      expected_result: z.string(),
      commands: Commands,
    }),
  ),
  warnings: z.array(z.string()),
});

const RowsAnswer = CaseAnswer.extend({
  steps: z.array(CaseAnswer.shape.steps.element.extend({ rows: z.array(z.int()) })),
});

const StepAnswer = z.object({ commands: Commands, warnings: CaseAnswer.shape.warnings });

export const CASE_SCHEMA = toStrictSchema(CaseAnswer);
export const ROWS_SCHEMA = toStrictSchema(RowsAnswer);
export const STEP_SCHEMA = toStrictSchema(StepAnswer);

/** The schema as strict mode takes it. */
export function toStrictSchema(schema: z.ZodType): JsonSchema {
  return strict(z.toJSONSchema(schema, { io: "input", reused: "inline" }));
}

function strict(schema: JsonSchema): JsonSchema {
  const result: JsonSchema = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (KEPT.has(keyword)) result[keyword] = value;
  }
  if ("const" in schema) result["enum"] = [schema["const"]];
  const union = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(union)) result["anyOf"] = union.map((option) => strict(option as JsonSchema));
  if (isSchema(schema["items"])) result["items"] = strict(schema["items"]);
  if (isSchema(schema["properties"])) Object.assign(result, strictObject(schema, schema["properties"]));
  return result;
}

function strictObject(schema: JsonSchema, properties: JsonSchema): JsonSchema {
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
  const entries = Object.entries(properties).map(([name, property]): [string, JsonSchema] => {
    const value = strict(property as JsonSchema);
    return [name, required.has(name) ? value : { anyOf: [value, { type: "null" }] }];
  });
  return {
    properties: Object.fromEntries(entries),
    required: entries.map(([name]) => name),
    additionalProperties: false,
  };
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
