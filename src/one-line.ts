/** Characters that end a line or make a terminal act: controls, line separators, and marks of a text's direction. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Those of them that JSON leaves as they are. */
const UNESCAPED_BY_JSON = /[\u007f-\u009f\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const SHORT: Record<string, string | undefined> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Text of somebody else as one line for people. A name with a line break in it could pretend to be another line
 * of a log, and one with an escape sequence change what a terminal shows
 * (https://owasp.org/www-community/attacks/Log_Injection).
 */
export function oneLine(text: string): string {
  return text.replace(UNPRINTABLE, (character) => SHORT[character] ?? escaped(character));
}

/** JSON that says the same, and has nothing in it that a terminal or a viewer could take for anything but text. */
export function printableJson(json: string): string {
  return json.replace(UNESCAPED_BY_JSON, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
