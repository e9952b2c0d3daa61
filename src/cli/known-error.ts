import { CommanderError } from "commander";
import { CommandError } from "./command-context.js";

/** The messages of faults that the user can put right, each for one line; `undefined` for a bug, which needs its stack. */
export async function linesOfKnown(error: unknown): Promise<readonly string[] | undefined> {
  if (error instanceof CommanderError) {
    // Its suggestion stands on a line of its own.
    const [, message = error.message, hint = ""] =
      /^error: ([^]*?)\.?\n?(\(Did you mean [^\n]*\))?$/.exec(error.message) ?? [];
    return [`${message}${hint && ` ${hint}`}. Try --help.`];
  }
  if (error instanceof CommandError) return error.lines;
  // Code that could throw these has loaded their modules already.
  const [{ ConfigError }, { BackupError, DatabaseStartError }, { AppError, DatabaseUnavailableError }] =
    await Promise.all([import("../config.js"), import("../db/index.js"), import("../protocol/errors.js")]);
  // It has a line for each value that cannot be used.
  if (error instanceof ConfigError) return error.message.split("\n");
  const known = [AppError, BackupError, DatabaseStartError, DatabaseUnavailableError];
  return known.some((kind) => error instanceof kind) ? [(error as Error).message] : undefined;
}
