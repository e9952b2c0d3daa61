import { pause } from "../async/abortable.js";
import type { Deadline } from "../async/deadline.js";
import type { RunGate } from "../runner/ports.js";
import type { GateWatcher } from "./gate.js";
import type { RunScope } from "./run-scope.js";

/** The command that a step has come to. */
export interface StepProgress {
  /** Number of the command that began last; 0 before the first. */
  readonly command: number;
  readonly isInCommand: boolean;
}

export interface StepGateOptions {
  scope: Pick<RunScope, "gate" | "runLog" | "variables" | "observers" | "commandDelayMs">;
  stepId: number;
  /** True when some command of the step names a secret. */
  mentionsSecrets: boolean;
  /** Stands still while the step does. */
  deadline: Deadline;
  progress: StepProgress;
}

/** The gate of a run as the commands of one step pass it: clients are told when it holds that step. */
export class StepGate implements RunGate {
  readonly #options: StepGateOptions;
  readonly #watcher: GateWatcher;

  constructor(options: StepGateOptions) {
    const { scope, stepId: step_id, deadline, progress } = options;
    const { runLog } = scope;
    this.#options = options;
    this.#watcher = {
      onHeld: (message) => {
        deadline.hold();
        runLog.append({ type: "paused", step_id, step: progress.command, message });
      },
      onReleased: () => {
        deadline.goOn();
        runLog.append({ type: "resumed", step_id, step: progress.command });
      },
      onTold: (message) => {
        runLog.append({ type: "log", step_id, step: progress.command, level: "warning", message });
      },
    };
  }

  hold(reason: string): void {
    this.#options.scope.gate.hold(reason);
  }

  async pass(signal: AbortSignal): Promise<void> {
    const { scope, mentionsSecrets, progress } = this.#options;
    const { gate, runLog, variables, observers, commandDelayMs } = scope;
    // Beside the commands a picture might be taken just as the next one types a secret.
    if (mentionsSecrets || variables.used.length > 0) await observers.settle();
    await gate.pass(signal, this.#watcher, { within: progress.isInCommand });
    if (commandDelayMs !== undefined && !progress.isInCommand) {
      await this.#standStill((until) => pause(commandDelayMs, until), signal);
    }
    if (runLog.isFull) await this.#waitForRoom(signal);
  }

  /** A database that takes nothing for now is no fault of the step. */
  async #waitForRoom(signal: AbortSignal): Promise<void> {
    await this.#standStill((until) => this.#options.scope.runLog.room(until), signal);
  }

  async #standStill(wait: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    const { deadline } = this.#options;
    deadline.hold();
    try {
      await wait(signal);
    } finally {
      deadline.goOn();
    }
  }
}
