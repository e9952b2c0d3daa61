import type { AcquireOptions, BrowserPool, BrowserSession } from "../execution/ports.js";

/** Counts the sessions of a pool that are held, and tells how long each was waited for. */
export class WatchedPool implements Pick<BrowserPool, "acquire"> {
  readonly #pool: Pick<BrowserPool, "acquire">;
  readonly #onAcquired: (waitedSeconds: number) => void;
  #held = 0;

  constructor(pool: Pick<BrowserPool, "acquire">, onAcquired: (waitedSeconds: number) => void) {
    this.#pool = pool;
    this.#onAcquired = onAcquired;
  }

  get held(): number {
    return this.#held;
  }

  async acquire(signal: AbortSignal, options?: AcquireOptions): Promise<BrowserSession> {
    const since = performance.now();
    const session = await this.#pool.acquire(signal, options);
    this.#onAcquired((performance.now() - since) / 1000);
    this.#held++;
    let isHeld = true;
    return {
      page: session.page,
      browser: session.browser,
      lost: session.lost,
      diskUse: session.diskUse,
      close: () => {
        if (isHeld) this.#held--;
        isHeld = false;
        return session.close();
      },
    };
  }
}
