import { characterEntities } from "character-entities";
import { ELLIPSIS, REPLACEMENT } from "./units.js";

/** A character that is written as an escape. */
export interface Escape {
  /** The code point, or {@link CUT_OFF}. */
  code: number;
  /** The place where the text goes on. */
  end: number;
}

/** Stands for an escape of which an ellipsis has left only the beginning. */
export const CUT_OFF = -1;

const ENTITIES = new Map(
  Object.entries(characterEntities).flatMap(([name, value]) => {
    const code = value.codePointAt(0) ?? 0;
    // Two characters under one name are mathematics; no secret is written so.
    return String.fromCodePoint(code) === value ? [[name, code] as const] : [];
  }),
);

/** Longest name of an entity, in characters. https://html.spec.whatwg.org/multipage/named-characters.html */
const LONGEST_NAME = 31;

/** The characters of bytes 0x80 to 0x9F in Windows-1252, which browsers take for Latin-1 too. */
const WINDOWS_1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

const PERCENT = 0x25;
const AMPERSAND = 0x26;
const HASH = 0x23;
const SEMICOLON = 0x3b;
const BACKSLASH = 0x5c;

const AFTER_BACKSLASH: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12, v: 11, "0": 0 };

/**
 * The escape that begins at a place: percent-encoded UTF-8 (or a single byte, as pages in Latin-1 have it), an HTML
 * entity by name or number, or an escape of JSON or JavaScript. Each looks ahead no further than it reaches, or by a
 * fixed number of characters, so that all of a text takes linear time.
 */
export function escapeAt(text: string, at: number): Escape | undefined {
  const sign = text.charCodeAt(at);
  const next = text.charCodeAt(at + 1);
  // A sign alone is no escape, and most often it stands alone.
  if (sign !== BACKSLASH && next !== HASH && next !== ELLIPSIS && !isAlphanumeric(next)) return undefined;
  if (sign === PERCENT) return percentAt(text, at) ?? cutOffAt(text, at);
  if (sign === AMPERSAND) return entityAt(text, at) ?? cutOffAt(text, at);
  return sign === BACKSLASH ? (backslashAt(text, at) ?? cutOffAt(text, at)) : undefined;
}

/** https://url.spec.whatwg.org/#percent-decode and https://encoding.spec.whatwg.org/#utf-8-decoder */
function percentAt(text: string, at: number): Escape | undefined {
  const first = byteAt(text, at);
  if (first === undefined) return undefined;
  if (first < 0x80) return { code: first, end: at + 3 };
  const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  let code = first & (0x3f >> more);
  let end = at + 3;
  for (let count = 0; count < more; count++, end += 3) {
    const next = byteAt(text, end);
    if (next === undefined || (next & 0xc0) !== 0x80) return cutOffAt(text, end) ?? singleByte(first, at);
    code = (code << 6) | (next & 0x3f);
  }
  return first < 0xc2 || code > 0x10ffff ? singleByte(first, at) : { code, end };
}

function singleByte(byte: number, at: number): Escape {
  return { code: windows1252(byte), end: at + 3 };
}

function windows1252(code: number): number {
  return code >= 0x80 && code <= 0x9f ? WINDOWS_1252.charCodeAt(code - 0x80) : code;
}

/** The byte of `%E4`. */
function byteAt(text: string, at: number): number | undefined {
  if (text.charCodeAt(at) !== PERCENT) return undefined;
  const high = hexOf(text.charCodeAt(at + 1));
  const low = hexOf(text.charCodeAt(at + 2));
  return high < 0 || low < 0 ? undefined : high * 16 + low;
}

function entityAt(text: string, at: number): Escape | undefined {
  return text.charCodeAt(at + 1) === HASH ? numberedAt(text, at) : namedAt(text, at);
}

/** https://html.spec.whatwg.org/multipage/parsing.html#numeric-character-reference-state */
function numberedAt(text: string, at: number): Escape | undefined {
  const isHex = (text.charCodeAt(at + 2) | 0x20) === 0x78;
  const start = at + (isHex ? 3 : 2);
  const base = isHex ? 16 : 10;
  let code = 0;
  let end = start;
  for (; ; end++) {
    const digit = hexOf(text.charCodeAt(end));
    if (digit < 0 || digit >= base) break;
    code = Math.min(code * base + digit, 0x110000);
  }
  if (end === start || text.charCodeAt(end) === ELLIPSIS) return undefined;
  if (text.charCodeAt(end) === SEMICOLON) end++;
  return { code: code > 0x10ffff ? REPLACEMENT : windows1252(code), end };
}

function namedAt(text: string, at: number): Escape | undefined {
  let end = at + 1;
  while (end <= at + LONGEST_NAME + 1 && isAlphanumeric(text.charCodeAt(end))) end++;
  if (text.charCodeAt(end) !== SEMICOLON) return undefined;
  const code = ENTITIES.get(text.slice(at + 1, end));
  return code === undefined ? undefined : { code, end: end + 1 };
}

/** https://tc39.es/ecma262/#prod-EscapeSequence, of which those of JSON are a part */
function backslashAt(text: string, at: number): Escape | undefined {
  const letter = text.charAt(at + 1);
  if (letter === "" || letter === "…") return undefined;
  // The quotes of JSON in an attribute are escaped twice.
  const escaped = letter === "&" ? entityAt(text, at + 1) : undefined;
  if (escaped !== undefined) return escaped;
  if (letter === "u") {
    return text.charAt(at + 2) === "{" ? bracedAt(text, at) : hexAt(text, at, 4);
  }
  if (letter === "x") return hexAt(text, at, 2);
  return { code: AFTER_BACKSLASH[letter] ?? letter.charCodeAt(0), end: at + 2 };
}

/** `\x26` or `\u0026`. */
function hexAt(text: string, at: number, digits: number): Escape | undefined {
  let code = 0;
  for (let index = at + 2; index < at + 2 + digits; index++) {
    const digit = hexOf(text.charCodeAt(index));
    if (digit < 0) return undefined;
    code = code * 16 + digit;
  }
  return { code, end: at + 2 + digits };
}

/** `\u{26}` */
function bracedAt(text: string, at: number): Escape | undefined {
  let code = 0;
  let end = at + 3;
  for (; end < at + 3 + 8; end++) {
    const digit = hexOf(text.charCodeAt(end));
    if (digit < 0) break;
    code = code * 16 + digit;
  }
  return text.charAt(end) === "}" && end > at + 3 && code <= 0x10ffff ? { code, end: end + 1 } : undefined;
}

/** The rest of an escape in front of the ellipsis that has cut it off. */
function cutOffAt(text: string, at: number): Escape | undefined {
  for (let end = at; end <= at + LONGEST_NAME + 1; end++) {
    const code = text.charCodeAt(end);
    if (code === ELLIPSIS) return { code: CUT_OFF, end };
    if (end > at && !isAlphanumeric(code) && code !== HASH && code !== 0x7b) return undefined;
  }
  return undefined;
}

/** The value of a hexadecimal digit; -1 for any other character. */
function hexOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const small = code | 0x20;
  return small >= 0x61 && small <= 0x66 ? small - 0x61 + 10 : -1;
}

function isAlphanumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a);
}
