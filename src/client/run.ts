import type { AllStepsComplete, ExecutionComplete, RunEvent } from "./protocol-types.js";

type EventOf<T extends RunEvent["type"]> = Extract<RunEvent, { type: T }>;

/** The outcome of a run: the last event of a step's run, of a case's, or of a generation's on the open page. */
export type StepResult = ExecutionComplete;
export type CaseResult = AllStepsComplete;
/** `success` tells which of the two it is. */
export type PageGenerationResult = EventOf<"generation_complete" | "generation_error">;
export type RunResult = StepResult | CaseResult | PageGenerationResult | EventOf<"step_script_generated">;

/** The part of its client that a run needs. */
export interface RunControl {
  control(type: "cancel" | "pause" | "resume" | "step", runId: string): Promise<void>;
}

/**
 * One run, as it happens. Iterating gives every event from the first on, each once and in order, however often
 * the connection was lost in between, and ends with the run.
 */
export class Run<Result extends RunResult = RunResult> implements AsyncIterable<RunEvent> {
  /** Resolves with the run's id once the server has accepted it. */
  readonly accepted: Promise<string>;
  /** Resolves when the run has ended, whatever its verdict; rejects when it could not run at all. */
  readonly result: Promise<Result>;
  /** Known once the server has accepted the run. */
  id: string | undefined;
  /** Number of the last event received. */
  lastSeq = 0;
  isOver = false;
  readonly #lastEvents: readonly Result["type"][];
  readonly #control: RunControl;
  readonly #events: RunEvent[] = [];
  #failure: Error | undefined;
  #waiting: (() => void)[] = [];
  #accept: (id: string) => void = () => undefined;
  #finish: (result: RunResult) => void = () => undefined;
  #refuse: (error: Error) => void = () => undefined;

  /** @param lastEvents each of them ends the run; without any, only {@link complete} does */
  constructor(control: RunControl, lastEvents: readonly Result["type"][] = []) {
    this.#lastEvents = lastEvents;
    this.#control = control;
    const refusals: ((error: Error) => void)[] = [];
    this.accepted = new Promise((resolve, reject) => {
      this.#accept = resolve;
      refusals.push(reject);
    });
    this.result = new Promise((resolve, reject) => {
      // The run ends with the event that it was made for; only its reader has to know which one that is.
      this.#finish = resolve as (result: RunResult) => void;
      refusals.push(reject);
    });
    this.#refuse = (error) => {
      for (const refuse of refusals) refuse(error);
    };
    // A program that only iterates learns of a failure there.
    this.accepted.catch(() => undefined);
    this.result.catch(() => undefined);
  }

  /** Asks the server to stop the run; its events tell when it has ended. */
  cancel(): Promise<void> {
    return this.#ask("cancel");
  }

  /** Holds the run before its next command. */
  pause(): Promise<void> {
    return this.#ask("pause");
  }

  /** Lets a paused run go on. */
  resume(): Promise<void> {
    return this.#ask("resume");
  }

  /** Lets a paused run carry out one command. */
  step(): Promise<void> {
    return this.#ask("step");
  }

  async *[Symbol.asyncIterator](): AsyncIterator<RunEvent> {
    for (let next = 0; ;) {
      const event = this.#events[next];
      if (event !== undefined) {
        next++;
        yield event;
      } else if (this.#failure) throw this.#failure;
      else if (this.isOver) return;
      else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /**
   * Takes the next event in; one that was received already is passed over.
   *
   * @returns whether the event left a gap: it has to be asked for again, with those before it
   */
  receive(event: RunEvent): boolean {
    if (this.isOver || event.seq <= this.lastSeq) return false;
    if (event.seq > this.lastSeq + 1) return true;
    this.lastSeq = event.seq;
    if (this.id === undefined) {
      this.id = event.run_id;
      this.#accept(event.run_id);
    }
    this.#events.push(event);
    if (this.#lastEvents.some((type) => type === event.type)) this.complete();
    this.#wake();
    return false;
  }

  /** The run's id is known before its first event. @param afterSeq number of the last event that is not wanted */
  known(id: string, afterSeq: number): void {
    this.id = id;
    this.lastSeq = afterSeq;
    this.#accept(id);
  }

  /** Every event of the run has come. */
  complete(): void {
    if (this.isOver) return;
    const result = this.#events.findLast(isResult);
    if (result === undefined) {
      this.fail(new Error("The run ended before the first event that was asked for."));
      return;
    }
    this.isOver = true;
    this.#finish(result);
    this.#wake();
  }

  fail(error: Error): void {
    if (this.isOver || this.#failure) return;
    this.#failure = error;
    this.isOver = true;
    this.#refuse(error);
    this.#wake();
  }

  async #ask(type: "cancel" | "pause" | "resume" | "step"): Promise<void> {
    await this.#control.control(type, await this.accepted);
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

const RESULTS: ReadonlySet<RunEvent["type"]> = new Set<RunResult["type"]>([
  "execution_complete",
  "all_steps_complete",
  "generation_complete",
  "step_script_generated",
  "generation_error",
]);

function isResult(event: RunEvent): event is RunResult {
  return RESULTS.has(event.type);
}
