import type { Script } from "../protocol/commands.js";
import type { ArtifactReference, Verdict } from "../protocol/messages.js";
import type { CommandFailure, ScriptListener, ScriptOutcome } from "../runner/ports.js";
import type { Deadline } from "../async/deadline.js";
import { stepDeadline } from "./deadlines.js";
import type { CommandEnding } from "./observers/observer.js";
import type { PlannedStep } from "./plan.js";
import type { RunScope } from "./run-scope.js";
import { StepGate, type StepProgress } from "./step-gate.js";

/** The outcome of a step. */
export interface StepOutcome {
  verdict: Verdict;
  errorMessage: string | null;
  executionTimeMs: number;
  artifacts: readonly ArtifactReference[];
}

const PASSED: CommandEnding = { verdict: "passed", errorMessage: null, endsStep: false };

/** Performs the scripts of one step, that of its login first, and never throws. */
export async function performStep(planned: PlannedStep, scope: RunScope): Promise<StepOutcome> {
  return await new StepUnderWay(planned, scope).perform();
}

class StepUnderWay implements StepProgress {
  /** Number of the command that began last; 0 before the first. */
  command = 0;
  isInCommand = false;
  readonly #planned: PlannedStep;
  readonly #scope: RunScope;
  readonly #deadline: Deadline;
  readonly #gate: StepGate;
  /** Aborted when the script cannot go on, for whatever reason. */
  readonly #signal: AbortSignal;
  /** The words for it in a message. */
  #underWay = "The step";

  constructor(planned: PlannedStep, scope: RunScope) {
    const { session, runLog } = scope;
    this.#planned = planned;
    this.#scope = scope;
    const deadline = stepDeadline(scope);
    const mentionsSecrets = JSON.stringify([planned.login, planned.commands]).includes("${secret.");
    this.#deadline = deadline;
    this.#gate = new StepGate({ scope, stepId: planned.step.id, mentionsSecrets, deadline, progress: this });
    this.#signal = AbortSignal.any([scope.signal, deadline.signal, session.lost, runLog.failed]);
  }

  async perform(): Promise<StepOutcome> {
    const { step, commands, login = [] } = this.#planned;
    this.#scope.observers.stepBegun(step);
    try {
      if (login.length > 0) {
        const outcome = await this.#script(login, 0);
        if (outcome.verdict !== "passed") {
          const message = `Step 1 (Login) did not pass: ${outcome.message}`;
          return await this.#end("error", message, outcome.command);
        }
      }
      const outcome = await this.#script(commands, login.length);
      if (outcome.verdict === "passed") return await this.#end("passed", null);
      return await this.#end(outcome.verdict, outcome.message, login.length + outcome.command);
    } catch (error) {
      return await this.#endInterrupted(error);
    }
  }

  /** @param offset commands of the step that come before those of the script */
  #script(commands: Script, offset: number): Promise<ScriptOutcome> {
    const scope = this.#scope;
    const listener = this.#listener(offset);
    return scope.performScript(commands, { ...scope, signal: this.#signal, gate: this.#gate, listener });
  }

  #listener(offset: number): ScriptListener {
    const { runLog, observers } = this.#scope;
    const { step, login, commands } = this.#planned;
    const step_id = step.id;
    const total = (login?.length ?? 0) + commands.length;
    return {
      onCommandBegun: (number, command, message) => {
        const { action } = command;
        this.command = offset + number;
        this.isInCommand = true;
        this.#underWay = `Command ${number} (${action})`;
        observers.commandBegun(this.command, command, message);
        runLog.append({ type: "progress", step_id, step: this.command, total, action, message });
      },
      onCommandEnded: (number, _command, failure) => {
        this.isInCommand = false;
        observers.commandEnded(offset + number, failure ? endingOf(failure) : PASSED);
      },
      onLog: (number, { level, message }) => {
        runLog.append({ type: "log", step_id, step: offset + number, level, message });
      },
      onArtifact: (number, artifact) => {
        observers.artifactMade(offset + number, artifact);
      },
    };
  }

  async #endInterrupted(error: unknown): Promise<StepOutcome> {
    const { signal, session, runLog, observers, log } = this.#scope;
    const stopped = [signal, this.#deadline.signal].find(({ aborted }) => aborted);
    if (this.isInCommand) {
      const errorMessage = messageOf(stopped?.reason ?? error);
      observers.commandEnded(this.command, { verdict: "error", errorMessage, endsStep: true });
    }
    if (stopped) return await this.#end("error", messageOf(stopped.reason), this.command || undefined);
    if (!session.lost.aborted && !runLog.failed.aborted) log.error({ err: error }, "the runner failed");
    return await this.#end("error", `${this.#underWay} could not be finished: ${messageOf(error)}`);
  }

  /** @param command number of the command that did not pass */
  async #end(verdict: Verdict, errorMessage: string | null, command?: number): Promise<StepOutcome> {
    this.#deadline.hold();
    const { cancelled, runLog, observers } = this.#scope;
    const executionTimeMs = this.#deadline.elapsedMs;
    const wantsEvidence = verdict !== "passed" && !cancelled.aborted && !runLog.failed.aborted;
    const ending = { verdict, command, wantsEvidence };
    observers.scriptEnded(ending);
    const artifacts = await observers.stepEnded(ending);
    // The run was cancelled while evidence was captured: a client that was told of the stop hears just that.
    if (cancelled.aborted) {
      return { verdict: "error", errorMessage: messageOf(cancelled.reason), executionTimeMs, artifacts };
    }
    return { verdict, errorMessage, executionTimeMs, artifacts };
  }
}

function endingOf({ verdict, message, endsScript }: CommandFailure): CommandEnding {
  return { verdict, errorMessage: message, endsStep: endsScript };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
