import type { Logger } from "pino";
import type { AuditEntry, AuditLog, AuditStore } from "./ports.js";

const PRUNE_INTERVAL_MS = 60 * 60_000;

/** Most entries that may wait for the database; what comes then is only logged. */
const MAX_WAITING = 10_000;

export interface AuditTrailOptions {
  store: AuditStore;
  /** How long entries are kept, in milliseconds; `undefined`: for ever. */
  maxAgeMs: number | undefined;
  now: () => Date;
  log: Logger;
}

/** Who did what, kept in the database. Nobody who does something waits for it. */
export class AuditTrail implements AuditLog {
  readonly #options: AuditTrailOptions;
  #waiting: AuditEntry[] = [];
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: AuditTrailOptions) {
    this.#options = options;
  }

  record({ identity, address, action, target }: Parameters<AuditLog["record"]>[0]): void {
    const { principal, name } = identity;
    const entry = { at: this.#options.now(), principal, name, address, action, target };
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

  /** Resolves when everything that was recorded is stored. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.settled();
  }

  async settled(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  /** Never rejects. What comes while the database is busy goes into the next statement together. */
  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const entries = this.#waiting.splice(0);
      try {
        await this.#options.store.appendAudit(entries);
      } catch (error) {
        this.#options.log.error({ err: error, entries }, "audit entries could not be stored");
      }
    }
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
