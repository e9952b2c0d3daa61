import { COMMANDS } from "../src/protocol/commands.js";
import { fieldsOf, table } from "./schema-fields.js";

/** The reference of every command, as a page of Markdown. */
export function commandsPage(): string {
  const sections = Object.entries(COMMANDS).map(([action, schema]) => {
    const rows = fieldsOf(schema).map(({ name, required, type, description }) => [
      `\`${name}\``,
      `\`${type}\``,
      required ? "yes" : "no",
      description,
    ]);
    return `## ${action}\n\n${schema.description ?? ""}\n\n${table(["field", "type", "required", "meaning"], rows)}\n`;
  });
  return `<!-- Generated from src/protocol/commands.ts by \`npm run generate\`. Do not edit. -->

# Commands

A script is a JSON array of these objects. Commands are data: there is none that runs code, and a field that a
command does not have is an error. Every command that acts on the page waits for it first, up to its \`timeout\`.

${sections.join("\n")}`;
}
