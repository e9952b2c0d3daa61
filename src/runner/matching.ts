import { RE2JS, RE2JSException } from "re2js";
import type { Match } from "../protocol/commands.js";

/**
 * Most work for one comparison by a pattern: its size times the characters of the text. A comparison holds up
 * the whole server, and one of this size for about half a second.
 */
const MAX_WORK = 50_000_000;

/** What a command expects of a text that it sees. */
export interface TextExpectation {
  match: Match;
  expected: string;
  /** Whether the text has to be another. */
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

/** What a text has to do, to stand after "text that": `contains "x"`, `does not match /x/`. */
export function verbOf({ match, expected, not }: TextExpectation): string {
  const [verb, negated] = VERBS[match];
  return `${not ? negated : verb} ${match === "regex" ? `/${expected}/` : JSON.stringify(expected)}`;
}

const VERBS: Record<Match, [verb: string, negated: string]> = {
  contains: ["contains", "does not contain"],
  equals: ["is", "is not"],
  glob: ["is like", "is not like"],
  regex: ["matches", "does not match"],
};

/**
 * Whether a text is as expected. The function throws an Error when a text is too long for its pattern.
 *
 * @throws Error when a regular expression cannot be understood; the message names it and why.
 */
export function comparerOf({ match, expected, not }: TextExpectation): (text: string) => boolean {
  const matches = matcherOf(match, expected);
  return (text) => matches(text) !== not;
}

function matcherOf(match: Match, expected: string): (text: string) => boolean {
  const normalized = normalizeSpace(expected);
  switch (match) {
    case "contains":
      // A space is not contained in every text.
      return (text) =>
        text.includes(expected) || (normalized !== "" && normalizeSpace(text).includes(normalized));
    case "equals":
      return (text) => text === expected || normalizeSpace(text) === normalized;
    case "glob":
      return (text) => {
        refuseTooMuch(text, expected.length, JSON.stringify(expected));
        return matchesGlob(text, expected);
      };
    case "regex":
      return regexMatcher(expected);
  }
}

/** Text as a person compares it: white space of any kind and amount is one space. */
export function normalizeSpace(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** A text that was seen, to stand after its name: `is "x"`, `is empty`. */
export function seenText(text: string): string {
  if (text === "") return "is empty";
  return text.trim() === "" ? "is only white space" : `is ${quote(text)}`;
}

/** Longest text in a message, in characters. */
const SHOWN = 300;

/** A text as it stands in a message: on one line, in quotes, and not too long. */
export function quote(text: string): string {
  const line = normalizeSpace(text);
  return JSON.stringify(line.length > SHOWN ? `${line.slice(0, SHOWN - 1)}…` : line);
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
 * Whether a whole text is like a pattern: `*` stands for any characters, `?` for one. It goes back to the last
 * `*` only, which is enough, as an earlier one could take nothing that the last cannot.
 */
function matchesGlob(text: string, pattern: string): boolean {
  const characters = Array.from(text);
  const signs = Array.from(pattern);
  let at = 0;
  let sign = 0;
  let star: { sign: number; at: number } | undefined;
  while (at < characters.length) {
    if (signs[sign] === "*") {
      star = { sign: ++sign, at };
    } else if (signs[sign] === "?" || (sign < signs.length && signs[sign] === characters[at])) {
      at++;
      sign++;
    } else if (star) {
      at = ++star.at;
      sign = star.sign;
    } else {
      return false;
    }
  }
  return signs.slice(sign).every((rest) => rest === "*");
}
