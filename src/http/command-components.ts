import { z } from "zod";
import { COMMANDS } from "../protocol/commands.js";
import { pascalCase, withoutAddress, type JsonSchema } from "./schema-names.js";

/**
 * The schemas of all commands by their names in documents, such as `ClickCommand`, with `Command` for any of them.
 *
 * @param uri where a document has the schema of a name
 */
export function commandComponents(uri: (name: string) => string): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  const names = Object.entries(COMMANDS).map(([action, { schema }]) => {
    const id = `${pascalCase(action)}Command`;
    registry.add(schema, { id });
    return { action, id };
  });
  const { schemas } = z.toJSONSchema(registry, { io: "input", uri });
  const { __shared: shared, ...own } = schemas as Record<string, JsonSchema>;
  const parts = (shared?.["$defs"] ?? {}) as Record<string, JsonSchema>;
  const components = atTheirNames({ ...own, ...parts }, { from: `${uri("__shared")}#/$defs/`, uri });
  const mapping = Object.fromEntries(names.map(({ action, id }) => [action, uri(id)]));
  const command = {
    description: "One command of a script; `action` says which.",
    oneOf: names.map(({ id }) => ({ $ref: uri(id) })),
    discriminator: { propertyName: "action", mapping },
  };
  return { ...components, Command: command };
}

/**
 * Makes parts that schemas share components like all others. A part without a name of its own only leads to one that has
 * one, as that of a locator within a locator.
 */
function atTheirNames(
  schemas: Record<string, JsonSchema>,
  { from, uri }: { from: string; uri: (name: string) => string },
): Record<string, JsonSchema> {
  const moved = JSON.parse(JSON.stringify(schemas).replaceAll(from, uri(""))) as Record<string, JsonSchema>;
  let text = JSON.stringify(moved);
  for (const [name, { $ref: target }] of Object.entries(moved)) {
    if (typeof target === "string") text = text.replaceAll(`"${uri(name)}"`, `"${target}"`);
  }
  const named = Object.entries(JSON.parse(text) as Record<string, JsonSchema>).filter(
    ([, { $ref }]) => !$ref,
  );
  return Object.fromEntries(named.map(([name, schema]) => [name, withoutAddress(schema)]));
}
