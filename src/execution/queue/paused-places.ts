/** A job that waits for a place. */
export interface WaitingJob {
  principal: string;
  /** The time when it began to wait, in milliseconds of `performance.now()`. */
  since: number;
}

/** A job that has a place and is paused in it. */
export interface PausedJob {
  principal: string;
  /** Tells it once a pause, when half of its time is over. @param leftMs the rest, in milliseconds */
  onWarning: (leftMs: number) => void;
  /** Makes it end. @param pausedMs how long it has been paused, in milliseconds */
  onGiveUp: (pausedMs: number) => void;
}

export interface PausedPlacesOptions<W extends WaitingJob> {
  /** Time for which a paused job may keep others waiting, in milliseconds; `undefined`: as long as it likes. */
  holdMs: number | undefined;
  /** Jobs that a place would help: those of principals who may have one more. */
  waiting: () => readonly W[];
  /** Called with the job for whose sake another one gives its place up: its principal's next job is to have it. */
  onClaim: (job: W) => void;
}

/** The claim of a waiting job to the place of a paused one. */
interface Claim<W> {
  paused: PausedJob;
  claimant: W;
  /** The time when the place is to be given up, in milliseconds of `performance.now()`. */
  dueAt: number;
  holdMs: number;
}

/**
 * Lets paused jobs keep their places until a job of another principal has waited too long beside them. Then the one that
 * has been paused longest gives its place up; the next one does so no sooner than after the same time again, for by
 * then the queue may have moved on by itself.
 */
export class PausedPlaces<W extends WaitingJob> {
  readonly #options: PausedPlacesOptions<W>;
  /** Paused jobs with the times of their pauses, in the order of those. */
  readonly #paused = new Map<PausedJob, number>();
  readonly #warned = new Set<PausedJob>();
  #givingUp: PausedJob | undefined;
  #lastGivenUp = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PausedPlacesOptions<W>) {
    this.#options = options;
  }

  get isAnyPaused(): boolean {
    return this.#paused.size > 0;
  }

  pause(job: PausedJob): void {
    this.#paused.set(job, performance.now());
    this.#warned.delete(job);
    this.check();
  }

  /** Forgets the job, which goes on or has ended. */
  release(job: PausedJob): void {
    if (this.#givingUp === job) this.#givingUp = undefined;
    this.#warned.delete(job);
    if (this.#paused.delete(job)) this.check();
  }

  /** Looks again at who is to give up a place. Call it each time that a job begins to wait, or waits no longer. */
  check(): void {
    clearTimeout(this.#timer);
    const next = this.#givingUp === undefined ? this.#next() : undefined;
    if (next === undefined) return;
    const leftMs = next.dueAt - performance.now();
    if (leftMs <= 0) {
      this.#giveUp(next);
      return;
    }
    const untilWarningMs = this.#warned.has(next.paused) ? 0 : leftMs - next.holdMs / 2;
    if (untilWarningMs <= 0) this.#warn(next.paused, leftMs);
    this.#timer = setTimeout(
      () => this.check(),
      Math.ceil(untilWarningMs > 0 ? untilWarningMs : leftMs),
    ).unref();
  }

  #warn(paused: PausedJob, leftMs: number): void {
    if (this.#warned.has(paused)) return;
    this.#warned.add(paused);
    paused.onWarning(leftMs);
  }

  /** The paused job that gives up first, the job that gets its place, and when. */
  #next(): Claim<W> | undefined {
    const { holdMs, waiting } = this.#options;
    if (holdMs === undefined || this.#paused.size === 0) return undefined;
    const inOrder = [...waiting()].sort((one, other) => one.since - other.since);
    let first: Claim<W> | undefined;
    for (const [paused, since] of this.#paused) {
      const claimant = inOrder.find(({ principal }) => principal !== paused.principal);
      if (claimant === undefined) continue;
      const dueAt = Math.max(since, claimant.since, this.#lastGivenUp) + holdMs;
      // If two are due together, the one that was paused first gives up its place.
      if (first === undefined || dueAt < first.dueAt) first = { paused, claimant, dueAt, holdMs };
    }
    return first;
  }

  #giveUp({ paused, claimant }: Claim<W>): void {
    const now = performance.now();
    const pausedMs = now - (this.#paused.get(paused) ?? now);
    this.#givingUp = paused;
    this.#lastGivenUp = now;
    this.#options.onClaim(claimant);
    paused.onGiveUp(pausedMs);
  }
}
