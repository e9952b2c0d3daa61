import { z } from "zod";

/** One field of a message or command, as the tables show it. */
export interface Field {
  name: string;
  required: boolean;
  type: string;
  description: string;
}

interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  description?: string;
}

/** The fields of an object schema, in the order in which it declares them. */
export function fieldsOf(schema: z.ZodType): Field[] {
  // Zod writes this for an object schema.
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input" }) as JsonSchema;
  return Object.entries(properties).map(([name, field]) => ({
    name,
    required: required.includes(name),
    type: typeOf(field),
    description: field.description ?? "",
  }));
}

/** A table of Markdown. */
export function table(header: string[], rows: string[][]): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const line = (cells: string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

function typeOf(schema: JsonSchema): string {
  // The only schema that refers to itself, so that zod writes it apart.
  if (schema.$ref !== undefined) return "locator";
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" | ");
  if (schema.type === "array") return `array of ${schema.items ? typeOf(schema.items) : "anything"}`;
  if (schema.type === "object" && schema.properties)
    return `{ ${Object.keys(schema.properties).join(", ")} }`;
  return [schema.type ?? "anything"].flat().join(" | ");
}
