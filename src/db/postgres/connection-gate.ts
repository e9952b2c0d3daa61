import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { isAborted } from "../../async/abortable.js";
import { atMost } from "../../async/at-most.js";
import { DatabaseUnavailableError } from "../../protocol/errors.js";
import { isConflict, outageOf, type Outage } from "./faults.js";

/** Longest wait of a statement for a database that is not there, in milliseconds. */
const LONGEST_WAIT_MS = 15_000;

/** Most statements that may wait; further ones are refused at once. */
const MOST_WAITING = 1_000;

/** Pause between two looks at a database that is not there, in milliseconds. */
const PAUSE_MS = 100;

/** Most times that a statement which met a conflict is made again. */
const MOST_CONFLICTS = 3;

export interface ConnectionGateOptions {
  /** The database in messages. */
  place: string;
  /** Finds out whether the database can be reached and written. @throws the driver's error */
  probe: () => Promise<void>;
  log: Logger;
}

/**
 * Lets statements through to a database that may go away and come back, as a restarted PostgreSQL does. Statements wait
 * for it meanwhile, bounded in number and time, and are made again where nothing of them can have been carried out.
 */
export class ConnectionGate {
  readonly #options: ConnectionGateOptions;
  /** The outage that is under way, since when in milliseconds of the process. */
  #outage: (Outage & { since: number }) | undefined;
  #waiting = 0;
  /** Resolves when the database could be reached again, or nobody waits for it any more. */
  #back: Promise<void> | undefined;
  readonly #closed = new AbortController();

  constructor(options: ConnectionGateOptions) {
    this.#options = options;
  }

  /** Lets nothing wait any more. */
  close(): void {
    this.#closed.abort();
  }

  /**
   * @param options.mayRepeat whether the statement may be carried out twice, as one that only reads
   * @throws DatabaseUnavailableError when it cannot be made now; the statement's own error when it is at fault
   */
  async pass<T>(statement: () => Promise<T>, { mayRepeat }: { mayRepeat: boolean }): Promise<T> {
    const until = performance.now() + LONGEST_WAIT_MS;
    if (this.#back !== undefined) await this.#untilBack(until);
    for (;;) {
      try {
        const result = await unlessInConflict(statement);
        this.#succeeded();
        return result;
      } catch (error) {
        await this.#untilRepeatable(error, { until, mayRepeat });
      }
    }
  }

  /** As {@link pass}, for the statements of a transaction: it is lost with its connection, and made again by others. */
  async passInside<T>(statement: () => Promise<T>): Promise<T> {
    try {
      return await statement();
    } catch (error) {
      const outage = outageOf(error);
      if (outage === undefined) throw error;
      if (!isConflict(error)) this.#failed(outage, error);
      throw this.#unavailable(outage, error);
    }
  }

  /** Finds out whether the database can be used now. @throws DatabaseUnavailableError with the reason */
  async check(): Promise<void> {
    try {
      await this.#options.probe();
      this.#succeeded();
    } catch (error) {
      const outage = outageOf(error);
      if (outage === undefined) throw error;
      this.#failed(outage, error);
      throw this.#unavailable(outage, error);
    }
  }

  /** Resolves when a statement that has failed may be made again. @throws what it is refused with */
  async #untilRepeatable(
    error: unknown,
    { until, mayRepeat }: { until: number; mayRepeat: boolean },
  ): Promise<void> {
    const outage = outageOf(error);
    if (outage === undefined) throw error;
    if (isConflict(error)) throw this.#unavailable(outage, error);
    this.#failed(outage, error);
    if (!outage.isUndone && !mayRepeat) throw this.#unavailable(outage, error);
    await this.#untilBack(until);
  }

  /** @throws DatabaseUnavailableError when it takes too long, or too many wait */
  async #untilBack(until: number): Promise<void> {
    if (isAborted(this.#closed.signal) || this.#waiting >= MOST_WAITING || performance.now() > until)
      throw this.#away();
    this.#waiting++;
    this.#back ??= this.#watch().finally(() => {
      this.#back = undefined;
    });
    try {
      if ((await atMost(until - performance.now(), this.#back, "late")) === "late") throw this.#away();
      if (isAborted(this.#closed.signal)) throw this.#away();
    } finally {
      this.#waiting--;
    }
  }

  /** Looks for the database until it is there. Never rejects. */
  async #watch(): Promise<void> {
    for (;;) {
      const isThere = await this.check().then(
        () => true,
        (error: unknown) => !(error instanceof DatabaseUnavailableError),
      );
      // Any other fault is for the statement itself to find. Somebody has to wait, or it would be looked for for ever.
      if (isThere || this.#waiting === 0 || isAborted(this.#closed.signal)) return;
      await delay(PAUSE_MS);
    }
  }

  #succeeded(): void {
    if (this.#outage === undefined) return;
    const { place, log } = this.#options;
    const ms = Math.round(performance.now() - this.#outage.since);
    this.#outage = undefined;
    log.info({ place, ms }, "the database can be used again");
  }

  #failed(outage: Outage, cause: unknown): void {
    const { place, log } = this.#options;
    if (this.#outage === undefined) {
      log.error(
        { err: cause, place, reason: outage.reason },
        "the database cannot be used; what has to be saved waits",
      );
    }
    this.#outage = { ...outage, since: this.#outage?.since ?? performance.now() };
  }

  #away(): DatabaseUnavailableError {
    const { reason = "it is not there", since = performance.now() } = this.#outage ?? {};
    const seconds = Math.ceil((performance.now() - since) / 1000);
    return new DatabaseUnavailableError(
      `The database ${this.#options.place} cannot be used: ${reason}, for ${seconds} s by now.`,
    );
  }

  #unavailable({ reason, isUndone }: Outage, cause: unknown): DatabaseUnavailableError {
    const doubt = isUndone
      ? ""
      : " Whether the last change was saved is not known; look before it is made again.";
    return new DatabaseUnavailableError(
      `The database ${this.#options.place} cannot be used: ${reason}.${doubt}`,
      { cause },
    );
  }
}

/** Makes a statement that met a conflict again: it was undone as a whole. */
async function unlessInConflict<T>(statement: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await statement();
    } catch (error) {
      if (!isConflict(error) || attempts > MOST_CONFLICTS) throw error;
    }
  }
}
