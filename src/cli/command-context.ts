import type { Environment } from "../config.js";

/** A command that cannot be carried out as it was given. Its message says what to type instead. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** Exit codes of every command: done, found something wrong, could not be carried out. */
export const ExitCode = { Done: 0, Wrong: 1, Impossible: 2 } as const;

/** The process around a command. */
export interface CommandContext {
  /** Its environment variables, those of `.env` included. */
  environment: Environment;
  /** For what was asked for, which a script may read. */
  print: (line: string) => void;
  /** For what only people need to know. */
  remark: (line: string) => void;
  now: () => Date;
  /** Gives the process its exit code once everything is done. */
  exitWith: (code: number) => void;
}
