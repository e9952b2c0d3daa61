import { capitalised } from "./words.js";

/** A person's name for an element, in the spellings that a page may have. */
export interface Name {
  /** Spellings to compare with a whole name, the likeliest first. */
  exact: string[];
  /** Spellings to look for anywhere in a name, in upper or lower case. */
  loose: string[];
  /** Its words in lower case, to spell an id of; none where no id is likely. */
  words: string[];
  isQuoted: boolean;
}

/** Words that are written together, apart or with a dash. */
const TWINS: [RegExp, string, string][] = [
  [/\be-?mail\b/i, "e-mail", "email"],
  [/\blog ?in\b/i, "log in", "login"],
  [/\blog ?out\b/i, "log out", "logout"],
  [/\bsign ?in\b/i, "sign in", "signin"],
  [/\bsign ?up\b/i, "sign up", "signup"],
  [/\bsign ?out\b/i, "sign out", "signout"],
  [/\buser ?name\b/i, "user name", "username"],
  [/\bcheck ?out\b/i, "check out", "checkout"],
];

/** An id has few words. */
const MAX_ID_WORDS = 5;

/**
 * The spellings of a name. Without quotation marks "the login button" is how a person speaks of a button that
 * says "Login"; a name in quotation marks is taken as it is written.
 */
export function nameOf(text: string, { isQuoted = false } = {}): Name {
  const plain = text.replace(/\s+/g, " ").trim();
  const isSpoken = !isQuoted && /^\p{Ll}/u.test(plain);
  const exact = isSpoken ? [capitalised(plain), plain] : [plain];
  return { exact, loose: [plain, ...twin(plain)], words: wordsOf(plain), isQuoted };
}

function twin(name: string): string[] {
  for (const [pattern, apart, together] of TWINS) {
    const found = pattern.exec(name)?.[0].toLowerCase();
    if (found !== undefined) return [name.replace(pattern, found === together ? apart : together)];
  }
  return [];
}

function wordsOf(name: string): string[] {
  // Signs other than those between words mean that the name is a text, of which nobody makes an id.
  if (!/^[\p{L}\p{N} _*:-]+$/u.test(name)) return [];
  const words = name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.length > MAX_ID_WORDS ? [] : words;
}

/** The ways to write words as one: `firstname`, `first-name`, `first_name`. */
export function bySpelling(words: string[]): string[] {
  return words.length === 0 ? [] : [...new Set(["", "-", "_"].map((between) => words.join(between)))];
}

/** Writes a text as an XPath string; XPath 1.0 has no escapes, so one with both quotation marks is put together. */
export function literalXPath(text: string): string {
  if (!text.includes("'")) return `'${text}'`;
  if (!text.includes('"')) return `"${text}"`;
  const parts = text.split("'").map((part) => `'${part}'`);
  return `concat(${parts.join(`,"'",`)})`;
}
