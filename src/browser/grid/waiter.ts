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

  /** @param place in the server's queue, which serves requests in the order in which they came; 0 or less: it is in none */
  tell(place: number): void {
    if (place <= 0 || place >= this.#told) return;
    this.#told = place;
    this.#onQueued?.(place);
  }
}
