/** Work that is under way, which an end waits for, and which none is added to from then on. */
export class UnderWay {
  readonly #refuse: () => Error;
  readonly #work = new Set<Promise<unknown>>();
  #isDraining = false;

  /** @param refuse makes the error of work that comes once the end has begun */
  constructor(refuse: () => Error) {
    this.#refuse = refuse;
  }

  /** Does the work. @throws the work's own error; the refusal once the end has begun, and nothing is done then */
  async carryOut<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isDraining) throw this.#refuse();
    const done = work();
    this.#work.add(done);
    try {
      return await done;
    } finally {
      this.#work.delete(done);
    }
  }

  /** Takes no more work, and resolves when none is under way. Never rejects. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    await Promise.allSettled(this.#work);
  }
}

/** For work that no end has to wait for. */
export const NOT_WAITED_FOR: Pick<UnderWay, "carryOut"> = { carryOut: (work) => work() };
