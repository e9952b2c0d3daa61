import type { PlacedText } from "../../formats/ports.js";
import { SOFT_STOP, type Marked } from "./marking.js";
import { beginsDoing, beginsSentence } from "./words.js";

/**
 * Joins lines that are one text: all of a list item or cell, and in prose a line that begins in the middle of a sentence
 * with the one before.
 */
export function joinLines(lines: PlacedText[], { isWhole }: { isWhole: boolean }): PlacedText[] {
  const joined: PlacedText[] = [];
  for (const line of lines) {
    const last = joined.at(-1);
    if (last === undefined || isClosed(last) || !(isWhole || continues(last.text, line.text))) {
      joined.push({ ...line });
      continue;
    }
    const stop = isEnded(last.text) || !beginsSentence(line.text) ? "" : ".";
    Object.assign(last, { ...line, text: `${last.text}${stop} ${line.text}`, place: last.place });
  }
  return joined;
}

/** Parts that a document keeps apart from a text stand at its end. */
function isClosed({ table, docString }: PlacedText): boolean {
  return table !== undefined || docString !== undefined;
}

function continues(previous: string, line: string): boolean {
  return /^\p{Ll}/u.test(line) && !beginsSentence(line) && !isEnded(previous);
}

function isEnded(text: string): boolean {
  return /[.!?;:]/.test(text.at(-1) ?? "");
}

/** After these a full stop does not end a sentence. */
const ABBREVIATION = /(?:^|[ (])(?:e\.g|i\.e|mr|mrs|ms|dr|vs|approx|resp|incl)$/i;
/** After these it may. */
const SHORT_WORD = /(?:^|[ (])(?:etc|no|nr|sec|secs|min|mins|st|inc|ltd|[a-z]|[ap]\.m)$/i;

/** Splits a marked text into its sentences. */
export function splitSentences(line: Marked): Marked[] {
  const sentences: Marked[] = [];
  let start = 0;
  for (const match of line.matchAll(
    new RegExp(`(?<![.!?;${SOFT_STOP}])([.!?;${SOFT_STOP}]+)[)\\]]? +`, "g"),
  )) {
    const [whole, marks = ""] = match;
    const end = match.index + whole.length;
    const before = line.slice(Math.max(start, match.index - 8), match.index);
    const after = line.slice(end, end + 120);
    if (!endsSentence(before, marks, after)) continue;
    if (marks === ";" && isListed(line.slice(start, match.index), after)) continue;
    sentences.push(line.slice(start, end));
    start = end;
  }
  sentences.push(line.slice(start));
  return sentences
    .map((sentence) => sentence.replaceAll(SOFT_STOP, "").trim())
    .filter((sentence) => /[^\s.,;:!?]/.test(sentence));
}

const LABEL = String.raw`(?:\uFDD0\d+\uFDD3|[\p{L}][\p{L}\p{N}-]*(?: [\p{L}\p{N}-]+){0,3}) ?[:=] ?\S`;
const ENDS_WITH_LABELLED = new RegExp(String.raw`(?:^|\s)${LABEL}[^:=]*$`, "u");
const BEGINS_WITH_LABEL = new RegExp(`^${LABEL}`, "u");

/** `Name: Ada; City: Paris` is one list of values. */
function isListed(before: Marked, after: Marked): boolean {
  return ENDS_WITH_LABELLED.test(before) && BEGINS_WITH_LABEL.test(after) && !beginsDoing(after);
}

function endsSentence(before: string, marks: string, after: string): boolean {
  if (after === "") return false;
  if (marks.includes(";")) return true;
  const small = /^\p{Ll}/u.test(after);
  if (marks === SOFT_STOP) return !small && beginsSentence(after);
  if (ABBREVIATION.test(before)) return false;
  if (SHORT_WORD.test(before)) return !small && beginsSentence(after);
  if (marks.includes(".")) return !small || beginsSentence(after);
  // "SuperSecretPassword! into Password" and "Hello! World" go on.
  return beginsSentence(after);
}
