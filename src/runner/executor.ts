import type { Action, CommandOf } from "../protocol/commands.js";
import type { Page } from "./ports.js";

export interface CommandContext {
  page: Page;
  /** Aborted when the run is cancelled, the browser is lost, or the command has used up its time. */
  signal: AbortSignal;
  /** How long the command may wait for the page, in milliseconds. */
  timeoutMs: number;
  /** Hosts that `navigate` may open; empty: every host. A `*.` in front stands for any subdomain. */
  allowedHosts: readonly string[];
}

/** How a command is carried out and what it expects, as words for a message. */
export interface Executor<A extends Action> {
  /** What the command does, for `progress` when the command has no description: "Click id 'login'". */
  describe(command: CommandOf<A>): string;
  /** What has to be true, for the message when it is not: "a clickable element". */
  expectation(command: CommandOf<A>): string;
  /**
   * @throws NotSatisfied when the application did not do what is expected.
   * @throws Error when the runner could not judge.
   */
  execute(command: CommandOf<A>, context: CommandContext): Promise<void>;
}
