import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { atMost } from "../../async/at-most.js";
import { DatabaseUnavailableError } from "../../protocol/errors.js";

/** Longest wait of a write for another process that holds the lock, in milliseconds. */
const LONGEST_WAIT_MS = 15_000;

/** Most writes that may wait; further ones are refused at once. */
const MOST_WAITING = 1_000;

/** Shortest and longest pause between two looks at a lock, in milliseconds; SQLite itself pauses about as long. */
const SHORTEST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 25;

/** Time after which a lock that is still held is told of, in milliseconds. */
const REMARKABLE_MS = 1_000;

/** The primary result codes of SQLite that mean the disk, not the statement: https://sqlite.org/rescode.html */
const DISK_FAILURES: Readonly<Record<number, string>> = {
  8: "it may not be written",
  10: "the disk does not read or write it",
  11: "it is damaged",
  13: "the disk is full",
  14: "it cannot be opened",
  26: "it is no database any more",
};
const BUSY = 5;
const PRIMARY_CODE = 0xff;

export interface WriteGateOptions {
  file: string;
  /** Tells if no other process holds the write lock. */
  isFree: () => Promise<boolean>;
  /** Writes something that changes nothing. */
  writeNothing: () => Promise<void>;
  log: Logger;
}

/**
 * Lets writes through. One that meets another process's lock waits for it, without holding up the event loop or reads.
 * The gate knows why nothing gets through, and tells.
 */
export class WriteGate {
  readonly #options: WriteGateOptions;
  /** The reason why nothing may be written at all, such as a file that is gone. */
  #closed: string | undefined;
  /** The reason why the last write failed. */
  #failure: string | undefined;
  /** Time at which another process was first seen to hold the lock that writes still wait for. */
  #heldSince: number | undefined;
  #waiting = 0;
  /** Resolves when the lock was free for a moment, or everybody who waits has to look for themselves. */
  #freed: Promise<void> | undefined;

  constructor(options: WriteGateOptions) {
    this.#options = options;
  }

  /** Refuses all writes for a reason, or lets them through again when there is none. */
  close(reason: string | undefined): void {
    this.#closed = reason;
  }

  /** @throws DatabaseUnavailableError when the write cannot be made now; the write's own error when it is at fault */
  async pass<T>(write: () => Promise<T>): Promise<T> {
    const until = performance.now() + LONGEST_WAIT_MS;
    if (this.#freed !== undefined) await this.#untilFreed(until);
    for (;;) {
      this.#requireOpen();
      const result = await this.#unlessBusy(write);
      if (result !== undefined) return result.value;
      await this.#untilFreed(until);
    }
  }

  /** As {@link pass}, for the statements of a transaction, which has the lock already. */
  async passInside<T>(write: () => Promise<T>): Promise<T> {
    const result = await this.#unlessBusy(write);
    if (result === undefined) throw this.#held();
    return result.value;
  }

  async #attempt<T>(write: () => Promise<T>): Promise<T> {
    try {
      const result = await write();
      this.#succeeded();
      return result;
    } catch (error) {
      const reason = DISK_FAILURES[primaryCodeOf(error) ?? 0];
      if (reason !== undefined) throw this.#failed(reason, error);
      throw error;
    }
  }

  /** Finds out whether something could be written now. @throws DatabaseUnavailableError with the reason */
  async check(): Promise<void> {
    this.#requireOpen();
    const until = performance.now() + REMARKABLE_MS;
    // A write that was let through since would have cleared the failure.
    if (this.#failure !== undefined) await this.#attempt(this.#options.writeNothing);
    while (!(await this.#isFree())) {
      if (this.#isHeldRemarkablyLong() || performance.now() > until) throw this.#held();
      await delay(LONGEST_PAUSE_MS);
    }
  }

  #requireOpen(): void {
    if (this.#closed !== undefined) throw new DatabaseUnavailableError(this.#closed);
  }

  /** @returns nothing when another process has the lock */
  async #unlessBusy<T>(write: () => Promise<T>): Promise<{ value: T } | undefined> {
    try {
      return { value: await this.#attempt(write) };
    } catch (error) {
      if (primaryCodeOf(error) !== BUSY) throw error;
      this.#heldSince ??= performance.now();
      return undefined;
    }
  }

  /** @throws DatabaseUnavailableError when it takes too long, or too many wait */
  async #untilFreed(until: number): Promise<void> {
    if (this.#waiting >= MOST_WAITING || performance.now() > until) throw this.#held();
    this.#waiting++;
    this.#freed ??= this.#watchLock().finally(() => {
      this.#freed = undefined;
    });
    try {
      if ((await atMost(until - performance.now(), this.#freed, "late")) === "late") throw this.#held();
    } finally {
      this.#waiting--;
    }
  }

  /** Looks at the lock until it is free. */
  async #watchLock(): Promise<void> {
    const { log, file } = this.#options;
    let pauseMs = SHORTEST_PAUSE_MS;
    let isTold = false;
    do {
      await delay(pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      if (!isTold && this.#isHeldRemarkablyLong()) {
        isTold = true;
        log.warn({ file }, "another process holds the database's write lock; writes wait for it");
      }
      // Somebody has to wait, or a lock that is never given back would be looked at for ever.
    } while (this.#waiting > 0 && this.#closed === undefined && !(await this.#isFree()));
    if (isTold) log.info({ file, waiting: this.#waiting }, "the database's write lock is free again");
  }

  /** Never rejects: the write itself finds out any other fault. */
  async #isFree(): Promise<boolean> {
    const isFree = await this.#options.isFree().catch(() => true);
    if (isFree) this.#heldSince = undefined;
    else this.#heldSince ??= performance.now();
    return isFree;
  }

  #isHeldRemarkablyLong(): boolean {
    return this.#heldSince !== undefined && performance.now() - this.#heldSince > REMARKABLE_MS;
  }

  #succeeded(): void {
    this.#heldSince = undefined;
    if (this.#failure === undefined) return;
    this.#failure = undefined;
    this.#options.log.info({ file: this.#options.file }, "the database can be written again");
  }

  #failed(reason: string, cause: unknown): DatabaseUnavailableError {
    const { file, log } = this.#options;
    const message = `The database ${file} takes no changes: ${reason}.`;
    if (this.#failure !== reason) log.error({ err: cause, file }, "the database could not be written");
    this.#failure = reason;
    return new DatabaseUnavailableError(message, { cause });
  }

  #held(): DatabaseUnavailableError {
    const ms = this.#heldSince === undefined ? 0 : performance.now() - this.#heldSince;
    return new DatabaseUnavailableError(
      `Another process holds the write lock of the database ${this.#options.file}, for ${Math.ceil(ms / 1000)} s ` +
        "by now. End what writes to it, such as an open sqlite3 shell, or wait for it.",
    );
  }
}

/** SQLite's result code, without its details, of an error of Prisma's adapter or of the driver. */
function primaryCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { cause, rawCode } = error as { cause?: { originalCode?: unknown }; rawCode?: unknown };
  const code = Number(cause?.originalCode ?? rawCode);
  return Number.isNaN(code) ? undefined : code & PRIMARY_CODE;
}
