import { Automaton } from "./automaton.js";
import { CUT_OFF, escapeAt } from "./escapes.js";
import { ELLIPSIS, SPACE, SPECIAL, tables, unitsWith, UNSEEN } from "./units.js";

/** A way of reading a text. A text may be meant in several ways, and is read in each of them. */
export interface Way {
  /** Characters that may stand for others. */
  signs: string;
  /** A plus sign is a space, as in the data of forms. */
  plusIsSpace?: boolean;
  /** Tags, comments and characters that nobody sees are left out. */
  skipsTags?: boolean;
  /** Several backslashes are one, as in JSON inside JSON: messages quote what pages show. */
  joinsBackslashes?: boolean;
}

const ESCAPES = "%&\\";

export const AS_IT_IS: Way = { signs: "" };
export const WITH_ESCAPES: Way = { signs: ESCAPES };
export const AS_FORM_DATA: Way = { signs: `${ESCAPES}+`, plusIsSpace: true };
export const WITHOUT_TAGS: Way = { signs: `${ESCAPES}<${UNSEEN}`, skipsTags: true };
export const AS_INNER_JSON: Way = { signs: ESCAPES, joinsBackslashes: true };

/** For each place of a text, the number of secrets that begin there less the number of those that end there. */
export type Marks = Int32Array;

/** Fewest units of the beginnings of secrets that are found beside whole ones; `Infinity` for none. */
export interface Beginnings {
  /** In front of an ellipsis. */
  cutOff: number;
  /** At the end of a word. */
  atWordEnd: number;
  anywhere: number;
}

const PERCENT = 0x25;
const AMPERSAND = 0x26;
const PLUS = 0x2b;
const BACKSLASH = 0x5c;
const LESS_THAN = 0x3c;

/** True for a character that may follow `<` in a tag or comment; the backslash is that of `<\/b>` in scripts. */
function beginsTag(code: number): boolean {
  const small = code | 0x20;
  return (
    (small >= 0x61 && small <= 0x7a) || code === 0x2f || code === 0x21 || code === 0x3f || code === BACKSLASH
  );
}

/** One pass over a text. It can be made in pieces, so that others have their turn between two of them. */
export class Scan {
  readonly #text: string;
  readonly #way: Way;
  readonly #automaton: Automaton;
  readonly #beginnings: Beginnings;
  readonly #marks: Marks;
  /** The places in the text at which the latest units begin. */
  readonly #starts: Int32Array;
  readonly #last: number;
  readonly #unitOf: Uint16Array;
  readonly #tables = tables();
  #at = 0;
  #units = 0;
  #state = 0;
  /** The place in the text at which the last unit ends. */
  #end = 0;
  #isAfterSpace = false;
  #hasTags = true;
  #hasComments = true;

  constructor(text: string, way: Way, found: { automaton: Automaton; beginnings: Beginnings; marks: Marks }) {
    this.#text = text;
    this.#way = way;
    this.#unitOf = unitsWith(way.signs);
    this.#automaton = found.automaton;
    this.#beginnings = found.beginnings;
    this.#marks = found.marks;
    this.#starts = new Int32Array(2 ** Math.ceil(Math.log2(found.automaton.longest + 2)));
    this.#last = this.#starts.length - 1;
  }

