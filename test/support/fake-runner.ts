import type { LogEntry, PerformScript, ScriptArtifact, ScriptScope } from "../../src/runner/ports.js";

/** A command of a {@link FakeRunner}; answers with why it fails, or with nothing. */
export type Behaviour = (
  context: ScriptScope & { log: (entry: LogEntry) => void; keep: (artifact: ScriptArtifact) => void },
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

  readonly performScript: PerformScript = async (commands, scope) => {
    const { gate, signal, listener } = scope;
    for (const [index, command] of commands.entries()) {
      const number = index + 1;
      const name = command.action === "log" ? command.message : command.action;
      await gate.pass(signal);
      signal.throwIfAborted();
      listener.onCommandBegun(number, command, name);
      const log = (entry: LogEntry) => listener.onLog(number, entry);
      const keep = (artifact: ScriptArtifact) => listener.onArtifact(number, artifact);
      const message = await this.behaviours.get(name)?.({ ...scope, log, keep });
      signal.throwIfAborted();
      this.done.push(name);
      if (message !== undefined) {
        listener.onCommandEnded(number, command, { verdict: "failed", message, endsScript: true });
        return { verdict: "failed", message, command: number };
      }
      listener.onCommandEnded(number, command);
    }
    return { verdict: "passed" };
  };
}

/** Waits for the abort of the run, as a page that hangs does. */
export const hang: Behaviour = ({ signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
