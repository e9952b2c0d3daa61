import type { Action, CommandOf } from "../protocol/commands.js";
import type { LogEntry, ScriptArtifact, ScriptScope } from "./ports.js";

/** The surroundings of a command: the scope of its script, narrowed to the one command. */
export interface CommandContext extends Omit<ScriptScope, "commandTimeoutMs" | "listener"> {
  /** Aborted when the run is cancelled, the browser is lost, or the command has used up its time. */
  signal: AbortSignal;
  /** Longest wait of the command for the page, in milliseconds. */
  timeoutMs: number;
  /** Of the command in its script, from 1. */
  number: number;
  /** Names of the secrets that a field of the command brings along. */
  secretsOf(field: string): readonly string[];
  log(entry: LogEntry): void;
  keep(artifact: ScriptArtifact): void;
}

/** Executes the commands of one action, and says what they do and expect in words for a message. */
export interface Executor<A extends Action> {
  /** Says what the command does, for `progress` when the command has no description: "Click id 'login'". */
  describe(command: CommandOf<A>): string;
  /** Names what has to be true, for the message when it is not: "a clickable element". */
  expectation(command: CommandOf<A>): string;
  /**
   * True when the command can make a dialog, a download, a request or a window come. Whatever comes after one that only
   * looks, waits, keeps something in mind or goes to another place is still evidence of the command before it.
   */
  acts: boolean;
  /** True when the command judges at once, so that a message about it names no time. @defaultValue false */
  atOnce?: boolean;
  /**
   * True when a dialog that nobody has answered stays open: the command answers it, looks at it, or has nothing to do
   * with the page that it blocks.
   * @defaultValue false
   */
  leavesDialogs?: boolean;
  /**
   * True when the command goes to a window's own document, and nothing leads back into the frames of before.
   * @defaultValue false
   */
  leavesFrames?: boolean;
  /**
   * True when the command itself has the browser leave the page: a question whether to do so is not unexpected, and is
   * answered with yes unless `handle_dialog` says otherwise.
   * @defaultValue false
   */
  leavesPage?: boolean;
  /**
   * Time that the command needs by itself, however soon the page is ready, in milliseconds. `Infinity` when only
   * the run's own deadline ends it.
   * @defaultValue 0
   */
  workMs?(command: CommandOf<A>, scope: Pick<ScriptScope, "keyDelayMs">): number;
  /**
   * @param command with every placeholder filled in
   * @throws NotSatisfied when the application did not do what is expected.
   * @throws Error when the runner could not judge.
   */
  execute(command: CommandOf<A>, context: CommandContext): Promise<void>;
}
