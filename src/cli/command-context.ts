import type { Readable } from "node:stream";
import type { WriteStream } from "node:tty";
import type { Environment } from "../config.js";

/** A command that cannot be carried out as it was given. Its message says what to type instead. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  /** The message, or several, each for a line of its own. */
  readonly lines: readonly string[];

  constructor(message: string | readonly string[], options?: ErrorOptions) {
    const lines = typeof message === "string" ? [message] : message;
    super(lines.join("\n"), options);
    this.lines = lines;
  }
}

/** Exit codes of every command: done, found something wrong, could not be carried out. */
export const ExitCode = { Done: 0, Wrong: 1, Impossible: 2 } as const;

/** The process around a command. */
export interface CommandContext {
  /** Its environment variables, those of `.env` included. */
  environment: Environment;
  stdin: Readable & { isTTY?: boolean };
  /** The stream of {@link print}, for what changes while people look at it. */
  stdout: Pick<WriteStream, "write"> & Partial<Pick<WriteStream, "isTTY" | "columns" | "hasColors">>;
  /** For what was asked for, which a script may read. */
  print: (line: string) => void;
  /** For what only people need to know. */
  remark: (line: string) => void;
  now: () => Date;
  /** Gives the process its exit code once everything is done. */
  exitWith: (code: number) => void;
}
