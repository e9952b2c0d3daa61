import { kindOf, readCommand, shorten, show } from "./command-issues.js";
import { ACTIONS, COMMANDS, type Action, type Command, type Script } from "./commands.js";
import { didYouMean } from "./did-you-mean.js";
import { AppError, type ErrorCode } from "./errors.js";
import { MAX_COMMANDS } from "./limits.js";
import { findPythonInValue, findPythonSource } from "./python.js";

/** A depth that no text of a valid command reaches. */
const MAX_DEPTH = 10;

/** A script that cannot be run. */
export class ScriptError extends AppError {
  /** The field that is meant, within its command; empty for the whole command or script. */
  readonly path: readonly PropertyKey[];

  constructor(code: ErrorCode, message: string, path: readonly PropertyKey[] = []) {
    super(code, message);
    this.path = path;
  }
}

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
    refusePython(findPythonSource(json));
    throw invalid(`The script is not valid JSON: ${explainSyntax(error, json)}.`);
  }
}

/**
 * Reads one command of a script.
 *
 * @param number its place in the script, from 1
 * @throws ScriptError as {@link parseScript} does.
 */
export function parseCommand(command: unknown, number: number): Command {
  if (typeof command === "string") refusePython(findPythonInValue(command), ` in command ${number}`);
  if (typeof command !== "object" || command === null || Array.isArray(command)) {
    throw invalid(`Command ${number} must be an object with an 'action', not ${kindOf(command)}.`);
  }
  const fields = command as Record<string, unknown>; // Any object's own fields can be read so.
  const action = Object.hasOwn(fields, "action") ? fields["action"] : undefined;
  // A sentence that was not understood is shown to people and never carried out, whatever it says.
  if (action !== "not_understood") searchForPython(fields, number);
  const known = `Valid actions: ${ACTIONS.join(", ")}`;
  if (action === undefined || action === null || action === "") {
    throw invalid(`Command ${number} missing 'action' field. ${known}`);
  }
  if (!isAction(action)) {
    const meant = typeof action === "string" ? didYouMean(action, ACTIONS) : "";
    throw invalid(`Command ${number} has unknown action ${show(action)}.${meant} ${known}`, ["action"]);
  }
  const read = readCommand(action, fields);
  if ("command" in read) return read.command;
  throw invalid(`Command ${number} (${action}) ${read.wrong}`, read.path);
}

/**
 * Looks at every text of a command. A value that lies deeper than any command goes, or was seen before, is left out:
 * it is refused for that anyway, and must not cost more than its size.
 */
function searchForPython(fields: object, number: number): void {
  const seen = new Set<unknown>();
  const search = (value: unknown, name: string, depth: number): void => {
    if (typeof value === "string") {
      refusePython(findPythonInValue(value), ` in command ${number}, field '${shorten(name)}'`);
    }
    if (typeof value !== "object" || value === null || depth > MAX_DEPTH || seen.has(value)) return;
    seen.add(value);
    for (const [key, inner] of Object.entries(value)) {
      const place = Array.isArray(value) ? `${name}[${key}]` : name === "" ? key : `${name}.${key}`;
      search(inner, place, depth + 1);
    }
  };
  search(fields, "", 0);
}

function isAction(value: unknown): value is Action {
  return typeof value === "string" && Object.hasOwn(COMMANDS, value);
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

function noScript(): AppError {
  return new ScriptError(
    "no_script",
    "The step has no script. Add a JSON array of commands, or generate one.",
  );
}

function invalid(message: string, path: readonly PropertyKey[] = []): AppError {
  return new ScriptError("invalid_script", message, path);
}

function refusePython(found: string | undefined, place = ""): void {
  if (found === undefined) return;
  throw new ScriptError(
    "python_script",
    `Detected Python code in JSON script (found '${found}')${place}. ` +
      `Scripts are JSON arrays of commands and are never run as code; write each line as a command such as ` +
      `{"action": "click", "locator_type": "id", "locator_value": "login"}.`,
  );
}
