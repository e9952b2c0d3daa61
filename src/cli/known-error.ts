import { CommanderError } from "commander";
import { CommandError } from "./command-context.js";

/**
 * Errors whose messages are for the user, by their names: those of `stepwire serve` are of the server's own modules, and
 * of other classes than those that the command line has loaded.
 */
const KNOWN = new Set([
  "AppError",
  "BackupError",
  "BrowserNotFoundError",
  "ConfigError",
  "DatabaseStartError",
  "DatabaseUnavailableError",
]);

/** Errors of a server that was asked. */
const OF_SERVER = new Set(["RequestError", "UnreachableError"]);

/** The messages of faults that the user can put right, each for one line; `undefined` for a bug, which needs its stack. */
export function linesOfKnown(error: unknown): readonly string[] | undefined {
  if (error instanceof CommanderError) {
    // Its suggestion stands on a line of its own.
    const [, message = error.message, hint = ""] =
      /^error: ([^]*?)\.?\n?(\(Did you mean [^\n]*\))?$/.exec(error.message) ?? [];
    return [`${message}${hint && ` ${hint}`}. Try --help.`];
  }
  if (error instanceof CommandError) return error.lines;
  if (!(error instanceof Error)) return undefined;
  const { name, message } = error;
  // A configuration has a line for each value that cannot be used, a search for a browser for each place.
  if (KNOWN.has(name)) return message.split("\n");
  if (!OF_SERVER.has(name)) return undefined;
  const isLoginMissing = "code" in error && error.code === "unauthorized";
  return [`--server: ${message}${isLoginMissing ? " Set STEPWIRE_TOKEN to a valid token." : ""}`];
}
