import type { Logger } from "pino";
import type { EventLog } from "./event-log.js";
import type { ExecutionStore } from "./ports.js";
import { closeUnfinishedRuns } from "./recovery.js";

/** Time until a verdict is tried, and between two attempts, in milliseconds. */
const PAUSE_MS = 2_000;

const REASON = "The server could not save what the run did.";

/** Gives runs that broke, because their events could not be saved, their verdicts as soon as those can be. */
export class BrokenRuns {
  readonly #options: { store: ExecutionStore; eventLog: EventLog; log: Logger };
  readonly #ids = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #ending: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: { store: ExecutionStore; eventLog: EventLog; log: Logger }) {
    this.#options = options;
  }

  /** @param runId of a run of which nothing more will be saved by anybody else */
  add(runId: string): void {
    this.#ids.add(runId);
    this.#schedule();
  }

  /** Leaves the rest to the next start of the server. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#ending;
  }

  #schedule(): void {
    if (this.#isStopped || this.#timer !== undefined || this.#ids.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#ending = this.#end().finally(() => {
        this.#timer = undefined;
        this.#schedule();
      });
    }, PAUSE_MS);
    this.#timer.unref();
  }

  /** Never rejects: what cannot be saved yet is tried again. */
  async #end(): Promise<void> {
    const { store, log } = this.#options;
    const ids = new Set(this.#ids);
    try {
      const unfinished = await store.findUnfinishedRuns();
      // One that is not among them has its verdict, or was deleted.
      const left = unfinished.filter(({ id }) => ids.has(id));
      await closeUnfinishedRuns(left, { ...this.#options, reason: REASON });
      for (const id of ids) this.#ids.delete(id);
    } catch (error) {
      log.warn({ err: error }, "runs that broke could not be ended yet");
    }
  }
}
