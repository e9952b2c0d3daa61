import type { Marked } from "./marking.js";
import type { Meaning, Problem } from "./meaning.js";

/** Longest clause whose unread part is looked for, in words. */
const MAX_WORDS = 25;

interface Reading {
  read: (words: Marked) => Meaning;
  /** The author's own words. */
  text: (words: Marked) => string;
}

/** The same problem with what can be said of it: two readings, or the words that no rule could account for. */
export function explained(clause: Marked, problem: Problem, reading: Reading): Problem {
  const words = clause.split(" ");
  if (words.length > MAX_WORDS) return problem;
  const readings = alternatives(words, reading);
  if (readings !== undefined) {
    const [one = "", other = ""] = readings;
    return {
      ...problem,
      reason: `it can be read in two ways, “${one}” and “${other}”; keep the one that is meant`,
      readings,
    };
  }
  if (problem.reason !== undefined && problem.isFinal === true) return problem;
  const unread = unreadPart(words, reading);
  if (unread === undefined) return problem;
  return {
    ...problem,
    reason: `“${unread}” is not understood, so that the rest of the sentence is not carried out either`,
    unread,
  };
}

/** "Click A or B": both ways to understand it, where both make sense. */
function alternatives(words: string[], { read, text }: Reading): string[] | undefined {
  const at = words.findIndex((word) => /^(?:or|and\/or)$/i.test(word));
  if (at < 1 || at >= words.length - 1) return undefined;
  const pairs = [
    [words.slice(0, at), words.slice(at + 1)],
    [
      [...words.slice(0, at), ...words.slice(at + 2)],
      [...words.slice(0, at - 1), ...words.slice(at + 1)],
    ],
    [words.slice(0, at), [...words.slice(0, at - 1), ...words.slice(at + 1)]],
  ];
  const understood = (part: string[]): boolean => read(part.join(" ").replace(/,$/, "")).kind !== "problem";
  const pair = pairs.find((parts) => parts.every(understood));
  return pair?.map((part) => text(part.join(" ")));
}

/** The words at the end, or else at the beginning, without which the clause would be understood. */
function unreadPart(words: string[], { read, text }: Reading): string | undefined {
  for (let end = words.length - 1; end > 0; end -= 1) {
    if (read(words.slice(0, end).join(" ")).kind !== "problem") return text(words.slice(end).join(" "));
  }
  return undefined;
}
