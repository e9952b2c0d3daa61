import { COMMAND_GROUPS, COMMANDS, type Action, type Command } from "../src/protocol/commands.js";
import { commandsGuide } from "./commands-guide.js";
import { fieldsOf, table, type Field } from "./schema-fields.js";

const GROUP_TITLES: Record<keyof typeof COMMAND_GROUPS, string> = {
  page: "Pages, windows and frames",
  pointer: "Pointer",
  form: "Forms and keys",
  dialog: "Dialogs",
  wait: "Waiting",
  verify: "Checks",
  store: "Variables",
  storage: "Cookies and storage",
  network: "Requests",
  appearance: "Appearance and accessibility",
  emulation: "Device, place and language",
  debug: "Debugging",
};

const namesOf = (fields: Field[]): string[] => fields.map(({ name }) => name);

/** Fields that the guide explains once; `focus` has what finds an element, and nothing of its own. */
const COMMON_FIELDS = fieldsOf(COMMANDS.back.schema).filter(({ name }) => name !== "action");
const LOCATOR_FIELDS = fieldsOf(COMMANDS.focus.schema).filter(
  ({ name }) => name !== "action" && !namesOf(COMMON_FIELDS).includes(name),
);
const CHECK_FIELDS = fieldsOf(COMMANDS.verify_visible.schema).filter(
  ({ name }) => ![...namesOf(COMMON_FIELDS), ...namesOf(LOCATOR_FIELDS), "action"].includes(name),
);

/** The reference of every command, as a page of Markdown. */
export function commandsPage(): string {
  const groups = Object.entries(GROUP_TITLES).map(([group, title]) => {
    // The keys of GROUP_TITLES are those of COMMAND_GROUPS, and those of a group are actions.
    const actions = Object.keys(COMMAND_GROUPS[group as keyof typeof COMMAND_GROUPS]) as Action[];
    return `## ${title}\n\n${actions.map(commandSection).join("\n\n")}`;
  });
  const guide = commandsGuide({
    contents: contents(),
    locatorFields: fieldTable(LOCATOR_FIELDS),
    commonFields: fieldTable([...COMMON_FIELDS, ...CHECK_FIELDS]),
  });
  return `<!-- Generated from src/protocol/commands.ts by \`npm run generate\`. Do not edit. -->\n\n${guide}\n\n${groups.join("\n\n")}\n`;
}

function contents(): string {
  return Object.entries(GROUP_TITLES)
    .map(([group, title]) => {
      const actions = Object.keys(COMMAND_GROUPS[group as keyof typeof COMMAND_GROUPS]);
      return `- **${title}**: ${actions.map((action) => `[${action}](#${action})`).join(", ")}`;
    })
    .join("\n");
}

function commandSection(action: Action): string {
  const { schema, description, rules, example } = COMMANDS[action];
  const fields = fieldsOf(schema);
  const shared = new Set(["action", ...namesOf([...LOCATOR_FIELDS, ...COMMON_FIELDS, ...CHECK_FIELDS])]);
  const own = fields.filter(({ name }) => !shared.has(name));
  const parts = [
    `### ${action}`,
    description,
    own.length === 0 ? "" : fieldTable(own),
    sharedLine(fields, own.length === 0),
    rules.map(sentenceOf).join(" "),
    `\`\`\`json\n${exampleOf(example)}\n\`\`\``,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** A rule as a sentence of the page, in which fields stand as code. */
function sentenceOf(rule: string): string {
  return `${rule.charAt(0).toUpperCase()}${rule.slice(1).replaceAll("'", "`")}.`;
}

function sharedLine(fields: Field[], isAll: boolean): string {
  const has = (name: string) => fields.some((field) => field.name === name);
  const locator = fields.find(({ name }) => name === "locator_type");
  const names = namesOf([...COMMON_FIELDS, ...CHECK_FIELDS]).filter(has);
  const parts = names.map((name) => `\`${name}\``);
  if (locator) parts.unshift(locator.required ? "**a locator**" : "a locator if wanted");
  return `${isAll ? "Takes" : "Also takes"} ${parts.join(", ")}.`;
}

function fieldTable(fields: Field[]): string {
  const rows = fields.map(({ name, required, type, description }) => [
    `\`${name}\``,
    `\`${type}\``,
    required ? "yes" : "no",
    description,
  ]);
  return table(["field", "type", "required", "meaning"], rows);
}

/** One line where it fits, as in a script that a person writes. */
function exampleOf(command: Command): string {
  const line = JSON.stringify(command, null, 1).replace(/\n\s*/g, " ");
  return line.length <= 100 ? line : JSON.stringify(command, null, 2);
}
