import { conjugated } from "../words.js";
import type { Phrase, Slot } from "./phrase.js";

/**
 * The form of a clause. A template says it in words, groups and slots:
 * `word`, `a|b` (either word), `~click` (a verb in every form), `(a b|c)` (either words), `[a|b c]` (perhaps), `\(` (a
 * bracket of the clause) and a slot in `${}`. A form fits only a clause that it accounts for to the last word: words are consumed by its own words or by
 * slots, which read all of their span or nothing. So no word of a clause can be lost.
 */
export interface Pattern<S extends readonly unknown[]> {
  /** The template as people read it, with the names of its slots. */
  words: string;
  /** The first way in which the form fits and `build` accepts what its slots have read. */
  match: <T>(phrase: Phrase, build: (...slots: S) => T | undefined) => T | undefined;
}

type Results<S extends readonly Slot<unknown>[]> = { [I in keyof S]: S[I] extends Slot<infer T> ? T : never };

type Continue<T> = (place: number) => T | undefined;
type Matcher = <T>(run: Run, place: number, next: Continue<T>) => T | undefined;

interface Run {
  phrase: Phrase;
  read: unknown[];
}

/** Nothing, where the slot may be left out. */
export type Maybe<T> = T | null;

/** The slot, or no word at all. */
export function maybe<T>({ read, isGreedy, name = "…" }: Slot<T>): Slot<Maybe<T>> {
  const slot = { read, isGreedy };
  return {
    name: `[${name}]`,
    isGreedy,
    read: (span) => (span.length === 0 ? null : span.read(slot)),
  };
}

/** Reads the template of a form. */
export function form<S extends readonly Slot<unknown>[]>(
  strings: TemplateStringsArray,
  ...slots: S
): Pattern<Results<S>> {
  const parts = strings.raw.flatMap((text, index) => [
    ...(text.match(/\\[()]|[()[\]|]|[^\s()[\]|\\]+/g) ?? []),
    ...(index < slots.length ? [index] : []),
  ]);
  const parser = new Parser(parts, slots, wordAlternatives(strings.raw));
  const matcher = parser.sequence();
  return {
    words: readable(strings.raw, slots),
    match: (phrase, build) => {
      const run: Run = { phrase, read: [] };
      return matcher(run, phrase.from, (place) =>
        // The slots have read what their types say, in the order of the template.
        place === phrase.to ? build(...(run.read as unknown as Results<S>)) : undefined,
      );
    },
  };
}

function readable(strings: readonly string[], slots: readonly Slot<unknown>[]): string {
  const parts = strings.map((text, index) => {
    const { name = "…" } = slots[index] ?? {};
    if (index >= slots.length) return text;
    return name.startsWith("[") ? `${text}[<${name.slice(1, -1)}>]` : `${text}<${name}>`;
  });
  return parts
    .join("")
    .replace(/~/g, "")
    .replace(/\\(?=[()])/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** Outside groups a bar stands between words without spaces. */
function wordAlternatives(strings: readonly string[]): boolean {
  return strings.every((text) => !/\s\|\s/.test(text));
}

class Parser {
  #at = 0;
  readonly #parts: readonly (string | number)[];
  readonly #slots: readonly Slot<unknown>[];

  constructor(parts: readonly (string | number)[], slots: readonly Slot<unknown>[], isValid: boolean) {
    if (!isValid) throw new Error("no spaces around the bars of a template");
    this.#parts = parts;
    this.#slots = slots;
  }

  /** Up to the end of the group or of the template. */
  sequence(isInGroup = false): Matcher {
    const matchers: Matcher[] = [];
    for (
      let part = this.#peek();
      part !== undefined && !this.#endsSequence(part, isInGroup);
      part = this.#peek()
    ) {
      matchers.push(this.#element(isInGroup));
    }
    return inOrder(matchers);
  }

  #endsSequence(part: string | number, isInGroup: boolean): boolean {
    return part === ")" || part === "]" || (isInGroup && part === "|");
  }

  #element(isInGroup: boolean): Matcher {
    const part = this.#next();
    if (typeof part === "number") return slotMatcher(part, this.#slots[part]);
    if (part === "(" || part === "[") {
      const alternatives = [this.sequence(true)];
      while (this.#peek() === "|") {
        this.#next();
        alternatives.push(this.sequence(true));
      }
      this.#next();
      return part === "(" ? eitherOf(alternatives) : eitherOf([...alternatives, nothing]);
    }
    const words = [part ?? ""];
    while (!isInGroup && this.#peek() === "|") {
      this.#next();
      words.push(String(this.#next()));
    }
    return wordMatcher(words.map((word) => word.replace("\\", "")));
  }

  #peek(): string | number | undefined {
    return this.#parts[this.#at];
  }

  #next(): string | number | undefined {
    return this.#parts[this.#at++];
  }
}

const nothing: Matcher = (_run, place, next) => next(place);

function inOrder([first, ...rest]: Matcher[]): Matcher {
  if (first === undefined) return nothing;
  if (rest.length === 0) return first;
  const others = inOrder(rest);
  return (run, place, next) => first(run, place, (end) => others(run, end, next));
}

function eitherOf(alternatives: Matcher[]): Matcher {
  return (run, place, next) => {
    for (const alternative of alternatives) {
      const result = alternative(run, place, next);
      if (result !== undefined) return result;
    }
    return undefined;
  };
}

function wordMatcher(words: string[]): Matcher {
  const plain = new Set(words.filter((word) => !word.startsWith("~")));
  const verbs = words.filter((word) => word.startsWith("~")).map((word) => conjugated(word.slice(1)));
  const verb = verbs.length === 0 ? undefined : new RegExp(`^(?:${verbs.join("|")})$`);
  return ({ phrase }, place, next) => {
    const word = phrase.wordAt(place);
    return word !== "" && (plain.has(word) || verb?.test(word) === true) ? next(place + 1) : undefined;
  };
}

function slotMatcher(index: number, slot: Slot<unknown> | undefined): Matcher {
  if (slot === undefined) throw new Error("a template has more slots than readers");
  return (run, place, next) => {
    const { phrase } = run;
    const count = phrase.to - place;
    for (let nth = 0; nth <= count; nth += 1) {
      const end = slot.isGreedy ? phrase.to - nth : place + nth;
      const read = phrase.span(place, end).read(slot);
      if (read === undefined) continue;
      const before = run.read[index];
      run.read[index] = read;
      const result = next(end);
      if (result !== undefined) return result;
      run.read[index] = before;
    }
    return undefined;
  };
}
