import { pause } from "../async/abortable.js";
import type { Deadline } from "../async/deadline.js";
import type { RunGate } from "../runner/ports.js";
import type { RunLog } from "./event-log.js";
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

/**
 * A watcher that stops a deadline while the run is held, and tells clients of it.
 *
 * @param place the command that the run has come to
 */
export function tellingOf(
  runLog: RunLog,
  deadline: Deadline,
  place: () => { step_id: number | null; step: number },
): GateWatcher {
  return {
    onHeld: (message) => {
      deadline.hold();
      runLog.append({ type: "paused", ...place(), message });
    },
    onReleased: () => {
      deadline.goOn();
      runLog.append({ type: "resumed", ...place() });
    },
    onTold: (message) => {
      runLog.append({ type: "log", ...place(), level: "warning", message });
    },
  };
}

/** The gate of a run as the commands of one step pass it: clients are told when it holds that step. */
export class StepGate implements RunGate {
  readonly #options: StepGateOptions;
  readonly #watcher: GateWatcher;

  constructor(options: StepGateOptions) {
    const { scope, stepId: step_id, deadline, progress } = options;
    this.#options = options;
    this.#watcher = tellingOf(scope.runLog, deadline, () => ({ step_id, step: progress.command }));
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
