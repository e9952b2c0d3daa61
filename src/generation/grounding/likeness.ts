import leven from "leven";

/** The likeness of what a person calls something to a text of the page: 1 for the same text, 0 for another. */

const EXACT = 1;
/** The same but for case, spaces and signs. */
const LOOSE = 0.9;
/** The same in other words that all applications use for it. */
const SYNONYMOUS = 0.84;
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
  readonly #meaning: string;
  readonly #words: readonly string[];
  readonly #isQuoted: boolean;

  constructor(text: string, { isQuoted = false } = {}) {
    this.text = text.replace(/\s+/g, " ").trim();
    this.#squeezed = squeezed(this.text);
    this.#meaning = meaningOf(this.text);
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
    const isSynonym = !this.#isQuoted && text.length <= MAX_SYNONYM && meaningOf(text) === this.#meaning;
    return Math.max(isSynonym ? SYNONYMOUS : 0, this.#byWords(text));
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

/** Words of programmers that tell nothing. */
const CODE_NOISE =
  /^(?:btn|button|icon|icons|ico|fa|fas|far|fal|bi|mdi|svg|link|img|input|field|txt|text|lucide|material|glyphicon|js|test|id|cls|container|wrapper|primary|secondary)$/;

/** The telling part of a name in code. */
export function plainCode(text: string): string {
  return wordsOf(text)
    .filter((word) => !CODE_NOISE.test(word))
    .join(" ");
}

/** Longest text whose words are compared, in characters. */
const MAX_LENGTH = 300;

/** Words that names have or leave out. */
const SMALL = new Set(["the", "a", "an", "of", "to", "your", "my", "this", "for", "in", "on", "and", "your"]);

/** Longest text that is compared by what it means, in characters. */
const MAX_SYNONYM = 40;

/** Words of which applications use one or the other, and people any. */
const SYNONYMS: [RegExp, string][] = [
  [/\b(?:log|sign) ?(?:in|on)\b(?! with)/g, "login"],
  [/\b(?:log|sign) ?(?:out|off)\b/g, "logout"],
  [/\b(?:sign ?up|register|join|create (?:an |your |a new )?account)\b/g, "signup"],
  [/\b(?:remove|delete|trash)\b/g, "delete"],
  [/\b(?:shopping )?(?:cart|basket|bag|trolley)\b/g, "cart"],
  [/\b(?:close|dismiss)\b|^[×✕✖✗]$/g, "close"],
  [/\b(?:preferences|settings|options)\b/g, "settings"],
  [/\b(?:user ?name|user ?id|login ?name)\b/g, "username"],
];

function meaningOf(text: string): string {
  const plain = text.toLowerCase().replace(/[-_]/g, " ");
  return squeezed(SYNONYMS.reduce((rest, [words, meaning]) => rest.replace(words, meaning), plain));
}

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
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .replace(/\be-(?=mail)/gi, "e");
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
  if (Math.abs(word.length - other.length) > most) return false;
  return leven(word, other) <= most || isTransposed(word, other);
}

/** Two letters that changed places: "exprot". */
function isTransposed(word: string, other: string): boolean {
  const sorted = (text: string) => Array.from(text).sort().join("");
  return word.length === other.length && leven(word, other) === 2 && sorted(word) === sorted(other);
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
