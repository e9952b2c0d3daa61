import type { Command } from "../protocol/commands.js";
import type { Variables } from "./ports.js";

/**
 * The command with every placeholder in its texts filled in, at any depth. Names of actions, locator types and
 * the like go through too: none of them can hold a placeholder.
 *
 * @returns the same object when there was nothing to fill in
 * @throws UnknownVariable
 */
export function fillInCommand(command: Command, variables: Variables): Command {
  // Only texts have changed; the caller has to ask whether they still suit the schema.
  return fillInValue(command, variables) as Command;
}

function fillInValue(value: unknown, variables: Variables): unknown {
  if (typeof value === "string") return variables.fillIn(value);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, fillInValue(item, variables)] as const);
  if (entries.every(([key, item]) => item === (value as Record<string, unknown>)[key])) return value;
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}
