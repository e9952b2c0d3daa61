import type { LogEntry, ScriptContext, ScriptOutcome, ScriptRunner } from "../../src/runner/ports.js";

/** What a command of a {@link FakeRunner} does; answers with why it fails, or with nothing. */
export type Behaviour = (
  context: ScriptContext & { number: number; log: (entry: LogEntry) => void },
) => Promise<string | undefined> | string | undefined;

/** Scripts are `log` commands whose message names what they do. */
export const script = (...names: string[]): string =>
  JSON.stringify(names.map((message) => ({ action: "log", message })));

/** The script runner's port without a page: a command does what a test says, and a `log` command nothing. */
export class FakeRunner {
  /** By the message of a command. */
  readonly behaviours = new Map<string, Behaviour>();
  /** Messages of the commands that were carried out, in order. */
  readonly done: string[] = [];

  readonly run: ScriptRunner = async (commands, context) => {
    for (const [index, command] of commands.entries()) {
      const number = index + 1;
      const name = command.action === "log" ? command.message : command.action;
      await context.gate.pass(context.signal);
      context.signal.throwIfAborted();
      context.onCommand(number, command, name);
      const log = (entry: LogEntry) => context.onLog(number, entry);
      const failure = await this.behaviours.get(name)?.({ ...context, number, log });
      context.signal.throwIfAborted();
      this.done.push(name);
      if (failure !== undefined) return failed(failure, number);
      context.onCommandEnded(number, command);
    }
    return { verdict: "passed" };
  };
}

function failed(message: string, command: number): ScriptOutcome {
  return { verdict: "failed", message, command };
}

/** Waits for the abort of the run, as a page that hangs does. */
export const hang: Behaviour = ({ signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