  /** Reads on, at least up to a place. @returns whether the whole text has been read */
  goTo(place: number): boolean {
    const text = this.#text;
    const unitOf = this.#unitOf;
    const limit = Math.min(place, text.length);
    this.#passTo(limit);
    while (this.#at < limit) {
      const unit = unitOf[text.charCodeAt(this.#at)] ?? SPECIAL;
      if (unit === SPECIAL) this.#special();
      else this.#take(unit, this.#at + 1);
      this.#passTo(limit);
    }
    if (this.#at < text.length) return false;
    this.#endWord();
    return true;
  }

  /** Passes over text that begins no secret, as most text does. */
  #passTo(limit: number): void {
    if (this.#state !== Automaton.START) return;
    const text = this.#text;
    const unitOf = this.#unitOf;
    const firsts = this.#automaton.firsts;
    let at = this.#at;
    for (; at < limit; at++) {
      const unit = unitOf[text.charCodeAt(at)] ?? 0;
      if (unit === SPECIAL || firsts[unit] !== 0) break;
    }
    if (at > this.#at) this.#isAfterSpace = false;
    this.#at = at;
  }

  /** Takes a unit that reaches from the current place to another. */
  #take(unit: number, end: number): void {
    if (this.#state !== Automaton.START || this.#automaton.firsts[unit] !== 0) this.#add(unit, end);
    this.#isAfterSpace = false;
    this.#at = end;
  }

  #add(unit: number, end: number): void {
    if (this.#tables.inWord[unit] === 0) this.#endWord();
    this.#starts[this.#units++ & this.#last] = this.#at;
    this.#end = end;
    const state = (this.#state = this.#automaton.next(this.#state, unit));
    if (state === Automaton.START) return;
    const length = this.#automaton.ends[state] ?? 0;
    if (length > 0) this.#mark(length, end);
    const begun = this.#automaton.depth[state] ?? 0;
    if (begun >= this.#beginnings.anywhere) this.#mark(begun, end);
  }

  /** @param length in units */
  #mark(length: number, end: number): void {
    const start = this.#starts[(this.#units - length) & this.#last] ?? 0;
    this.#marks[start] = (this.#marks[start] ?? 0) + 1;
    this.#marks[end] = (this.#marks[end] ?? 0) - 1;
  }

  #markBeginning(shortest: number): void {
    const begun = this.#automaton.depth[this.#state] ?? 0;
    if (begun >= shortest) this.#mark(begun, this.#end);
  }

  #endWord(): void {
    if (this.#state !== Automaton.START) this.#markBeginning(this.#beginnings.atWordEnd);
  }

  #special(): void {
    const code = this.#text.charCodeAt(this.#at);
    if (!this.#sign(code)) this.#takeCode(code, this.#at + 1);
  }

  /** Deals with a character that means something else in this way of reading. @returns whether it does */
  #sign(code: number): boolean {
    const { plusIsSpace, skipsTags, joinsBackslashes } = this.#way;
    const text = this.#text;
    const at = this.#at;
    if (code === PERCENT || code === AMPERSAND || code === BACKSLASH) {
      if (code === BACKSLASH && joinsBackslashes && text.charCodeAt(at + 1) === BACKSLASH) {
        this.#at++;
        return true;
      }
      const escape = escapeAt(text, at);
      if (escape === undefined) this.#takeCode(code, at + 1);
      else if (escape.code !== CUT_OFF) this.#takeCode(escape.code, escape.end);
      else this.#at = escape.end;
      return true;
    }
    if (code === PLUS && plusIsSpace) {
      this.#take(SPACE, at + 1);
      return true;
    }
    if (!skipsTags) return false;
    if (code === LESS_THAN) return this.#skipTag();
    const isUnseen = UNSEEN.includes(text.charAt(at));
    if (isUnseen) this.#at++;
    return isUnseen;
  }

  /** @param code a code point, as it is or out of an escape */
  #takeCode(code: number, end: number): void {
    const unit = this.#tables.unitOf[code] ?? SPECIAL;
    if (unit !== SPECIAL) this.#take(unit, end);
    else if (this.#tables.isSpace[code] === 1) this.#takeSpace(end);
    else if (code > 0xffff) this.#takeAll(pairOf(code), end);
    else if (code !== ELLIPSIS) this.#takeAll(this.#tables.severalOf.get(code) ?? [code], end);
    else {
      this.#markBeginning(this.#beginnings.cutOff);
      this.#take(ELLIPSIS, end);
    }
  }

  #takeAll(units: readonly number[], end: number): void {
    for (const unit of units) this.#add(unit, end);
    this.#isAfterSpace = false;
    this.#at = end;
  }

  /** Any amount of white space is one space. */
  #takeSpace(end: number): void {
    if (this.#isAfterSpace) {
      const length = this.#automaton.ends[this.#state] ?? 0;
      if (length > 0) this.#mark(length, end);
      this.#at = end;
      return;
    }
    this.#take(SPACE, end);
    this.#isAfterSpace = true;
  }

  /** @returns whether there is one */
  #skipTag(): boolean {
    const text = this.#text;
    const at = this.#at;
    if (!beginsTag(text.charCodeAt(at + 1))) return false;
    if (this.#hasComments && text.startsWith("<!--", at)) {
      const end = text.indexOf("-->", at + 4);
      // If a comment has no end, no later one has one either: nothing is searched twice.
      this.#hasComments = end !== -1;
      if (end !== -1) {
        this.#at = end + 3;
        return true;
      }
    }
    const end = this.#hasTags ? text.indexOf(">", at) : -1;
    this.#hasTags = end !== -1;
    if (end !== -1) this.#at = end + 1;
    return end !== -1;
  }
}

/** https://www.unicode.org/faq/utf_bom.html#utf16-4 */
function pairOf(code: number): [number, number] {
  return [0xd800 + ((code - 0x10000) >> 10), 0xdc00 + (code & 0x3ff)];
}
