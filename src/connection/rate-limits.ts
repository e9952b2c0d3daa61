import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "../protocol/errors.js";
import type { Limiter } from "./ports.js";

/** Time until a burst that was used up is there again, in seconds. */
const BURST_WINDOW_SECONDS = 60;
export const HOUR_SECONDS = 3600;

export interface Rates {
  /**
   * Messages that one connection may send a second, and how many may come at once, about once a minute.
   * @defaultValue no limit
   */
  messagesPerSecond?: number | undefined;
  messageBurst?: number | undefined;
  /**
   * Test cases that one principal may have generated in an hour.
   * @defaultValue no limit
   */
  generationsPerHour?: number | undefined;
}

/** Limits of clients' messages. */
export class RateLimits {
  readonly rates: Rates;
  readonly #messages: Limiter | undefined;
  readonly #generations: Limiter | undefined;

  /** @param generations counts {@link Rates.generationsPerHour}. @defaultValue for this process alone */
  constructor(rates: Rates = {}, generations?: Limiter) {
    this.rates = rates;
    const { messagesPerSecond, messageBurst, generationsPerHour } = rates;
    if (messagesPerSecond !== undefined) this.#messages = bursty(messagesPerSecond, messageBurst);
    if (generationsPerHour !== undefined) {
      this.#generations =
        generations ?? new RateLimiterMemory({ points: generationsPerHour, duration: HOUR_SECONDS });
    }
  }

  /** True where messages are counted at all. */
  get limitsMessages(): boolean {
    return this.#messages !== undefined;
  }

  /** @throws AppError `rate_limited` */
  async admitMessage(connectionId: string): Promise<void> {
    await consume(this.#messages, connectionId, { problem: "Too many messages" });
  }

  /** @param count how many scripts or cases are to be generated. @throws AppError `rate_limited` */
  async admitGeneration(principal: string, count = 1): Promise<void> {
    // A case with more steps than anybody may have generated in an hour takes the whole hour's.
    const points = Math.min(count, this.rates.generationsPerHour ?? count);
    await consume(this.#generations, principal, { points, problem: "Too many generations within an hour" });
  }
}

function bursty(perSecond: number, burst = perSecond): Limiter {
  const steady = new RateLimiterMemory({ points: perSecond, duration: 1 });
  if (burst <= perSecond) return steady;
  const extra = new RateLimiterMemory({
    keyPrefix: "burst",
    points: burst - perSecond,
    duration: BURST_WINDOW_SECONDS,
  });
  return new BurstyRateLimiter(steady, extra);
}

async function consume(
  limiter: Limiter | undefined,
  key: string,
  { points = 1, problem }: { points?: number; problem: string },
): Promise<void> {
  try {
    await limiter?.consume(key, points);
  } catch (error) {
    // The library rejects with what is known about the key when it may not pass, and with an error otherwise.
    if (!(error instanceof RateLimiterRes)) throw error;
    const retryAfterMs = Math.max(1, Math.ceil(error.msBeforeNext));
    const text = `${problem}; try again in ${Math.ceil(retryAfterMs / 1000)} s.`;
    throw new AppError("rate_limited", text, { retryAfterMs });
  }
}
