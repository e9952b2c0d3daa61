import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { atMost } from "../async/at-most.js";
import { DatabaseUnavailableError } from "../protocol/errors.js";
import type { AuditEntry, AuditLog, AuditStore, Deed } from "./ports.js";

const PRUNE_INTERVAL_MS = 60 * 60_000;

/** Most entries that may wait for the database; what comes then is only logged. */
const MAX_WAITING = 10_000;

/** Refusals that are noted a minute: of one principal, and in all. Further attempts must not fill the database. */
const REFUSALS_NOTED = { ofOne: 10, inAll: 100 };
const REFUSALS_WINDOW_MS = 60_000;

/** Pause between two attempts while the database takes no changes, in milliseconds. */
const PAUSE_MS = 1_000;

/** Longest time that a server's stop waits for entries to be stored, in milliseconds. */
const STOP_WAIT_MS = 1_000;

export interface AuditTrailOptions {
  store: AuditStore;
  /** Time for which entries are kept, in milliseconds; `undefined`: for ever. */
  maxAgeMs: number | undefined;
  now: () => Date;
  log: Logger;
}

/** The record of who did what, kept in the database. No action waits for it. */
export class AuditTrail implements AuditLog {
  readonly #options: AuditTrailOptions;
  #waiting: AuditEntry[] = [];
  /** The entries that are being stored. */
  #unstored: AuditEntry[] = [];
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** When the minute began in which refusals are being counted, and how many there were of each principal. */
  #refusals = { since: 0, inAll: 0, ofEach: new Map<string, number>() };

  constructor(options: AuditTrailOptions) {
    this.#options = options;
  }

  record({ identity, address, action: deed, target, isRefused = false }: Deed): void {
    const { principal, name } = identity;
    const at = this.#options.now();
    if (isRefused && !this.#isNoted(principal, at.getTime())) return;
    const action = isRefused ? `${deed}_refused` : deed;
    const entry = { at, principal, name, address, action, target };
    if (this.#waiting.length >= MAX_WAITING) {
      this.#options.log.error({ entry }, "an audit entry could not be stored");
      return;
    }
    this.#waiting.push(entry);
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Deletes what is too old, now and every hour. */
  start(): void {
    void this.#prune();
    this.#timer = setInterval(() => void this.#prune(), PRUNE_INTERVAL_MS);
    this.#timer.unref();
  }

  /**
   * Resolves when everything that was recorded is stored, or logged where the database takes no changes.
   *
   * @param waitMs How long to wait for the database; a second unless given.
   */
  async stop(waitMs = STOP_WAIT_MS): Promise<void> {
    clearInterval(this.#timer);
    await atMost(waitMs, this.settled());
    if (this.#unstored.length === 0 && this.#waiting.length === 0) return;
    const entries = [...this.#unstored, ...this.#waiting];
    this.#options.log.error({ entries }, "audit entries could not be stored before the stop");
  }

  async settled(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  /** Counts a refusal. @returns whether it is one of the first within a minute */
  #isNoted(principal: string, now: number): boolean {
    if (now - this.#refusals.since >= REFUSALS_WINDOW_MS) {
      this.#refusals = { since: now, inAll: 0, ofEach: new Map() };
    }
    const refusals = this.#refusals;
    const before = refusals.ofEach.get(principal) ?? 0;
    if (before >= REFUSALS_NOTED.ofOne || refusals.inAll >= REFUSALS_NOTED.inAll) return false;
    refusals.ofEach.set(principal, before + 1);
    refusals.inAll++;
    return true;
  }

  /** Never rejects. What comes while the database is busy goes into the next statement together. */
  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const entries = (this.#unstored = this.#waiting.splice(0));
      try {
        await this.#options.store.appendAudit(entries);
      } catch (error) {
        if (error instanceof DatabaseUnavailableError) await this.#keep(entries);
        else this.#options.log.error({ err: error, entries }, "audit entries could not be stored");
      }
      this.#unstored = [];
    }
  }

  async #keep(entries: AuditEntry[]): Promise<void> {
    this.#unstored = [];
    this.#waiting.unshift(...entries);
    await delay(PAUSE_MS, undefined, { ref: false });
  }

  async #prune(): Promise<void> {
    const { store, maxAgeMs, now, log } = this.#options;
    if (maxAgeMs === undefined) return;
    try {
      const deleted = await store.deleteAudit(new Date(now().getTime() - maxAgeMs));
      if (deleted > 0) log.info({ deleted }, "old audit entries deleted");
    } catch (error) {
      log.error({ err: error }, "old audit entries could not be deleted");
    }
  }
}
