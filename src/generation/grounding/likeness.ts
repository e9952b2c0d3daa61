import leven from "leven";

/** The likeness of what a person calls something to a text of the page: 1 for the same text, 0 for another. */

const EXACT = 1;
/** The same but for case, spaces and signs. */
const LOOSE = 0.9;
/** Every word that was said is in the text; more, the fewer others there are. */
const ALL_WORDS = 0.7;
const BY_OTHER_WORDS = 0.17;
/** Most of the words of a long name are in the text. */
const MOST_WORDS = 0.6;
const LEAST_RECALL = 0.75;
const LONG_NAME = 4;

/** A name as it is compared with many texts. */
export class WantedName {
  readonly text: string;
  readonly #squeezed: string;
  readonly #words: readonly string[];
  readonly #isQuoted: boolean;

  constructor(text: string, { isQuoted = false } = {}) {
    this.text = text.replace(/\s+/g, " ").trim();
    this.#squeezed = squeezed(this.text);
    this.#words = wordsOf(this.text).filter((word) => isQuoted || !SMALL.has(word));
    this.#isQuoted = isQuoted;
  }

  likenessTo(text: string): number {
    if (text === "") return 0;
    if (text === this.text) return EXACT;
    const other = squeezed(text);
    // A name of signs alone, such as "+", is another sign's name only where it is the same one.
    if (this.#squeezed === "" || other === "")
      return undecorated(text) === undecorated(this.text) ? LOOSE : 0;
    if (other === this.#squeezed) return LOOSE;
    return this.#byWords(text);
  }

  #byWords(text: string): number {
    if (this.#words.length === 0 || text.length > MAX_LENGTH) return 0;
    const others = wordsOf(text);
    const left = [...others];
    let found = 0;
    for (const word of this.#words) {
      const at = left.findIndex((other) => isSameWord(word, other));
      if (at === -1) continue;
      found += 1;
      left.splice(at, 1);
    }
    const recall = found / this.#words.length;
    const unsaid = left.filter((word) => !SMALL.has(word)).length;
    const precision = found / (found + unsaid);
    if (recall === 1) return ALL_WORDS + BY_OTHER_WORDS * precision;
    if (this.#isQuoted || this.#words.length < LONG_NAME || recall < LEAST_RECALL) return 0;
    return MOST_WORDS * recall + 0.1 * precision;
  }
}

/** Longest text whose words are compared, in characters. */
const MAX_LENGTH = 300;

/** Words that names have or leave out. */
const SMALL = new Set(["the", "a", "an", "of", "to", "your", "my", "this", "for", "in", "on", "and", "your"]);

function squeezed(text: string): string {
  return wordsOf(text).join("");
}

function undecorated(text: string): string {
  return text.replace(/[\s\ufe0f]+/g, "");
}

/** `firstName`, `first-name` and "First name" have the same words. */
export function wordsOf(text: string): string[] {
  const apart = text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2");
  return apart.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

const LEAST_FOR_ONE_SLIP = 5;
const LEAST_FOR_TWO_SLIPS = 9;

/** The same word, in the plural, or with a slip of the pen; a number is no other number. */
function isSameWord(word: string, other: string): boolean {
  if (word === other) return true;
  if (singular(word) === singular(other)) return true;
  if (/\d/.test(word + other) || !other.startsWith(word.charAt(0))) return false;
  const length = Math.min(word.length, other.length);
  if (length < LEAST_FOR_ONE_SLIP || isOpposite(word, other)) return false;
  const most = length < LEAST_FOR_TWO_SLIPS ? 1 : 2;
  return Math.abs(word.length - other.length) <= most && leven(word, other) <= most;
}

function singular(word: string): string {
  return word.length > 3 ? word.replace(/(?:(?<=[sxz]|[cs]h)es|(?<!s)s)$/, "") : word;
}

const PREFIXES = /^(?:un|in|dis|de|re)/;

/** "select" and "deselect", "import" and "export" are no slips of each other. */
function isOpposite(word: string, other: string): boolean {
  return (
    word.replace(PREFIXES, "") === other ||
    other.replace(PREFIXES, "") === word ||
    /^(?:im|ex)port/.test(word)
  );
}
