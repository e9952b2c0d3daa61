import { canBeComposed, normalize, withoutInvisible } from "./page/same-text.js";

const SPACE = 0x20;

/** Shorter texts, in characters, are not worth the loop. */
const SHORT = 200;

let table: Uint8Array | undefined;

/** 1 for each UTF-16 code unit that is white space: `\s` of regular expressions. Made when it is first needed. */
export function whiteSpace(): Uint8Array {
  return (table ??= Uint8Array.from({ length: 0x10000 }, (_, code) =>
    /\s/.test(String.fromCharCode(code)) ? 1 : 0,
  ));
}

/** Kinds of code units, by what becomes of them. */
const KEPT = 0;
const BLANK = 1;
const DROPPED = 2;

let kinds: Uint8Array | undefined;

function kindsOfUnits(): Uint8Array {
  return (kinds ??= whiteSpace().map((isSpace, code) => {
    if (withoutInvisible(String.fromCharCode(code)) === "") return DROPPED;
    return isSpace === 1 ? BLANK : KEPT;
  }));
}

/**
 * Text as a person compares it; see {@link normalize}. A regular expression takes ten times the time of the loop for a
 * long text.
 */
export function normalizeText(text: string): string {
  if (text.length < SHORT) return normalize(text);
  const kindOf = kindsOfUnits();
  const units = new Uint16Array(text.length);
  let length = 0;
  let isAfterSpace = true;
  let isComposed = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const kind = kindOf[code];
    if (kind === DROPPED) continue;
    if (kind === KEPT) units[length++] = code;
    else if (!isAfterSpace) units[length++] = SPACE;
    isAfterSpace = kind === BLANK;
    isComposed ||= canBeComposed(code);
  }
  if (isAfterSpace && length > 0) length--;
  const plain = Buffer.from(units.buffer, 0, 2 * length).toString("utf16le");
  return isComposed ? plain.normalize("NFC") : plain;
}
