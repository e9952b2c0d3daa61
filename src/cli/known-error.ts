import { CommanderError } from "commander";
import { oneLine } from "../one-line.js";
import { CommandError } from "./command-context.js";

/**
 * The message of a fault that the user can put right, as one line, or one for each fault of the configuration;
 * `undefined` for a bug, which needs its stack.
 */
export async function messageOfKnown(error: unknown): Promise<string | undefined> {
  if (error instanceof CommanderError) {
    // Its suggestion stands on a line of its own.
    const [, message = error.message, hint = ""] =
      /^error: ([^]*?)\.?\n?(\(Did you mean [^\n]*\))?$/.exec(error.message) ?? [];
    return oneLine(`${message}${hint && ` ${hint}`}. Try --help.`);
  }
  if (error instanceof CommandError) return oneLine(error.message);
  // Whatever could throw these has loaded their modules already.
  const [{ ConfigError }, { BackupError, DatabaseStartError }, { AppError, DatabaseUnavailableError }] =
    await Promise.all([import("../config.js"), import("../db/index.js"), import("../protocol/errors.js")]);
  if (error instanceof ConfigError) return error.message;
  const known = [AppError, BackupError, DatabaseStartError, DatabaseUnavailableError];
  return known.some((kind) => error instanceof kind) ? oneLine((error as Error).message) : undefined;
}
