/** Everything that was started and has to be stopped, the last first. (Node 20 has no `AsyncDisposableStack`.) */
export class Teardown {
  readonly #stops: (() => Promise<void>)[] = [];
  #isOver = false;

  /**
   * Remembers how to stop something that has just been started.
   *
   * @returns the same, to stop it earlier; it is stopped once, however often it is called
   */
  defer(stop: () => Promise<unknown>): () => Promise<void> {
    let stopped: Promise<void> | undefined;
    const once = () => (stopped ??= stop().then(() => undefined));
    this.#stops.push(once);
    // The bench was interrupted while this was starting.
    if (this.#isOver) void this.run();
    return once;
  }

  /** Stops everything that still runs; what cannot be stopped is told and does not keep the rest running. */
  async run(): Promise<void> {
    this.#isOver = true;
    for (let stop = this.#stops.pop(); stop !== undefined; stop = this.#stops.pop()) {
      try {
        await stop();
      } catch (error) {
        console.error("Could not be stopped:", error);
      }
    }
  }
}
