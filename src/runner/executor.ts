import type { Action, CommandOf } from "../protocol/commands.js";
import type { LogEntry, ScriptArtifact, ScriptScope } from "./ports.js";

/** What a command works with: the scope of its script, narrowed to the one command. */
export interface CommandContext extends Omit<ScriptScope, "commandTimeoutMs" | "listener"> {
  /** Aborted when the run is cancelled, the browser is lost, or the command has used up its time. */
  signal: AbortSignal;
  /** How long the command may wait for the page, in milliseconds. */
  timeoutMs: number;
  /** Names of the secrets that a field of the command brings along. */
  secretsOf(field: string): readonly string[];
  log(entry: LogEntry): void;
  keep(artifact: ScriptArtifact): void;
}

/** How a command is executed and what it expects, as words for a message. */
export interface Executor<A extends Action> {
  /** What the command does, for `progress` when the command has no description: "Click id 'login'". */
  describe(command: CommandOf<A>): string;
  /** What has to be true, for the message when it is not: "a clickable element". */
  expectation(command: CommandOf<A>): string;
  /** Whether the command judges at once, so that a message about it names no time. @defaultValue false */
  atOnce?: boolean;
  /**
   * Whether a dialog that nobody has answered stays open: the command answers it, looks at it, or has nothing to do
   * with the page that it blocks.
   * @defaultValue false
   */
  leavesDialogs?: boolean;
  /**
   * Time that the command needs by itself, however soon the page is ready, in milliseconds. `Infinity` when only
   * the run's own deadline ends it.
   * @defaultValue 0
   */
  workMs?(command: CommandOf<A>): number;
  /**
   * @param command with every placeholder filled in
   * @throws NotSatisfied when the application did not do what is expected.
   * @throws Error when the runner could not judge.
   */
  execute(command: CommandOf<A>, context: CommandContext): Promise<void>;
}
