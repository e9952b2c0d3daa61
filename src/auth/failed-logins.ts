import { isIPv6 } from "node:net";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { AppError } from "../protocol/errors.js";

const WINDOW_SECONDS = 60;

/** Failed logins in all that are written down a minute: a flood from many addresses must not fill the database. */
const RECORDED_PER_WINDOW = 100;

/** Keeps those who guess from guessing on. */
export class FailedLogins {
  readonly #limit: number;
  readonly #failures: RateLimiterMemory;
  readonly #recorded = new RateLimiterMemory({ points: RECORDED_PER_WINDOW, duration: WINDOW_SECONDS });

  /** @param perMinute how often a login from one address may fail within a minute; `undefined` for any number */
  constructor(perMinute: number | undefined) {
    this.#limit = perMinute ?? Infinity;
    this.#failures = new RateLimiterMemory({ points: 1, duration: WINDOW_SECONDS });
  }

  /** @throws AppError `rate_limited` when logins from this address have failed too often. */
  async admit(address: string): Promise<void> {
    const failures = await this.#failures.get(networkOf(address));
    if (failures === null || failures.consumedPoints < this.#limit) return;
    const retryAfterMs = Math.max(1, Math.ceil(failures.msBeforeNext));
    const text = `Too many failed logins; try again in ${Math.ceil(retryAfterMs / 1000)} s.`;
    throw new AppError("rate_limited", text, { retryAfterMs });
  }

  /**
   * Counts a login that has failed.
   *
   * @returns whether it is worth writing down: the first from its address within a minute, or the last before no
   *   more are admitted
   */
  async count(address: string): Promise<boolean> {
    const { consumedPoints } = await this.#failures.penalty(networkOf(address));
    if (consumedPoints !== 1 && consumedPoints !== this.#limit) return false;
    const { consumedPoints: recorded } = await this.#recorded.penalty("all");
    return recorded <= RECORDED_PER_WINDOW;
  }
}

/** An IPv4 address itself; of an IPv6 address its first 64 bits, for whoever has one usually has all that share them. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.replace(/%.*$/, "").split("::");
  const groups = head === "" ? [] : head.split(":");
  // Groups that `::` leaves out are zero, and those of the tail hardly ever reach into the first half.
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === "" ? 0 : tail.split(":").length);
  const all = [...groups, ...Array<string>(missing).fill("0"), ...(tail ? tail.split(":") : [])];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
