import { SOFT_STOP, type Marked } from "./marking.js";
import { beginsSentence } from "./words.js";

/** A list item with all its sentences, or a single sentence of prose. */
export interface Passage {
  isListItem: boolean;
  sentences: Marked[];
}

interface Line {
  text: string;
  isListItem: boolean;
}

/** `-`, `1.`, `2)`, `Step 3:`, `- [ ]`. */
const LIST_MARKER =
  /^(?:(?:[-*•–+]|\(?\d{1,3}[.)]|(?:test )?step ?\d{1,3} ?[:.)–-]?)(?: \[[ x]?\])?(?: |$)|(?:test )?step ?\d{1,3} ?[:.)–-])/i;

/** Lines that only announce what follows. */
const HEADING = /^#*\s*(?:(?:test )?steps?|expected(?: results?)?|preconditions?|actions?|test)\s*:?$/i;

/** "Steps: 1. Open …" */
const ANNOUNCED_LIST = /^(?:test )?steps?: ?(?=\(?1[.)] )/i;

/** Splits a marked description into its list items and sentences. Headings such as "Steps:" are left out. */
export function splitPassages(text: Marked): Passage[] {
  const passages: Passage[] = [];
  for (const line of readLines(text)) {
    const sentences = splitSentences(line.text);
    if (line.isListItem) passages.push({ isListItem: true, sentences });
    else passages.push(...sentences.map((sentence) => ({ isListItem: false, sentences: [sentence] })));
  }
  return passages;
}

function readLines(text: Marked): Line[] {
  const lines: Line[] = [];
  let current: Line | undefined;
  for (const source of text.split("\n")) {
    const indented = /^\s/.test(source);
    const plain = source.replace(/\s+/g, " ").trim().replace(ANNOUNCED_LIST, "");
    if (plain === "" || HEADING.test(plain)) {
      current = undefined;
      continue;
    }
    const unmarked = withoutMarkers(plain);
    const isListItem = unmarked !== plain;
    if (!isListItem && current !== undefined && continues(current, plain, indented)) {
      current.text += ` ${plain}`;
      continue;
    }
    current = { text: unmarked, isListItem };
    lines.push(current);
  }
  const marked = lines.filter((line) => line.isListItem);
  return marked.length === 1
    ? lines.flatMap((line) => (line.isListItem ? splitInlineList(line) : [line]))
    : lines;
}

function withoutMarkers(line: string): string {
  let text = line;
  // "1. Step 1: Open …" carries two.
  for (let round = 0; round < 2; round += 1) text = text.replace(LIST_MARKER, "").trim();
  return text;
}

/** A line goes on in the next where that begins in the middle of a sentence, or is indented below a list item. */
function continues(previous: Line, line: string, indented: boolean): boolean {
  if (previous.isListItem && (indented || /^expected\b/i.test(line))) {
    if (!isEnded(previous.text) && beginsSentence(line)) previous.text += ".";
    return true;
  }
  return /^\p{Ll}/u.test(line) && !beginsSentence(line) && !isEnded(previous.text);
}

function isEnded(text: string): boolean {
  return /[.!?;:]/.test(text.at(-1) ?? "");
}

/** "1. Open X 2. Click Y" in one line: splits before each next number. */
function splitInlineList({ text }: Line): Line[] {
  const items: string[] = [];
  let rest = text;
  for (let number = 2; ; number += 1) {
    const next = new RegExp(String.raw` (?:step )?\(?${number}[.):] `, "i").exec(rest);
    if (next === null) break;
    items.push(rest.slice(0, next.index));
    rest = rest.slice(next.index + next[0].length);
  }
  return [...items, rest].map((item) => ({
    text: item.replace(/^step \d+\s*[:.)]\s*/i, ""),
    isListItem: true,
  }));
}

/** After these a full stop does not end a sentence. */
const ABBREVIATION = /(?:^|[ (])(?:e\.g|i\.e|mr|mrs|ms|dr|vs|approx|resp|incl)$/i;
/** After these it may. */
const SHORT_WORD = /(?:^|[ (])(?:etc|no|nr|sec|secs|min|mins|st|inc|ltd|[a-z]|[ap]\.m)$/i;

function splitSentences(line: Marked): Marked[] {
  const sentences: Marked[] = [];
  let start = 0;
  for (const match of line.matchAll(
    new RegExp(`(?<![.!?;${SOFT_STOP}])([.!?;${SOFT_STOP}]+)[)\\]]? +`, "g"),
  )) {
    const [whole, marks = ""] = match;
    const end = match.index + whole.length;
    const before = line.slice(Math.max(start, match.index - 8), match.index);
    if (!endsSentence(before, marks, line.slice(end, end + 120))) continue;
    sentences.push(line.slice(start, end));
    start = end;
  }
  sentences.push(line.slice(start));
  return sentences
    .map((sentence) => sentence.replaceAll(SOFT_STOP, "").trim())
    .filter((sentence) => /[^\s.,;:!?]/.test(sentence));
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
