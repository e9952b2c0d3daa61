import type { Sight } from "../described-element.js";
import type { Marked, Marking } from "../marking.js";

/** A word, a mark or a sign of punctuation. */
export interface Token {
  /** In lower case, with a plain apostrophe; a mark as it is. */
  word: string;
  /** As it stands in the clause. */
  text: Marked;
  start: number;
  end: number;
}

/** The context in which a clause is read. */
export interface ClauseContext {
  marking: Marking;
  /** The first URL of the whole description: relative addresses belong to it. */
  baseUrl: string | undefined;
  /** The page that is open, where there is one. */
  sight?: Sight;
}

/** Reads a whole span of words, or nothing: `undefined` where one word of it is not accounted for. */
export interface Slot<T> {
  read: (span: Phrase) => T | undefined;
  /** Tries long spans before short ones. */
  isGreedy: boolean;
  /** Its name in the list of forms. */
  name?: string;
}

interface Root {
  source: Marked;
  tokens: Token[];
  context: ClauseContext;
  spans: Map<number, Phrase>;
}

/** More words than any sentence has: such a text is none. */
export const MAX_TOKENS = 120;

const TOKEN = /[\uFDD0-\uFDD2\uFDD5]\d+\uFDD3|[^\s\uFDD0-\uFDD5]+/g;

/** A clause, or a span of its words. Spans of one clause share what was read of it. */
export class Phrase {
  readonly #root: Root;
  readonly #known = new Map<Slot<unknown>, unknown>();
  #words: readonly string[] | undefined;
  readonly from: number;
  readonly to: number;

  private constructor(root: Root, from: number, to: number) {
    this.#root = root;
    this.from = from;
    this.to = to;
  }

  static of(source: Marked, context: ClauseContext): Phrase {
    const tokens = tokensOf(source);
    return new Phrase({ source, tokens, context, spans: new Map() }, 0, tokens.length);
  }

  get context(): ClauseContext {
    return this.#root.context;
  }

  get marking(): Marking {
    return this.#root.context.marking;
  }

  get length(): number {
    return this.to - this.from;
  }

  /** The span between two places of the clause. */
  span(from: number, to: number): Phrase {
    const { spans } = this.#root;
    const key = from * (MAX_TOKENS + 2) + to;
    const known = spans.get(key);
    if (known !== undefined) return known;
    const span = new Phrase(this.#root, from, to);
    spans.set(key, span);
    return span;
  }

  /** The span from the n-th of its own words to another. */
  part(start: number, end = this.length): Phrase {
    return this.span(this.from + start, this.from + end);
  }

  /** The word at a place of the clause; empty behind its end. */
  wordAt(place: number): string {
    return place < this.to ? (this.#root.tokens[place]?.word ?? "") : "";
  }

  get words(): readonly string[] {
    return (this.#words ??= this.#root.tokens.slice(this.from, this.to).map(({ word }) => word));
  }

  /** As it stands in the clause, marks included. */
  get text(): Marked {
    if (this.length <= 0) return "";
    const { source, tokens } = this.#root;
    return source.slice(tokens[this.from]?.start, tokens[this.to - 1]?.end);
  }

  /** As the author wrote it. */
  get raw(): string {
    return this.marking.raw(this.text);
  }

  /** Reads the span with a slot, once. */
  read<T>(slot: Slot<T>): T | undefined {
    const known = this.#known;
    // The value that is known of a slot is one that it has read.
    if (known.has(slot)) return known.get(slot) as T | undefined;
    const result = slot.read(this);
    known.set(slot, result);
    return result;
  }
}

function tokensOf(source: Marked): Token[] {
  const tokens: Token[] = [];
  const add = (start: number, end: number): void => {
    if (start >= end || tokens.length > MAX_TOKENS) return;
    const text = source.slice(start, end);
    tokens.push({ text, word: text.toLowerCase().replaceAll("’", "'"), start, end });
  };
  for (const { 0: run, index } of source.matchAll(TOKEN)) {
    if (/^[\uFDD0-\uFDD5]/.test(run)) {
      add(index, index + run.length);
      continue;
    }
    let start = index;
    let end = index + run.length;
    for (; start < end && /[([,;:]/.test(source.charAt(start)); start += 1) add(start, start + 1);
    while (end > start && /[.,;:!?)\]]/.test(source.charAt(end - 1))) end -= 1;
    add(start, end);
    for (let at = end; at < index + run.length; at += 1) add(at, at + 1);
  }
  return tokens;
}
