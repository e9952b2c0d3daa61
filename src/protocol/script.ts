import type { z } from "zod";
import { ACTIONS, COMMANDS, LOCATOR_TYPES, type Action, type Command, type Script } from "./commands.js";
import { AppError } from "./errors.js";
import { MAX_COMMANDS } from "./limits.js";
import { findPythonInValue, findPythonSource } from "./python.js";

/** How much of a text that is no JSON is searched for Python; a megabyte of short lines takes a second. */
const PYTHON_SEARCH_LENGTH = 100_000;

/**
 * Reads a step's script: a JSON array of commands, or the same already parsed.
 *
 * @throws AppError `no_script` when there is none, `python_script` when it is Python or a command holds
 * Python statements, `invalid_script` for everything else. The message names the command (1-based), the
 * field and the reason. Nothing else is ever thrown.
 */
export function parseScript(source: unknown): Script {
  const commands = typeof source === "string" ? parseJson(source) : source;
  if (commands === null || commands === undefined) throw noScript();
  if (!Array.isArray(commands)) {
    throw invalid(`The script must be a JSON array of commands, not ${kindOf(commands)}.`);
  }
  if (commands.length === 0) throw invalid("The script is an empty array; it needs at least one command.");
  if (commands.length > MAX_COMMANDS) {
    throw invalid(`The script has ${commands.length} commands; at most ${MAX_COMMANDS} are allowed.`);
  }
  return Array.from(commands, (command: unknown, index) => parseCommand(command, index + 1));
}

function parseJson(text: string): unknown {
  // Trimming takes the byte order mark too, which editors on Windows leave and JSON does not allow.
  const json = text.trim();
  if (json === "") throw noScript();
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "string") refusePython(findPythonSource(value));
    return value;
  } catch (error) {
    if (error instanceof AppError) throw error;
    refusePython(findPythonSource(json.slice(0, PYTHON_SEARCH_LENGTH)));
    throw invalid(`The script is not valid JSON: ${explainSyntax(error, json)}.`);
  }
}

function parseCommand(command: unknown, number: number): Command {
  if (typeof command === "string") refusePython(findPythonInValue(command), ` in command ${number}`);
  if (typeof command !== "object" || command === null || Array.isArray(command)) {
    throw invalid(`Command ${number} must be an object with an 'action', not ${kindOf(command)}.`);
  }
  const fields = command as Record<string, unknown>; // Any object's own fields can be read so.
  for (const [field, value] of Object.entries(fields)) {
    if (typeof value !== "string") continue;
    refusePython(findPythonInValue(value), ` in command ${number}, field '${shorten(field)}'`);
  }
  const action = Object.hasOwn(fields, "action") ? fields["action"] : undefined;
  const known = `Valid actions: ${ACTIONS.join(", ")}`;
  if (action === undefined || action === null || action === "") {
    throw invalid(`Command ${number} missing 'action' field. ${known}`);
  }
  if (!isAction(action)) throw invalid(`Command ${number} has unknown action ${show(action)}. ${known}`);
  const parsed = COMMANDS[action].safeParse(command);
  if (!parsed.success) throw invalid(explain(parsed.error.issues, fields, number, action));
  return parsed.data;
}

function isAction(value: unknown): value is Action {
  return typeof value === "string" && Object.hasOwn(COMMANDS, value);
}

function explain(
  issues: z.core.$ZodIssue[],
  fields: Record<string, unknown>,
  number: number,
  action: Action,
): string {
  const where = `Command ${number} (${action})`;
  // The first issue is enough to act on; a list of ten hides the one that matters.
  const issue = issues[0];
  if (issue === undefined) return `${where} is not valid.`;
  if (issue.code === "unrecognized_keys") {
    const unknown = issue.keys.slice(0, 3).map((key) => `'${shorten(key)}'`);
    return `${where} has unknown field ${unknown.join(", ")}. Valid fields: ${Object.keys(COMMANDS[action].shape).join(", ")}`;
  }
  const field = String(issue.path[0]);
  if (!Object.hasOwn(fields, field)) return `${where} missing '${field}' field.`;
  const value = fields[field];
  if (field === "locator_type") {
    return `${where} has unknown locator_type ${show(value)}. Valid types: ${LOCATOR_TYPES.join(", ")}`;
  }
  return `${where} field '${field}' ${reason(issue, value)}.`;
}

/** What is wrong with a value, to stand after the field's name. */
function reason(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be a ${issue.expected}, not ${kindOf(value)}`;
    case "too_small":
      return issue.origin === "string"
        ? "must not be empty"
        : `must be at least ${issue.minimum}, not ${show(value)}`;
    case "too_big":
      return issue.origin === "string"
        ? `must not be longer than ${issue.maximum} characters`
        : `must be at most ${issue.maximum}, not ${show(value)}`;
    default:
      return `${issue.message}, not ${show(value)}`;
  }
}

/** V8's words without its excerpt, and with a line and column instead of an offset. */
function explainSyntax(error: unknown, json: string): string {
  const message = error instanceof Error ? error.message.replace(/, "[\s\S]*$/, "") : "it cannot be read";
  const position = / at position (\d+)/.exec(message);
  const before = json.slice(0, Number(position?.[1])).split("\n");
  const place = ` at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  const quotes = /[{[,:]\s?'/.test(json) ? "; JSON needs double quotes" : "";
  return (position === null ? message : message.slice(0, position.index) + place) + quotes;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** A value as JSON, short enough for a message. */
function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(shorten(value));
  return typeof value === "number" || typeof value === "boolean" ? String(value) : kindOf(value);
}

function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}

function noScript(): AppError {
  return new AppError("no_script", "The step has no script. Add a JSON array of commands, or generate one.");
}

function invalid(message: string): AppError {
  return new AppError("invalid_script", message);
}

function refusePython(found: string | undefined, place = ""): void {
  if (found === undefined) return;
  throw new AppError(
    "python_script",
    `Detected Python code in JSON script (found '${found}')${place}. ` +
      `Scripts are JSON arrays of commands and are never run as code; write each line as a command such as ` +
      `{"action": "click", "locator_type": "id", "locator_value": "login"}.`,
  );
}
