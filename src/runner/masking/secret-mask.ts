import { Automaton } from "./automaton.js";
import { CUT_OFF, escapeAt } from "./escapes.js";
import {
  AS_FORM_DATA,
  AS_INNER_JSON,
  AS_IT_IS,
  Scan,
  WITH_ESCAPES,
  WITHOUT_TAGS,
  type Beginnings,
  type Marks,
  type Way,
} from "./scan.js";
import type { MaskOptions } from "../ports.js";
import { SPACE, SPECIAL, tables, UNSEEN } from "./units.js";

const MASK = "***";

/** Fewest characters of a secret that are masked where a message has cut it off with an ellipsis. */
const SHORTEST_CUT_OFF = 3;

/** Fewest characters of a secret that are masked where it is seen while it is typed. */
const SHORTEST_TYPED = 4;

/** Length in characters from which on a beginning is no ordinary word by chance, and is masked inside words too. */
const LONG_TYPED = 8;

/** Fewest characters of a secret whose own escapes are read: `%41` would otherwise mask each `A`. */
const SHORTEST_ESCAPED = 4;

/** Length of the part of a long text that is read before others have their turn, in characters: some milliseconds. */
const SLICE = 200_000;

/**
 * Replaces secrets in texts by `***`, however they are written: each of a secret's characters may stand there as it is,
 * in upper or lower case, percent-encoded, as an HTML entity or as an escape of JSON or JavaScript, and tags may stand
 * between them. White space of any kind and amount is one space. It takes a time that grows with the text's length and
 * with nothing else, whatever the text.
 *
 * Other encodings, such as base64, and texts that were encoded twice are not found.
 */
export class SecretMask {
  #secrets: readonly string[] = [];
  #automaton: Automaton | undefined;
  #hasSpaces = false;

  /** The secrets that are masked. */
  get secrets(): readonly string[] {
    return this.#secrets;
  }

  /** Masks this secret too, from now on. */
  learn(secret: string): void {
    if (this.#secrets.includes(secret)) return;
    this.#secrets = [...this.#secrets, secret];
    this.#automaton = undefined;
  }

  mask(text: string, options: MaskOptions = {}): string {
    if (this.#secrets.length === 0 || text === "") return text;
    const marks = new Int32Array(text.length + 1);
    for (const scan of this.#scans(text, marks, options)) scan.goTo(text.length);
    return replaced(text, marks);
  }

  /** As {@link mask}, for a text that may be long: others have their turn in between. */
  async maskLong(text: string, options: MaskOptions = {}): Promise<string> {
    if (text.length <= SLICE) return this.mask(text, options);
    if (this.#secrets.length === 0) return text;
    const marks = new Int32Array(text.length + 1);
    for (const scan of this.#scans(text, marks, options)) {
      for (let place = SLICE; !scan.goTo(place); place += SLICE) await nextTurn();
      await nextTurn();
    }
    return replaced(text, marks);
  }

  *#scans(text: string, marks: Marks, { typed = false }: MaskOptions): Generator<Scan> {
    const automaton = (this.#automaton ??= this.#build());
    const beginnings: Beginnings = {
      cutOff: SHORTEST_CUT_OFF,
      atWordEnd: typed ? SHORTEST_TYPED : Infinity,
      anywhere: typed ? LONG_TYPED : Infinity,
    };
    for (const way of waysToRead(text, this.#hasSpaces)) {
      yield new Scan(text, way, { automaton, beginnings, marks });
    }
  }

  #build(): Automaton {
    const patterns = this.#secrets.flatMap(patternsOf);
    this.#hasSpaces = patterns.some((pattern) => pattern.includes(SPACE));
    return new Automaton(patterns);
  }
}

/** The ways in which this text may be meant; in all others it would read the same. */
function waysToRead(text: string, hasSpaces: boolean): Way[] {
  const ways = [AS_IT_IS];
  if (/[%&\\]/.test(text)) ways.push(WITH_ESCAPES);
  if (hasSpaces && text.includes("+")) ways.push(AS_FORM_DATA);
  if (/[<\u00ad\u200b-\u200d\u2060]/.test(text)) ways.push(WITHOUT_TAGS);
  if (text.includes("\\\\")) ways.push(AS_INNER_JSON);
  return ways;
}

/**
 * The patterns of a secret in units: as it is, with its white space joined, and as encoders and readers may change it.
 */
function patternsOf(secret: string): number[][] {
  // Half a character cannot be encoded; the way through UTF-8 makes it a whole one.
  const wellFormed = Buffer.from(secret).toString();
  const seen = Array.from(secret, (character) => (UNSEEN.includes(character) ? "" : character)).join("");
  const written = [secret, wellFormed, seen];
  if (secret.length >= SHORTEST_ESCAPED) written.push(unescaped(secret));
  return [...new Set(written)].flatMap((text) => {
    const units = unitsOf(text);
    const joined = units.filter((unit, index) => unit !== SPACE || units[index - 1] !== SPACE);
    const isBlank = joined.every((unit) => unit === SPACE);
    return isBlank ? [joined] : [trimmed(units), trimmed(joined)];
  });
}

function trimmed(units: number[]): number[] {
  const start = units.findIndex((unit) => unit !== SPACE);
  return units.slice(start, units.findLastIndex((unit) => unit !== SPACE) + 1);
}

function unitsOf(text: string): number[] {
  const { unitOf, severalOf, isSpace } = tables();
  return Array.from(text).flatMap((character) => {
    const code = character.charCodeAt(0);
    if (character.length === 2) return [code, character.charCodeAt(1)];
    if (isSpace[code] === 1) return [SPACE];
    const unit = unitOf[code] ?? SPECIAL;
    return unit === SPECIAL ? (severalOf.get(code) ?? [code]) : [unit];
  });
}

function unescaped(text: string): string {
  let result = "";
  for (let at = 0; at < text.length;) {
    const escape = escapeAt(text, at);
    const isWhole = escape !== undefined && escape.code !== CUT_OFF;
    result += isWhole ? String.fromCodePoint(escape.code) : text.charAt(at);
    at = isWhole ? escape.end : at + 1;
  }
  return result;
}

/** Replaces marked parts by masks: one mask for all marks that overlap or touch. */
function replaced(text: string, marks: Marks): string {
  let result = "";
  let depth = 0;
  let kept = 0;
  for (let at = 0; at <= text.length; at++) {
    const change = marks[at] ?? 0;
    if (change === 0) continue;
    if (depth === 0) result += text.slice(kept, at) + MASK;
    depth += change;
    if (depth === 0) kept = at;
  }
  return result + text.slice(kept);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
