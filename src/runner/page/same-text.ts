/**
 * Texts as people compare them, for the page and for the server: two texts are the same when they look the same on a
 * page that wraps its lines in another way.
 */

/**
 * Signs of which nothing can be seen: places where a word may be divided, marks of the direction of writing, joints
 * and the choice between two pictures of one sign.
 */
const INVISIBLE =
  /(?:[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]|[\ufe0e-\ufe0f])+/g;

/** The first letter from which on a text can be written in more than one way. */
const FIRST_COMPOSED = 0x300;
const PERHAPS_SPECIAL = /\u00ad|[\u0300-\uffff]/;

/** Tells whether a UTF-16 code unit can be a part of a sign that is written in more than one way. */
export function canBeComposed(code: number): boolean {
  return code >= FIRST_COMPOSED;
}

/** The text without invisible signs, and with each letter written in one way: Unicode's NFC. White space stays. */
export function withoutInvisible(text: string): string {
  return PERHAPS_SPECIAL.test(text) ? text.replace(INVISIBLE, "").normalize("NFC") : text;
}

/** As {@link withoutInvisible}, and white space of any kind and amount is one space, with none at the ends. */
export function normalize(text: string): string {
  return withoutInvisible(text).replace(/\s+/g, " ").trim();
}
