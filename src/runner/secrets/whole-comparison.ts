import type { Match } from "../../protocol/commands.js";
import { comparerOf, type TextExpectation } from "../matching.js";
import { holdsNeedle, needlesOf, placesOf, type Needle } from "../page/fold.js";
import type { Variables } from "../ports.js";
import { normalizeText } from "../white-space.js";

/** Fewest characters of a secret whose parts may not be asked for; the parts of a shorter one are everywhere. */
const SHORTEST = 4;

/** Says, in a message about a text, why a part of it did not count. */
export const WHOLE_ONLY = "a secret in it is compared as a whole only";

const COMPARES_WHOLE: ReadonlySet<Match> = new Set<Match>(["equals", "raw"]);

/** Compares a text that a run has read in such a way that no verdict tells a part of a secret. */
export interface WholeComparison {
  /** @throws Error when a text is too long for its pattern */
  isAsExpected(text: string): boolean;
  /** Tells whether a text shows one of the secrets whole. */
  holdsSecret(text: string): boolean;
  /** The addition to a message about the text, in parentheses; empty where a whole text is compared anyway. */
  note(text: string): string;
}

/**
 * As {@link comparerOf}, but a secret in the text is one sign that nothing but the same secret is equal to: `contains`,
 * `glob` and `regex` cannot look into it.
 *
 * @throws Error when a regular expression cannot be understood
 */
export function wholeComparison(
  expectation: TextExpectation,
  { used: secrets }: Pick<Variables, "used">,
): WholeComparison {
  const plain = comparerOf(expectation);
  const needles = secrets.filter((secret) => secret.length >= SHORTEST).flatMap(needlesOf);
  // The same text is asked about again for the message. To fold a megabyte takes as long as everything else with it.
  let last = { text: "", holds: false };
  const holdsSecret = (text: string) => {
    if (text !== last.text) last = { text, holds: holdsNeedle(text, needles) };
    return last.holds;
  };
  return {
    isAsExpected: (text) => (holdsSecret(text) ? compareSigns(text, expectation, needles) : plain(text)),
    holdsSecret,
    note: (text) => (!COMPARES_WHOLE.has(expectation.match) && holdsSecret(text) ? ` (${WHOLE_ONLY})` : ""),
  };
}

/**
 * Refuses to compare, or keep, what is left of a secret where a text comes from one and does not show it whole.
 *
 * @param from names of the secrets that the text comes from
 * @param what the text is of, such as `the field`
 * @throws Error that says so
 */
export function refuseParts(
  text: string,
  { from, what, variables }: { from: readonly string[]; what: string; variables: Pick<Variables, "used"> },
): void {
  const [name] = from;
  // An empty text holds no part of the secret.
  if (name === undefined || text === "" || showsSecret(text, variables)) return;
  throw new Error(
    `${what} comes from the secret '${name}' and no longer holds it as a whole, and nothing else of it may be compared`,
  );
}

function showsSecret(text: string, { used }: Pick<Variables, "used">): boolean {
  return used.some((secret) => text.includes(secret)) || holdsNeedle(text, used.flatMap(needlesOf));
}

function compareSigns(text: string, expectation: TextExpectation, needles: readonly Needle[]): boolean {
  const signs = new Signs(text + expectation.expected, expectation.match === "raw");
  const seen = signs.into(text, needles);
  return comparerOf({ ...expectation, expected: signs.into(expectation.expected, needles) })(seen);
}

/** First and last of the characters that Unicode gives no meaning. */
const PRIVATE = [0xf0000, 0xffffd] as const;

/** One character for each way of writing a secret; none that is in the texts already. */
class Signs {
  readonly #taken: ReadonlySet<string>;
  readonly #signs = new Map<string, string>();
  #next: number = PRIVATE[0];
  readonly #isRaw: boolean;

  /** @param isRaw true where each character of a text counts */
  constructor(texts: string, isRaw: boolean) {
    this.#isRaw = isRaw;
    this.#taken = new Set(texts.match(/[\u{f0000}-\u{ffffd}]/gu));
  }

  into(text: string, needles: readonly Needle[]): string {
    let result = "";
    let last = 0;
    for (const [start, end] of placesOf(text, needles)) {
      result +=
        text.slice(last, start) +
        this.#signOf(this.#isRaw ? text.slice(start, end) : normalizeText(text.slice(start, end)));
      last = end;
    }
    return result + text.slice(last);
  }

  #signOf(written: string): string {
    const known = this.#signs.get(written);
    if (known !== undefined) return known;
    while (this.#taken.has(String.fromCodePoint(this.#next)) && this.#next < PRIVATE[1]) this.#next++;
    const sign = String.fromCodePoint(this.#next++);
    this.#signs.set(written, sign);
    return sign;
  }
}
