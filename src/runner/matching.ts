import { RE2JS, RE2JSException } from "re2js";
import type { Match } from "../protocol/commands.js";
import { withoutInvisible } from "./page/same-text.js";
import { normalizeText } from "./white-space.js";

/**
 * Most work for one comparison by a pattern: its size times the characters of the text. A comparison holds up
 * the whole server, and the slowest of this size for about 50 ms.
 */
const MAX_WORK = 5_000_000;

/** The expectation that a command has of a text. */
export interface TextExpectation {
  match: Match;
  expected: string;
  /** True when the text has to be another. */
  not: boolean;
}

/** The expectation of a command's fields. @param usual how it compares unless told otherwise */
export function expectationOf(
  command: { match?: Match | undefined; not?: boolean | undefined },
  usual: Match,
  expected: string,
): TextExpectation {
  return { match: command.match ?? usual, expected, not: command.not ?? false };
}

/** The words for what a text has to do, to stand after "text that": `contains "x"`, `does not match /x/`. */
export function verbOf({ match, expected, not }: TextExpectation): string {
  const [verb, negated] = VERBS[match];
  return `${not ? negated : verb} ${match === "regex" ? `/${expected}/` : inQuotes(expected, match)}`;
}

const VERBS: Record<Match, [verb: string, negated: string]> = {
  contains: ["contains", "does not contain"],
  equals: ["is", "is not"],
  glob: ["is like", "is not like"],
  regex: ["matches", "does not match"],
  raw: ["is exactly", "is not exactly"],
};

/**
 * Makes a function that tells whether a text is as expected, and throws an Error when one is too long for its pattern.
 *
 * @throws Error when a regular expression cannot be understood; the message names it and why.
 */
export function comparerOf({ match, expected, not }: TextExpectation): (text: string) => boolean {
  const matches = matcherOf(match, expected);
  return (text) => matches(text) !== not;
}

function matcherOf(match: Match, expected: string): (text: string) => boolean {
  const normalized = normalizeText(expected);
  switch (match) {
    case "contains":
      // A space is not contained in every text.
      return (text) =>
        text.includes(expected) || (normalized !== "" && normalizeText(text).includes(normalized));
    case "equals":
      return (text) => text === expected || normalizeText(text) === normalized;
    case "glob":
      return asItIsOrLooks(globMatcher(expected), globMatcher(withoutInvisible(expected)));
    case "regex": {
      const matches = regexMatcher(expected);
      return asItIsOrLooks(matches, matches);
    }
    case "raw":
      return (text) => text === expected;
  }
}

/** A pattern may be meant for the lines of a text, or for what a person sees of it. */
function asItIsOrLooks(
  matches: (text: string) => boolean,
  matchesNormalized: (text: string) => boolean,
): (text: string) => boolean {
  return (text) => {
    if (matches(text)) return true;
    const normalized = normalizeText(text);
    return normalized !== text && matchesNormalized(normalized);
  };
}

/** A text that was seen, to stand after its name: `is "x"`, `is empty`. @param match how it was compared */
export function seenText(text: string, match?: Match): string {
  if (text === "") return "is empty";
  if (match === "raw")
    return `is ${inQuotes(text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text, match)}`;
  return text.trim() === "" ? "is only white space" : `is ${quote(text)}`;
}

/** Characters that are seen in no other way, or look like another. */
const UNSEEN = /[^\P{Z} ]|[\p{Cf}\p{Cc}\p{Co}\p{M}]/gu;

/** A text between quotes; where each character counts, those that cannot be seen are escaped. */
function inQuotes(text: string, match: Match): string {
  const quoted = JSON.stringify(text);
  if (match !== "raw") return quoted;
  return quoted.replace(UNSEEN, (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}

/** Longest text in a message, in characters. */
const SHOWN = 300;

/** Longest part of a text that is looked at for that, in characters: it may hold much white space. */
const LOOKED_AT = 20 * SHOWN;

/** A text as it stands in a message: on one line, in quotes, and not too long. */
export function quote(text: string): string {
  const start = text.trimStart();
  const line = normalizeText(start.slice(0, LOOKED_AT));
  const isWhole = line.length <= SHOWN && start.length <= LOOKED_AT;
  return JSON.stringify(isWhole ? line : `${line.slice(0, SHOWN - 1)}…`);
}

function regexMatcher(pattern: string): (text: string) => boolean {
  const regex = compile(pattern);
  return (text) => {
    refuseTooMuch(text, regex.programSize(), `/${pattern}/`);
    return regex.matcher(text).find();
  };
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const reason = error.message.replace(/^error parsing regexp: /, "");
    throw new Error(`the regular expression /${pattern}/ is not valid: ${reason}`, { cause: error });
  }
}

function refuseTooMuch(text: string, patternSize: number, pattern: string): void {
  if (text.length * patternSize <= MAX_WORK) return;
  throw new Error(`the text of ${text.length} characters is too long to be compared with ${pattern}`);
}

/**
 * Makes a function that tells whether a whole text is like a pattern: `*` stands for any characters, `?` for one. A
 * part between two `*` is taken where it comes first, which is enough, as a later place could leave no more for the
 * rest.
 */
function globMatcher(pattern: string): (text: string) => boolean {
  const [first = [], ...others] = pattern.split("*").map((part) => Array.from(part));
  const last = others.pop();
  const searched = Math.max(0, ...others.map((part) => (part.includes("?") ? part.length : 0)));
  return (text) => {
    refuseTooMuch(text, searched, JSON.stringify(pattern));
    let at = endOf(first, text, 0);
    if (at === undefined || last === undefined) return at === text.length;
    for (const part of others) {
      at = endOfFirst(part, text, at);
      if (at === undefined) return false;
    }
    const start = startOfLast(last.length, text);
    return start !== undefined && start >= at && endOf(last, text, start) === text.length;
  };
}

/** The end of a part that begins at a place; nothing if none does. @param part its characters, of which `?` is any */
function endOf(part: readonly string[], text: string, start: number): number | undefined {
  let at = start;
  for (const sign of part) {
    const length = sign === "?" ? lengthAt(text, at) : sign.length;
    if (at >= text.length || (sign !== "?" && !text.startsWith(sign, at))) return undefined;
    at += length;
  }
  return at;
}

/** The end of the first occurrence of a part, from a place on. */
function endOfFirst(part: readonly string[], text: string, from: number): number | undefined {
  if (!part.includes("?")) {
    const literal = part.join("");
    const start = text.indexOf(literal, from);
    return start === -1 ? undefined : start + literal.length;
  }
  for (let start = from; start < text.length; start += lengthAt(text, start)) {
    const end = endOf(part, text, start);
    if (end !== undefined) return end;
  }
  return undefined;
}

/** The place where the last so many characters begin. */
function startOfLast(count: number, text: string): number | undefined {
  let start = text.length;
  for (let left = count; left > 0; left--) {
    if (start === 0) return undefined;
    start -= start > 1 && lengthAt(text, start - 2) === 2 ? 2 : 1;
  }
  return start;
}

/** The number of UTF-16 code units of the character at a place. */
function lengthAt(text: string, at: number): 1 | 2 {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
