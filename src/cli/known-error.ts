import { CommanderError } from "commander";
import { CommandError } from "./command-context.js";

/**
 * The message of a fault that the user can put right, as one line would have it; `undefined` for a bug, which needs its
 * stack.
 */
export async function messageOfKnown(error: unknown): Promise<string | undefined> {
  if (error instanceof CommanderError) {
    // Its suggestion stands on a line of its own.
    const [, message = error.message, hint = ""] =
      /^error: ([^]*?)\.?\n?(\(Did you mean [^\n]*\))?$/.exec(error.message) ?? [];
    return `${message}${hint && ` ${hint}`}. Try --help.`;
  }
  if (error instanceof CommandError) return error.message;
  // Whatever could throw these has loaded their modules already.
  const [{ ConfigError }, { BackupError, DatabaseStartError }, { AppError, DatabaseUnavailableError }] =
    await Promise.all([import("../config.js"), import("../db/index.js"), import("../protocol/errors.js")]);
  const known = [AppError, BackupError, ConfigError, DatabaseStartError, DatabaseUnavailableError];
  return known.some((kind) => error instanceof kind) ? (error as Error).message : undefined;
}
