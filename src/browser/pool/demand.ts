/** Time for which the number of sessions held at once is remembered, in milliseconds. */
export const DEMAND_WINDOW_MS = 60_000;

/** Counts the sessions that are held, and remembers for a minute how many there were. */
export class Demand {
  readonly #now: () => number;
  /** Counts that have ended, each lower and later than the one before. */
  #past: { held: number; endedAt: number }[] = [];
  #held = 0;

  /** @param now the time in milliseconds, from any beginning */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get held(): number {
    return this.#held;
  }

  change(by: 1 | -1): void {
    const ended = { held: this.#held, endedAt: this.#now() };
    this.#past = [...this.#past.filter(({ held }) => held > ended.held), ended];
    this.#held += by;
  }

  /** Most sessions held at the same time within the last minute. */
  get peak(): number {
    const since = this.#now() - DEMAND_WINDOW_MS;
    this.#past = this.#past.filter(({ endedAt }) => endedAt >= since);
    return Math.max(this.#held, this.#past[0]?.held ?? 0);
  }
}
