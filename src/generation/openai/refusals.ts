/** Time for which a server is not asked again for what it has refused, in milliseconds: it may be updated meanwhile. */
const MEMORY_MS = 10 * 60 * 1000;

/** The parts of a request that a server has refused lately. */
export class Refusals<Part extends string> {
  readonly #until = new Map<Part, number>();
  readonly #now: () => number;

  /** @param now the clock, in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  add(part: Part): void {
    this.#until.set(part, this.#now() + MEMORY_MS);
  }

  has(part: Part): boolean {
    const until = this.#until.get(part);
    return until !== undefined && this.#now() < until;
  }
}
