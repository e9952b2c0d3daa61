import { whiteSpace } from "../white-space.js";

/**
 * Texts as the search for secrets compares them: in units that are the same for upper and lower case, for a no-break
 * space and a space. A character beyond the first plane is two units.
 */

/** Any white space: `\s` of regular expressions, so no-break spaces too. */
export const SPACE = 0x20;
/** Stands for a code that is no character. */
export const REPLACEMENT = 0xfffd;
export const ELLIPSIS = 0x2026;

/** An entry for a UTF-16 code unit that is more, or something else, than one unit of its own. */
export const SPECIAL = 0;

interface Tables {
  /** The unit of each UTF-16 code unit, or {@link SPECIAL}. */
  unitOf: Uint16Array;
  /** Characters that are several units once their case is gone, such as `ß`. */
  severalOf: ReadonlyMap<number, readonly number[]>;
  /** 1 for letters and digits. */
  inWord: Uint8Array;
  /** 1 for white space. */
  isSpace: Uint8Array;
}

/** Soft hyphen, zero-width space, non-joiner and joiner, word joiner: nobody sees them. */
export const UNSEEN = "\u00ad\u200b\u200c\u200d\u2060";

let made: Tables | undefined;
const madeWith = new Map<string, Uint16Array>();

/** Made when the first secret is used: it takes some milliseconds and a few hundred kilobytes. */
export function tables(): Tables {
  return (made ??= makeTables());
}

/** @param signs further characters that are {@link SPECIAL} */
export function unitsWith(signs: string): Uint16Array {
  const known = madeWith.get(signs);
  if (known) return known;
  const unitOf = tables().unitOf.slice();
  for (const sign of signs) unitOf[sign.charCodeAt(0)] = SPECIAL;
  madeWith.set(signs, unitOf);
  return unitOf;
}

function makeTables(): Tables {
  const unitOf = new Uint16Array(0x10000);
  const severalOf = new Map<number, readonly number[]>();
  const inWord = new Uint8Array(0x10000);
  const isSpace = whiteSpace();
  for (let code = 0; code < 0x10000; code++) {
    const character = String.fromCharCode(code);
    if (/[\p{L}\p{N}]/u.test(character)) inWord[code] = 1;
    if (isSpace[code] === 1 || code === ELLIPSIS) continue;
    if (character === "\\") {
      // Browsers turn a backslash in an address into a slash.
      unitOf[code] = "/".charCodeAt(0);
      continue;
    }
    // Capitals first: `ſ` and `s`, `ς` and `σ` are the same only as capitals, and `ß` is two letters. Characters beyond
    // the first plane keep their case: no script that has capitals there is in use.
    const folded = character.toUpperCase().toLowerCase();
    if (folded.length === 1) unitOf[code] = folded.charCodeAt(0);
    else
      severalOf.set(
        code,
        Array.from({ length: folded.length }, (_, index) => folded.charCodeAt(index)),
      );
  }
  return { unitOf, severalOf, inWord, isSpace };
}
