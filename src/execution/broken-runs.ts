import type { Logger } from "pino";
import type { EventLog } from "./event-log.js";
import { LeaseLostError, type ExecutionStore, type UnfinishedRun } from "./ports.js";
import { closeUnfinishedRuns } from "./recovery.js";

/** Time until a verdict is tried, and between two attempts, in milliseconds. */
const PAUSE_MS = 2_000;

const REASON = "The server could not save what the run did.";
const REASON_OF_LOSS = "The server lost the run: it stood still for too long.";

/** Gives runs that broke, because their events could not be saved, their verdicts as soon as those can be. */
export class BrokenRuns {
  readonly #options: { store: ExecutionStore; eventLog: EventLog; log: Logger };
  /** Ids of runs, with the reasons that their verdicts give. */
  readonly #reasons = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #ending: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: { store: ExecutionStore; eventLog: EventLog; log: Logger }) {
    this.#options = options;
  }

  /**
   * @param runId of a run of which this server will save nothing more
   * @param error why
   */
  add(runId: string, error: unknown): void {
    this.#reasons.set(runId, error instanceof LeaseLostError ? REASON_OF_LOSS : REASON);
    this.#schedule();
  }

  /** Leaves the rest to the next start of the server. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#ending;
  }

  #schedule(): void {
    if (this.#isStopped || this.#timer !== undefined || this.#reasons.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#ending = this.#end().finally(() => {
        this.#timer = undefined;
        this.#schedule();
      });
    }, PAUSE_MS);
    this.#timer.unref();
  }

  /** Never rejects: a verdict that cannot be saved yet is tried again. */
  async #end(): Promise<void> {
    const { store, log } = this.#options;
    const reasons = new Map(this.#reasons);
    try {
      // A run that is not among them has its verdict, was deleted, or is another server's to end.
      const left = await store.takeBackRuns([...reasons.keys()], new Date());
      const reasonOf = ({ id }: UnfinishedRun) => reasons.get(id) ?? REASON;
      await closeUnfinishedRuns(left, { ...this.#options, reasonOf });
      for (const id of reasons.keys()) this.#reasons.delete(id);
    } catch (error) {
      log.warn({ err: error }, "runs that broke could not be ended yet");
    }
  }
}
