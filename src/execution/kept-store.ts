import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { DatabaseUnavailableError } from "../protocol/errors.js";
import type { EventBatch, ExecutionStore, NewRun, RequestKey } from "./ports.js";

/** Pause between two attempts, in milliseconds; the database itself has waited before it refuses. */
const PAUSE_MS = 250;

/**
 * A store whose writes about a run that has been accepted are kept, and tried until the database takes them: a run
 * ends with its verdict, however long another process holds the lock or the disk is full. A run that is new is refused
 * instead, and so is everything that the database refuses for another reason.
 */
export class KeptStore implements ExecutionStore {
  readonly #store: ExecutionStore;
  readonly #log: Logger;
  readonly #abandoned = new AbortController();
  /** What ends the waiting for each write that is under way. A listener each on the signal would be slower. */
  readonly #giveUp = new Set<(error: Error) => void>();
  #isTold = false;

  constructor({ store, log }: { store: ExecutionStore; log: Logger }) {
    this.#store = store;
    this.#log = log;
  }

  findStep(stepId: number): ReturnType<ExecutionStore["findStep"]> {
    return this.#store.findStep(stepId);
  }

  findSteps(testCaseId: number): ReturnType<ExecutionStore["findSteps"]> {
    return this.#store.findSteps(testCaseId);
  }

  findRunByKey(request: RequestKey): ReturnType<ExecutionStore["findRunByKey"]> {
    return this.#store.findRunByKey(request);
  }

  findUnfinishedRuns(): ReturnType<ExecutionStore["findUnfinishedRuns"]> {
    return this.#store.findUnfinishedRuns();
  }

  createRun(run: NewRun): Promise<boolean> {
    return this.#store.createRun(run);
  }

  startRun(runId: string, startedAt: Date): Promise<void> {
    return this.#keep(() => this.#store.startRun(runId, startedAt));
  }

  startStep(stepId: number): Promise<void> {
    return this.#keep(() => this.#store.startStep(stepId));
  }

  append(batch: EventBatch): Promise<void> {
    return this.#keep(() => this.#store.append(batch));
  }

  /** Keeps nothing any more: the server stops, and the next start gives the runs their verdicts. */
  abandon(): void {
    this.#abandoned.abort();
    for (const giveUp of this.#giveUp) {
      giveUp(new DatabaseUnavailableError("The server stops while the database takes no changes."));
    }
  }

  async #keep(write: () => Promise<void>): Promise<void> {
    const { signal } = this.#abandoned;
    for (;;) {
      try {
        await this.#attempt(write);
        this.#isTold = false;
        return;
      } catch (error) {
        if (!(error instanceof DatabaseUnavailableError) || signal.aborted) throw error;
        if (!this.#isTold) this.#log.warn({ err: error }, "what runs have to save is kept until it can be");
        this.#isTold = true;
        await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #attempt(write: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#giveUp.add(reject);
      const over = () => {
        this.#giveUp.delete(reject);
      };
      void write().then(resolve, reject).finally(over);
    });
  }
}
