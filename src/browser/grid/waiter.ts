import { keyOf, type AskedBrowser } from "./capacity.js";

/** A run that waits for a browser of a Selenium server. */
export class Waiter<Seat> {
  readonly asked: AskedBrowser;
  readonly key: string;
  readonly seat: Promise<Seat>;
  resolve: (seat: Seat) => void = () => undefined;
  reject: (error: Error) => void = () => undefined;
  readonly #onQueued: ((position: number) => void) | undefined;
  #told = Infinity;

  /** @param onQueued called with its place in the server's queue, whenever that gets better */
  constructor(asked: AskedBrowser, onQueued: ((position: number) => void) | undefined) {
    this.asked = asked;
    this.key = keyOf(asked);
    this.#onQueued = onQueued;
    this.seat = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.seat.catch(() => undefined);
  }

  /**
   * @param queued requests in the server's queue, this one's among them; it is served in the order in which they came,
   * so that a place never gets worse
   */
  tell(queued: number): void {
    if (queued === 0 || queued >= this.#told) return;
    this.#told = queued;
    this.#onQueued?.(queued);
  }
}
