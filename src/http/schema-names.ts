/** `execute_step` as the name of a type: `ExecuteStep`. */
export function pascalCase(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** A JSON Schema, as far as it is looked into here. */
export type JsonSchema = Record<string, unknown>;

/** A schema without the addresses that it has by itself, for a document that has it under a name. */
export function withoutAddress(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "$schema" && key !== "$id"));
}

/**
 * Gives each object and each list of words inside of a schema a title, made of the names around it, so that code made of
 * a document has a name for each of its types.
 */
export function nameParts(schema: unknown, name: string): unknown {
  if (typeof schema !== "object" || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map((part, index) => nameParts(part, `${name}Option${index + 1}`));
  const parts = Object.fromEntries(
    Object.entries(schema as JsonSchema).map(([key, part]) => [key, nameKey(key, part, name)]),
  );
  const isNamed = ["properties", "enum", "anyOf", "oneOf", "allOf"].some((key) => key in parts);
  return isNamed && !("title" in parts) ? { title: name, ...parts } : parts;
}

function nameKey(key: string, part: unknown, name: string): unknown {
  switch (key) {
    case "properties":
      return Object.fromEntries(
        Object.entries(part as JsonSchema).map(([property, of]) => [
          property,
          nameParts(of, name + pascalCase(property)),
        ]),
      );
    case "items":
      return nameParts(part, `${name}Item`);
    case "additionalProperties":
      return nameParts(part, `${name}Value`);
    case "anyOf":
    case "oneOf":
    case "allOf":
      return nameParts(part, name);
    default:
      return part;
  }
}
