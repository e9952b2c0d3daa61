import { networkOf } from "../hosts/addresses.js";
import type { Count, Counter } from "../limits/ports.js";
import type { Credentials } from "./ports.js";
import { hashOf } from "./secrets.js";
import { TOKEN_PREFIX } from "./tokens.js";

/** Failed logins in all that are written down a minute: a flood from many addresses must not fill the database. */
const RECORDED_PER_MINUTE = 100;

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
  readonly #ofAddress: Counter;
  readonly #ofToken: Counter;
  readonly #recorded: Counter;

  /**
   * @param perMinute how often a login may fail within a minute; `undefined` for any number
   * @param counterOf gives the counter of a name
   */
  constructor(perMinute: number | undefined, counterOf: (name: string) => Counter) {
    this.#limit = perMinute ?? Infinity;
    this.#ofAddress = counterOf("failed logins of addresses");
    this.#ofToken = counterOf("failed logins with tokens");
    this.#recorded = counterOf("failed logins written down");
  }

  count(credentials: Credentials): FailedLogin {
    const byAddress = this.#ofAddress.count(networkOf(credentials.address));
    const counts = [byAddress];
    // Only for as long as its address is not limited: else a flood of made-up tokens would fill the memory.
    if (this.#limit !== Infinity && byAddress.sum <= this.#limit)
      counts.push(this.#ofToken.count(shown(credentials)));
    const isTelling = byAddress.before === 0 || counts.some((count) => this.#reachesLimit(count));
    return {
      isTold: isTelling && this.#isRoomToTell(),
      retryAfterMs: counts.find(({ sum }) => sum > this.#limit)?.msLeft,
    };
  }

  /** Failures at other servers may have taken a count past the limit. */
  #reachesLimit({ before, sum }: Count): boolean {
    return before < this.#limit && sum >= this.#limit;
  }

  #isRoomToTell(): boolean {
    return this.#recorded.count("all").sum <= RECORDED_PER_MINUTE;
  }
}

/** The part that tells credentials apart from others: JSON Web Tokens all begin alike. */
function shown({ bearer, session = "" }: Credentials): string {
  if (bearer?.startsWith(TOKEN_PREFIX)) return bearer.slice(0, TELLING_LENGTH);
  return hashOf(bearer ?? session).slice(0, TELLING_LENGTH);
}
