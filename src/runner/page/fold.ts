/**
 * Texts as an eye compares them. A page shows a secret in many guises that a person reads as the same: in capitals, in
 * groups of four, with invisible characters or soft hyphens between its own, in full-width digits.
 */

/** Characters that show nothing, only join or decorate others, or mean whatever an icon font makes of them. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{M}\p{Z}\p{DI}\s\u2800]+/gu;
const ONLY_ASCII = /^[ -~\t-\r]*$/;

/** The text without case, white space, accents, invisible characters and kinds of width. */
export function fold(text: string): string {
  const plain = ONLY_ASCII.test(text) ? text : text.normalize("NFKD").toUpperCase();
  // A sigma is written in another way where the word ends, which a part of the text cannot know.
  return plain.toLowerCase().replaceAll("ς", "σ").replace(UNSEEN, "");
}

/** What people write between groups of a number or a key; nobody reads it as a part of them. */
const SEPARATORS = /[-‐-―−./:,|_·•()]+/gu;

/** What {@link fold} leaves, without punctuation and signs but those that are to be kept. */
export function lettersOf(folded: string, keeps = ""): string {
  const kept = keeps.replace(/[\\\]^-]/g, "\\$&");
  return folded.replace(new RegExp(`[^\\p{L}\\p{N}${kept}]+`, "gu"), "");
}

/** Fewest letters and digits of a secret that are looked for whatever stands between them. */
const SHORTEST = 4;

/** What is looked for to find a secret. */
export interface Needle {
  text: string;
  /** Where given: looked for among letters, digits and these signs only. */
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

/** Whether one of the needles is in a text. */
export function holdsNeedle(text: string, needles: readonly Needle[]): boolean {
  if (text === "") return false;
  const forms = new Map<string | undefined, string>();
  return needles.some((needle) => {
    const form = forms.get(needle.keeps) ?? foldFor(text, needle);
    forms.set(needle.keeps, form);
    return form.includes(needle.text);
  });
}

/** From where to where in a text, end exclusive. */
export type Span = readonly [start: number, end: number];

/**
 * Where the needles are in a folded text, in order; spans that touch or overlap are one.
 *
 * @param accept whether an occurrence counts
 */
export function spansOf(
  folded: string,
  needles: readonly string[],
  accept: (span: Span) => boolean = () => true,
): Span[] {
  const found: Span[] = needles.flatMap((needle) => occurrences(folded, needle, accept));
  found.sort(([a], [b]) => a - b);
  const merged: Span[] = [];
  for (const span of found) {
    const last = merged.at(-1);
    if (last && span[0] <= last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], span[1])];
    else merged.push(span);
  }
  return merged;
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
 * The part of a text that a part of its folded form stands for.
 *
 * @param folding made that form of the text
 */
export function unfold(text: string, [start, end]: Span, folding: (text: string) => string): Span {
  let at = 0;
  let position = 0;
  let first = 0;
  let hasFirst = false;
  for (const character of text) {
    const length = folding(character).length;
    // Accents and joints belong to the character before them.
    if (position >= end && length > 0) break;
    if (!hasFirst && position + length > start) {
      first = at;
      hasFirst = true;
    }
    position += length;
    at += character.length;
  }
  return [first, at];
}
