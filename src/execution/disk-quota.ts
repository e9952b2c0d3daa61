import type { Logger } from "pino";
import type { BrowserSession, DiskUse } from "./ports.js";

/** Time between two looks, in milliseconds: a download may bring a hundred megabytes in it. */
const LOOK_INTERVAL_MS = 250;

const MB = 1_000_000;

export interface DiskQuotaOptions {
  session: Pick<BrowserSession, "diskUse">;
  /** Bytes that a run may put on the disk, `undefined` for any number. */
  limitBytes: number | undefined;
  log: Logger;
}

/** Watches what the browser puts on the disk for one attempt at a run, from the moment it is made until it is closed. */
export class DiskQuota {
  readonly #options: DiskQuotaOptions;
  readonly #exceeded = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  /** The profile's size at the first look, in bytes: other runs may have used the browser. */
  #before: number | undefined;
  #isClosed = false;

  constructor(options: DiskQuotaOptions) {
    this.#options = options;
    // Not at once: a look takes some milliseconds, which the run's first command can use better.
    if (options.limitBytes !== undefined && options.session.diskUse) this.#lookLater();
  }

  /** Aborted, with an error that says what has taken the space, once there is too much. */
  get exceeded(): AbortSignal {
    return this.#exceeded.signal;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const { session, limitBytes = Infinity, log } = this.#options;
    try {
      const use = await session.diskUse?.();
      if (use) this.#judge(use, limitBytes);
    } catch (error) {
      log.debug({ err: error }, "nobody can tell what the run has put on the disk");
    }
    // It may have been closed, or the limit exceeded, since the look began.
    if (this.#isClosed || this.#exceeded.signal.aborted) return;
    this.#lookLater();
  }

  #lookLater(): void {
    this.#timer = setTimeout(() => void this.#look(), LOOK_INTERVAL_MS);
    this.#timer.unref();
  }

  #judge(use: DiskUse, limitBytes: number): void {
    this.#before ??= use.profile;
    const { downloads } = use;
    const profile = Math.max(0, use.profile - this.#before);
    if (downloads + profile <= limitBytes || this.#isClosed) return;
    const message = `The run has put more on the server's disk than it may, ${toMb(limitBytes)} MB (RUN_MAX_DISK): its downloads take ${toMb(downloads)} MB, what else its browser keeps ${toMb(profile)} MB.`;
    this.#options.log.warn({ downloads, profile, limitBytes }, "run ended: it has put too much on the disk");
    this.#exceeded.abort(new Error(message));
  }
}

function toMb(bytes: number): number {
  return Math.round(bytes / MB);
}
