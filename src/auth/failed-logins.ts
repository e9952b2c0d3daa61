import { RateLimiterMemory } from "rate-limiter-flexible";
import { networkOf } from "../hosts/addresses.js";
import type { Credentials } from "./ports.js";
import { hashOf } from "./secrets.js";
import { TOKEN_PREFIX } from "./tokens.js";

const WINDOW_SECONDS = 60;

/** Failed logins in all that are written down a minute: a flood from many addresses must not fill the database. */
const RECORDED_PER_WINDOW = 100;

/** The length of an API token's beginning that tells it apart from others and still keeps it a secret, in characters. */
const TELLING_LENGTH = TOKEN_PREFIX.length + 8;

/** A login that has failed, among those before it. */
export interface FailedLogin {
  /** True when it is worth writing down: the first from its address within a minute, or the last before there are too many. */
  isTold: boolean;
  /** When there may be more, in milliseconds; `undefined` unless there were too many. */
  retryAfterMs: number | undefined;
}

/**
 * Counts logins that fail, by where they come from and by what was shown. They are looked at all the same, however
 * many there were: behind a proxy somebody else's may be good, and nobody guesses 256 random bits.
 */
export class FailedLogins {
  readonly #limit: number;
  readonly #ofAddress = counter();
  readonly #ofToken = counter();
  readonly #recorded = counter();

  /** @param perMinute how often a login may fail within a minute; `undefined` for any number */
  constructor(perMinute: number | undefined) {
    this.#limit = perMinute ?? Infinity;
  }

  async count(credentials: Credentials): Promise<FailedLogin> {
    const byAddress = await this.#ofAddress.penalty(networkOf(credentials.address));
    if (byAddress.consumedPoints > this.#limit) {
      return { isTold: false, retryAfterMs: atLeastOne(byAddress.msBeforeNext) };
    }
    // Only for as long as its address is not limited: else a flood of made-up tokens would fill the memory.
    const byToken = this.#limit === Infinity ? undefined : await this.#ofToken.penalty(shown(credentials));
    const isLimited = byToken !== undefined && byToken.consumedPoints > this.#limit;
    const isTelling =
      byAddress.consumedPoints === 1 ||
      byAddress.consumedPoints === this.#limit ||
      byToken?.consumedPoints === this.#limit;
    return {
      isTold: isTelling && (await this.#recorded.penalty("all")).consumedPoints <= RECORDED_PER_WINDOW,
      retryAfterMs: isLimited ? atLeastOne(byToken.msBeforeNext) : undefined,
    };
  }
}

function counter(): RateLimiterMemory {
  return new RateLimiterMemory({ points: 1, duration: WINDOW_SECONDS });
}

function atLeastOne(ms: number): number {
  return Math.max(1, Math.ceil(ms));
}

/** The part that tells credentials apart from others: JSON Web Tokens all begin alike. */
function shown({ bearer, session = "" }: Credentials): string {
  if (bearer?.startsWith(TOKEN_PREFIX)) return bearer.slice(0, TELLING_LENGTH);
  return hashOf(bearer ?? session).slice(0, TELLING_LENGTH);
}
