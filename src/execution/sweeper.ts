import type { Logger } from "pino";
import type { ArtifactStore, OldRunStore } from "./ports.js";

const SWEEP_INTERVAL_MS = 60 * 60 * 1_000;

const DAY_MS = 24 * 60 * 60 * 1_000;

/** The limits of what is kept. `undefined`: none. */
export interface SweepLimits {
  /** Time for which artifacts are kept, in days. */
  artifactDays: number | undefined;
  /** Bytes that all artifacts may take. */
  artifactBytes: number | undefined;
  /** Time for which runs are kept after they ended, in days. */
  runDays: number | undefined;
  /** Newest runs of each test case that are kept. */
  runsPerCase: number | undefined;
}

export interface SweeperOptions {
  artifacts: Pick<ArtifactStore, "sweep">;
  runs: OldRunStore;
  limits: SweepLimits;
  now: () => Date;
  log: Logger;
}

/** Deletes old runs and artifacts, at the start of the server and then every hour. */
export class Sweeper {
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
    const { log } = this.#options;
    // One after the other: the hourly one may come before a large folder has been looked through, and files of a run
    // that is being deleted are no riddle for the sweep of artifacts.
    this.#underWay = this.#underWay
      .then(() => this.#deleteOldRuns())
      .catch((error: unknown) => {
        log.error({ err: error }, "old runs could not be deleted");
      })
      .then(() => this.#sweepArtifacts())
      .catch((error: unknown) => {
        log.error({ err: error }, "artifacts were not looked through");
      });
  }

  async #deleteOldRuns(): Promise<void> {
    const { runs, limits, log } = this.#options;
    const { runDays, runsPerCase: perCase } = limits;
    if (runDays === undefined && perCase === undefined) return;
    const before = this.#before(runDays);
    const deleted = await runs.deleteOldRuns({ before, perCase, signal: this.#stopping.signal });
    if (deleted.runs > 0) log.info(deleted, "old runs deleted");
  }

  async #sweepArtifacts(): Promise<void> {
    const { artifacts, limits, log } = this.#options;
    const before = this.#before(limits.artifactDays);
    const retention = { before, maxBytes: limits.artifactBytes, signal: this.#stopping.signal };
    const { deleted, ...odd } = await artifacts.sweep(retention);
    if (deleted > 0) log.info({ deleted }, "old artifacts deleted");
    const isOdd = Object.values(odd).some((count) => count > 0);
    if (isOdd)
      log.warn(odd, "artifacts and their folder did not match; nothing was lost that is not in its trash");
  }

  #before(days: number | undefined): Date | undefined {
    return days === undefined ? undefined : new Date(this.#options.now().getTime() - days * DAY_MS);
  }
}
