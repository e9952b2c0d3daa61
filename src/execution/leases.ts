import type { Logger } from "pino";
import { LEASE_MS, LeaseLostError, type ExecutionStore, type UnfinishedRun } from "./ports.js";

/**
 * Time between two renewals, in milliseconds. Even the third comes before the lease is over, so that no run is lost
 * when one renewal waits for the database's lock and another fails.
 */
export const RENEWAL_INTERVAL_MS = 10_000;

/** Tells the time. */
export interface Clock {
  /** The time of day, as other servers have it too, in milliseconds since 1970; it may be set. */
  wallMs(): number;
  /** Milliseconds since some moment. Nobody sets it, but it may stand still while the machine sleeps. */
  steadyMs(): number;
}

export const SYSTEM_CLOCK: Clock = { wallMs: () => Date.now(), steadyMs: () => performance.now() };

export interface LeasesOptions {
  store: ExecutionStore;
  /** Called for each run that this server has lost; it can write nothing more about the run. */
  onLost: (error: LeaseLostError) => void;
  /** Gives runs of servers that are gone their verdicts. */
  endAbandoned: (runs: UnfinishedRun[]) => Promise<void>;
  /** @defaultValue the system's */
  clock?: Clock | undefined;
  log: Logger;
}

/** A moment on both clocks. */
interface Moment {
  wallMs: number;
  steadyMs: number;
}

/**
 * The leases of the runs that this server carries out: it renews them all with one statement, notices which are lost,
 * and takes over runs that other servers have left behind. The database decides if something may be written, in the
 * statement that writes; a server that may have lost its leases stops before it is told to.
 */
export class Leases {
  readonly #options: LeasesOptions;
  readonly #clock: Clock;
  /** The moment of each lease's last renewal. */
  readonly #renewedAt = new Map<string, Moment>();
  #timer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> | undefined;

  constructor(options: LeasesOptions) {
    this.#options = options;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
  }

  /** Renews the leases from now on. */
  start(): void {
    this.#timer ??= setInterval(() => void this.tick(), RENEWAL_INTERVAL_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#ticking;
  }

  /** @param since when the run was saved, with its first lease */
  add(runId: string, since: Date): void {
    const { wallMs, steadyMs } = this.#now();
    const agoMs = Math.max(0, wallMs - since.getTime());
    this.#renewedAt.set(runId, { wallMs: since.getTime(), steadyMs: steadyMs - agoMs });
  }

  remove(runId: string): void {
    this.#renewedAt.delete(runId);
  }

  /**
   * The reason that this server may write nothing more about a run: it stood still until the lease was over. The clock
   * that has gone further decides, for either may have stood still or been set. There is never a reason where the
   * database's lock keeps others out: a server that stands still has it all the same.
   */
  lossOf(runId: string): LeaseLostError | undefined {
    if (this.#options.store.isSole) return undefined;
    const renewedAt = this.#renewedAt.get(runId);
    if (renewedAt === undefined) return undefined;
    const now = this.#now();
    const elapsedMs = Math.max(now.wallMs - renewedAt.wallMs, now.steadyMs - renewedAt.steadyMs);
    if (elapsedMs < LEASE_MS) return undefined;
    return new LeaseLostError(
      runId,
      `This server renewed its lease of the run ${Math.round(elapsedMs / 1000)} s ago, and a lease holds ` +
        `${LEASE_MS / 1000} s: it stood still, or the database took nothing. Another server may have ended the run.`,
    );
  }

  /** Renews once. Never rejects; a renewal that fails is tried again with the next tick. */
  async tick(): Promise<void> {
    await (this.#ticking ??= this.#tick().finally(() => {
      this.#ticking = undefined;
    }));
  }

  async #tick(): Promise<void> {
    const { store, endAbandoned, log } = this.#options;
    for (const runId of [...this.#renewedAt.keys()]) this.#lose(this.lossOf(runId));
    const held = [...this.#renewedAt.keys()];
    const now = this.#now();
    const at = new Date(now.wallMs);
    try {
      const lost = await store.renewLeases(at);
      for (const runId of held) if (this.#renewedAt.has(runId)) this.#renewedAt.set(runId, now);
      for (const runId of lost) this.#lose(new LeaseLostError(runId));
      const abandoned = await store.takeAbandonedRuns("later", at);
      if (abandoned.length > 0) await endAbandoned(abandoned);
    } catch (error) {
      log.warn({ err: error }, "the leases of runs could not be renewed, trying again");
    }
  }

  #lose(error: LeaseLostError | undefined): void {
    if (error === undefined || !this.#renewedAt.delete(error.runId)) return;
    this.#options.onLost(error);
  }

  #now(): Moment {
    return { wallMs: this.#clock.wallMs(), steadyMs: this.#clock.steadyMs() };
  }
}
