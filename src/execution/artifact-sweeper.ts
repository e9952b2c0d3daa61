import type { Logger } from "pino";
import type { ArtifactStore } from "./ports.js";

const SWEEP_INTERVAL_MS = 60 * 60 * 1_000;

export interface SweeperOptions {
  artifacts: Pick<ArtifactStore, "sweep">;
  /** Time for which artifacts are kept, in milliseconds; `undefined`: for ever. */
  maxAgeMs: number | undefined;
  /** Bytes that all artifacts may take; `undefined`: any number. */
  maxBytes: number | undefined;
  now: () => Date;
  log: Logger;
}

/** Deletes old artifacts, at the start of the server and then every hour. */
export class ArtifactSweeper {
  readonly #options: SweeperOptions;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> = Promise.resolve();

  constructor(options: SweeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#sweep();
    this.#timer = setInterval(() => {
      this.#sweep();
    }, SWEEP_INTERVAL_MS);
    this.#timer.unref();
  }

  /** Resolves when nothing is being deleted any more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort(new Error("Server stopping"));
    await this.#underWay;
  }

  #sweep(): void {
    const { artifacts, maxAgeMs, maxBytes, now, log } = this.#options;
    const before = maxAgeMs === undefined ? undefined : new Date(now().getTime() - maxAgeMs);
    // One after the other: the hourly one may come before a large folder has been looked through.
    this.#underWay = this.#underWay
      .then(() => artifacts.sweep({ before, maxBytes, signal: this.#stopping.signal }))
      .then(({ deleted, ...odd }) => {
        if (deleted > 0) log.info({ deleted }, "old artifacts deleted");
        const isOdd = Object.values(odd).some((count) => count > 0);
        if (isOdd)
          log.warn(
            odd,
            "artifacts and their folder did not match; nothing was lost that is not in its trash",
          );
      })
      .catch((error: unknown) => {
        log.error({ err: error }, "artifacts were not looked through");
      });
  }
}
