/**
 * Texts as an eye compares them. A page shows a secret in many guises that a person reads as the same: in capitals, in
 * groups of four, with invisible characters or soft hyphens between its own, in full-width digits.
 */

/** Characters that show nothing, only join or decorate others, or mean whatever an icon font makes of them. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{M}\p{Z}\p{DI}\s\u2800]+/gu;
/** Accents and joints belong to the character before them. */
const JOINED = /[\p{M}\p{Cf}]/u;
const ONLY_ASCII = /^[ -~\t-\r]*$/;

/** The text without case, white space, accents, invisible characters and kinds of width. */
export function fold(text: string): string {
  if (ONLY_ASCII.test(text)) return text.toLowerCase().replace(/\s+/g, "");
  const plain = text.normalize("NFKD").toUpperCase();
  // A sigma is written in another way where the word ends, which a part of the text cannot know.
  return plain.toLowerCase().replaceAll("ς", "σ").replace(UNSEEN, "");
}

/** Signs that people write between groups of a number or a key; nobody reads them as a part of it. */
const SEPARATORS = /[-‐-―−./:,|_·•()]+/gu;

/** The text that {@link fold} leaves, without punctuation and signs except for those that are to be kept. */
export function lettersOf(folded: string, keeps = ""): string {
  const kept = keeps.replace(/[\\\]^-]/g, "\\$&");
  return folded.replace(new RegExp(`[^\\p{L}\\p{N}${kept}]+`, "gu"), "");
}

/** Fewest letters and digits of a secret that is looked for whatever stands between them. */
const SHORTEST = 4;

/** A text that is looked for to find a secret. */
export interface Needle {
  text: string;
  /** Signs that are kept, with letters and digits, in the text that is searched; missing when every sign is. */
  keeps?: string;
}

/** Every guise in which a secret is looked for; none when nothing of it can be seen. */
export function needlesOf(secret: string): Needle[] {
  const folded = fold(secret);
  const exact = folded === "" ? [] : [{ text: folded }];
  if (lettersOf(folded).length < SHORTEST) return exact;
  const text = folded.replace(SEPARATORS, "");
  const keeps = Array.from(new Set(text.replace(/[\p{L}\p{N}]+/gu, ""))).join("");
  // A style can show a text, or a row of fields, from right to left.
  const reversed = Array.from(text).reverse().join("");
  return [...exact, { text, keeps }, { text: reversed, keeps }];
}

/** The form of a text in which a needle is looked for. */
export function foldFor(text: string, { keeps }: Pick<Needle, "keeps">): string {
  return keeps === undefined ? fold(text) : lettersOf(fold(text), keeps);
}

/** True when one of the needles is in a text. */
export function holdsNeedle(text: string, needles: readonly Needle[]): boolean {
  if (text === "" || needles.length === 0) return false;
  const folded = fold(text);
  const forms = new Map<string | undefined, string>([[undefined, folded]]);
  return needles.some(({ keeps, text: wanted }) => {
    const form = forms.get(keeps) ?? lettersOf(folded, keeps);
    forms.set(keeps, form);
    return form.includes(wanted);
  });
}

/** Start and end of a part of a text, the end exclusive. */
export type Span = readonly [start: number, end: number];

/**
 * Finds the needles in a folded text, in order; spans that touch or overlap are one.
 *
 * @param accept whether an occurrence counts
 */
export function spansOf(
  folded: string,
  needles: readonly string[],
  accept: (span: Span) => boolean = () => true,
): Span[] {
  return merged(needles.flatMap((needle) => occurrences(folded, needle, accept)));
}

function merged(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort(([a], [b]) => a - b)) {
    const last = result.at(-1);
    if (last && span[0] <= last[1]) result[result.length - 1] = [last[0], Math.max(last[1], span[1])];
    else result.push(span);
  }
  return result;
}

function occurrences(text: string, needle: string, accept: (span: Span) => boolean): Span[] {
  const found: Span[] = [];
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
    if (!accept([at, at + needle.length])) continue;
    const last = found.at(-1);
    if (last && at <= last[1]) found[found.length - 1] = [last[0], at + needle.length];
    else found.push([at, at + needle.length]);
  }
  return found;
}

/**
 * Finds the parts of a text that became the given parts of its folded form.
 *
 * @param spans in order, without overlaps
 * @param folding the function that made that form of the text
 */
export function unfold(text: string, spans: readonly Span[], folding: (text: string) => string): Span[] {
  const lengths = new Map<string, number>();
  const lengthOf = (character: string) => {
    const known = lengths.get(character);
    if (known !== undefined) return known;
    const { length } = folding(character);
    lengths.set(character, length);
    return length;
  };
  const found: Span[] = [];
  let at = 0;
  let position = 0;
  let first: number | undefined;
  for (const character of text) {
    const length = lengthOf(character);
    const isWhole = first !== undefined && position >= (spans[found.length]?.[1] ?? 0);
    if (first !== undefined && isWhole && !JOINED.test(character)) {
      found.push([first, at]);
      first = undefined;
    }
    const next = spans[found.length];
    if (next === undefined) return found;
    if (first === undefined && length > 0 && position + length > next[0]) first = at;
    position += length;
    at += character.length;
  }
  return first === undefined ? found : [...found, [first, at]];
}

/** Finds the places where a text shows one of the needles, in order. */
export function placesOf(text: string, needles: readonly Needle[]): Span[] {
  const found = Array.from(new Set(needles.map(({ keeps }) => keeps)), (keeps) => {
    const folding = (part: string) => foldFor(part, keeps === undefined ? {} : { keeps });
    const own = needles.filter((needle) => needle.keeps === keeps).map((needle) => needle.text);
    return unfold(text, spansOf(folding(text), own), folding);
  });
  return merged(found.flat());
}
