import type { Logger } from "pino";
import { atMost } from "../async/at-most.js";
import type { Count, Counter, SharedSums } from "./ports.js";

const WINDOW_MS = 60_000;

/** Time between two exchanges with the other servers, in milliseconds. */
const EXCHANGE_MS = 1_000;

/** Keys of one exchange: a flood of made-up ones must not keep the database busy. The others go with the next. */
const KEYS_PER_EXCHANGE = 500;

/** Keys that are counted at all; those beyond let go of the ones that came first. */
const MOST_KEYS = 100_000;

interface Entry {
  /** The sum over all servers as it was when it was last exchanged. */
  shared: number;
  /** The counts of this server since then. */
  own: number;
  /** The sum as it was last told here. */
  told: number;
  /** When it is counted anew, in milliseconds since 1970. */
  endsAt: number;
}

export interface MinuteCountsOptions {
  /** `undefined` where there is no other server. */
  shared?: SharedSums | undefined;
  log: Logger;
}

/**
 * Counts by keys, for a minute each, and adds up the counts of all servers. Nothing waits for that: the counts of the
 * others are known up to a second late, and a database that cannot be reached leaves a server with its own.
 */
export class MinuteCounts {
  readonly #options: MinuteCountsOptions;
  /** In the order of their first times, which is nearly that of their ends. */
  readonly #entries = new Map<string, Entry>();
  /** Keys whose counts the others do not know yet. */
  readonly #unshared = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #exchange: Promise<void> | undefined;
  /** True while the counts of the others cannot be read. */
  #isAlone = false;
  #isClosed = false;

  constructor(options: MinuteCountsOptions) {
    this.#options = options;
  }

  /** @param name the kind of what is counted; each has keys of its own, and all servers give the same names */
  counter(name: string): Counter {
    return { count: (key) => this.#count(`${name}:${key}`) };
  }

  /** Exchanges no more counts, and waits for the last exchange, a second at most. May be called more than once. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    if (this.#exchange) await atMost(EXCHANGE_MS, this.#exchange);
  }

  #count(key: string): Count {
    const now = Date.now();
    const entry = this.#entryOf(key, now);
    const before = entry.told;
    entry.own += 1;
    entry.told = entry.shared + entry.own;
    if (this.#options.shared && !this.#isClosed) {
      this.#unshared.add(key);
      this.#exchangeSoon();
    }
    return { before, sum: entry.told, msLeft: entry.endsAt - now };
  }

  #entryOf(key: string, now: number): Entry {
    const known = this.#entries.get(key);
    if (known && known.endsAt > now) return known;
    this.#forget(key);
    this.#makeRoom(now);
    const entry = { shared: 0, own: 0, told: 0, endsAt: now + WINDOW_MS };
    this.#entries.set(key, entry);
    return entry;
  }

  #makeRoom(now: number): void {
    for (const [key, { endsAt }] of this.#entries) {
      if (endsAt > now && this.#entries.size < MOST_KEYS) return;
      this.#forget(key);
    }
  }

  #forget(key: string): void {
    this.#entries.delete(key);
    this.#unshared.delete(key);
  }

  #exchangeSoon(): void {
    if (this.#timer !== undefined || this.#exchange !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#exchange = this.#share().finally(() => {
        this.#exchange = undefined;
        if (this.#unshared.size > 0 && !this.#isClosed) this.#exchangeSoon();
      });
    }, EXCHANGE_MS);
    this.#timer.unref();
  }

  /** Never rejects. */
  async #share(): Promise<void> {
    const { shared, log } = this.#options;
    const counts = this.#takeUnshared();
    if (shared === undefined || counts.size === 0) return;
    try {
      const sums = await shared.add(new Map([...counts].map(([key, { own }]) => [key, own])), WINDOW_MS);
      this.#isAlone = false;
      const now = Date.now();
      for (const [key, { entry, own }] of counts) {
        const known = sums.get(key);
        if (known === undefined) continue;
        entry.shared = known.sum;
        entry.own -= own;
        entry.endsAt = now + known.msLeft;
      }
    } catch (error) {
      // The counts go with a later exchange, also those whose answer was lost: better twice than not at all.
      for (const key of counts.keys()) if (this.#entries.has(key)) this.#unshared.add(key);
      if (!this.#isAlone)
        log.warn({ err: error }, "the counts of other servers cannot be read; own ones count");
      this.#isAlone = true;
    }
  }

  /** The counts for the next exchange, with what there is of each now. */
  #takeUnshared(): Map<string, { entry: Entry; own: number }> {
    const now = Date.now();
    const counts = new Map<string, { entry: Entry; own: number }>();
    for (const key of this.#unshared) {
      if (counts.size === KEYS_PER_EXCHANGE) break;
      this.#unshared.delete(key);
      const entry = this.#entries.get(key);
      if (entry && entry.endsAt > now) counts.set(key, { entry, own: entry.own });
    }
    return counts;
  }
}
