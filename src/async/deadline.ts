/** A limit of time that runs down only while it is not held. */
export class Deadline {
  readonly #expired = new AbortController();
  readonly #message: string;
  #leftMs: number;
  #elapsedMs = 0;
  #since: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * Begins to run down at once.
   *
   * @param options.message the reason with which {@link signal} is aborted
   */
  constructor(options: { limitMs: number; message: string }) {
    this.#leftMs = options.limitMs;
    this.#message = options.message;
    this.goOn();
  }

  /** Aborted when the time is over. */
  get signal(): AbortSignal {
    return this.#expired.signal;
  }

  /** Time that has run down, in whole milliseconds. */
  get elapsedMs(): number {
    const underWay = this.#since === undefined ? 0 : performance.now() - this.#since;
    return Math.round(this.#elapsedMs + underWay);
  }

  /** Stops the clock; it can go on. */
  hold(): void {
    if (this.#since === undefined) return;
    clearTimeout(this.#timer);
    const spent = performance.now() - this.#since;
    this.#elapsedMs += spent;
    this.#leftMs -= spent;
    this.#since = undefined;
  }

  goOn(): void {
    if (this.#since !== undefined) return;
    this.#since = performance.now();
    this.#timer = setTimeout(
      () => {
        this.#expired.abort(new Error(this.#message));
      },
      Math.max(0, this.#leftMs),
    );
  }
}
