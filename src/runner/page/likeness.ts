import { normalize } from "./same-text.ts";

/** The likeness of a text to the wanted one: 2 it is that, 1 it is that but for signs that decorate it, 0 it is not. */
export type Likeness = 0 | 1 | 2;

/** Signs of icon fonts: each font means something else by them, and people see a picture. */
const ICONS = /\p{Co}+/gu;

/** Signs that stand beside a name and that nobody says: stars, bullets, arrows, quotation marks, pictures. */
const BESIDE = String.raw`[\s\p{Co}\p{Extended_Pictographic}\p{Pi}\p{Pf}\u2190-\u21ff\u2300-\u23ff\u25a0-\u25ff\u2600-\u27bf\u27f0-\u27ff\u2900-\u297f\u2b00-\u2bff*＊∗•·"'„‚<>×]+`;
const BEFORE = new RegExp(`^${BESIDE}`, "u");
const AFTER = new RegExp(String.raw`(?:${BESIDE}|\s*[:：])+$`, "u");

/** A name without the signs beside it. */
export function undecorated(text: string): string {
  const plain = normalize(text.replace(ICONS, " "));
  return plain.replace(BEFORE, "").replace(AFTER, "");
}

/** Longest text that may be a name with signs beside it, in characters. */
const LONGEST_NAME = 1_000;

/** `whole` with its case, or a `part`, with its case or in any. */
export type Wanting = "whole" | "part" | "part in any case";

/** A text as a locator names it. */
export class WantedText {
  readonly #whole: string;
  readonly #firstWord: string;
  readonly #wanting: Wanting;
  /** The text in lower case and without white space, which whatever matches contains. */
  readonly squeezed: string;
  readonly words: readonly string[];

  constructor(wanted: string, wanting: Wanting) {
    this.#whole = normalize(wanted);
    this.#wanting = wanting;
    this.#firstWord = this.#whole.split(" ", 1)[0] ?? "";
    this.squeezed = squeeze(this.#whole);
    this.words = this.#whole.toLowerCase().split(" ");
  }

  get isWhole(): boolean {
    return this.#wanting === "whole";
  }

  likenessOf(text: string): Likeness {
    const seen = normalize(text);
    if (this.#wanting === "part") return seen.includes(this.#whole) ? 2 : 0;
    if (this.#wanting === "part in any case")
      return seen.toLowerCase().includes(this.words.join(" ")) ? 2 : 0;
    if (seen === this.#whole) return 2;
    if (seen.length > LONGEST_NAME || !seen.includes(this.#firstWord)) return 0;
    if (normalize(seen.replace(ICONS, " ")) === this.#whole) return 1;
    return undecorated(seen) === this.#whole ? 1 : 0;
  }

  /** Tells whether every word of it is in a text, which has to be so where parts of the text do not count. */
  hasWordsIn(text: string): boolean {
    const lower = text.toLowerCase();
    return this.words.every((word) => lower.includes(word));
  }
}

/** A text in lower case and without white space or invisible signs. */
export function squeeze(text: string): string {
  return normalize(text).replaceAll(" ", "").toLowerCase();
}

/** The best of several texts of one thing. */
export function bestOf(...likenesses: (() => Likeness)[]): Likeness {
  let best: Likeness = 0;
  for (const likeness of likenesses) {
    const next = likeness();
    if (next === 2) return 2;
    if (next > best) best = next;
  }
  return best;
}

/** The likeness of a text that is not the whole of what is seen. */
export function lessened(likeness: Likeness): Likeness {
  return likeness === 2 ? 1 : likeness;
}

/** Those that are what is wanted, or, where none is, those that are it but for their decoration. */
export function* closestOf(elements: Iterable<readonly [Element, Likeness]>): Generator<Element> {
  const close: Element[] = [];
  let isNamed = false;
  for (const [element, likeness] of elements) {
    if (likeness === 1) close.push(element);
    if (likeness !== 2) continue;
    isNamed = true;
    yield element;
  }
  if (!isNamed) yield* close;
}
