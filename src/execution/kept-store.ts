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
  /** Functions that end the waiting, one for each write under way. A listener each on the signal would be slower. */
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

  findEnvironment(name: string): ReturnType<ExecutionStore["findEnvironment"]> {
    return this.#store.findEnvironment(name);
  }

  findRunByKey(request: RequestKey): ReturnType<ExecutionStore["findRunByKey"]> {
    return this.#store.findRunByKey(request);
  }

  get isSole(): boolean {
    return this.#store.isSole;
  }

  renewLeases(now: Date): Promise<string[]> {
    return this.#attempt(() => this.#store.renewLeases(now));
  }

  takeAbandonedRuns(when: "start" | "later", now: Date): ReturnType<ExecutionStore["takeAbandonedRuns"]> {
    const take = () => this.#store.takeAbandonedRuns(when, now);
    // A server starts however long another process holds the lock; later there is a next time.
    return when === "start" ? this.#keep(take) : this.#attempt(take);
  }

  takeBackRuns(runIds: readonly string[], now: Date): ReturnType<ExecutionStore["takeBackRuns"]> {
    return this.#attempt(() => this.#store.takeBackRuns(runIds, now));
  }

  createRun(run: NewRun): Promise<boolean> {
    return this.#store.createRun(run);
  }

  startRun(runId: string, startedAt: Date): Promise<void> {
    return this.#keep(() => this.#store.startRun(runId, startedAt));
  }

  startStep(stepId: number, runId: string): Promise<void> {
    return this.#keep(() => this.#store.startStep(stepId, runId));
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

  async #keep<T>(write: () => Promise<T>): Promise<T> {
    const { signal } = this.#abandoned;
    for (;;) {
      try {
        const result = await this.#attempt(write);
        this.#isTold = false;
        return result;
      } catch (error) {
        if (!(error instanceof DatabaseUnavailableError) || signal.aborted) throw error;
        if (!this.#isTold) this.#log.warn({ err: error }, "what runs have to save is kept until it can be");
        this.#isTold = true;
        await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Ends the waiting, though not the write, when everything is abandoned. */
  #attempt<T>(write: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#giveUp.add(reject);
      const over = () => {
        this.#giveUp.delete(reject);
      };
      void write().then(resolve, reject).finally(over);
    });
  }
}
