import { ACTION_RULES } from "./actions.js";
import { check } from "./checks.js";
import { MAX_TOKENS, Phrase } from "./grammar/phrase.js";
import { owned, wholeClauses } from "./elisions.js";
import { QUOTED, type Marked } from "./marking.js";
import { firstMeaning, problem, type Meaning, type ClauseContext, type Rule } from "./meaning.js";
import { explained } from "./unread.js";
import { wordingsOf } from "./wordings.js";
import { beginsDoing, withoutFillers } from "./words.js";

/** A part of a sentence that says one thing. */
export interface Clause {
  /** The author's words for it. */
  text: string;
  meaning: Meaning;
}

interface Joint {
  /** The end of the clause before it; `to` is the beginning of the one after it. */
  from: number;
  to: number;
}

/** Longest sentence that is read, in characters without its quotations: a longer one is no sentence. */
const MAX_SENTENCE_LENGTH = 1_000;

/** Joints that a clause may reach across, as in "Type fish and click bait into Title". */
const MAX_REACH = 4;

/** "If the banner is shown, click Accept": neither part is meant to be carried out whatever holds. */
const CONDITIONAL = /^(?:(?:and|but|then|also|,) )*(?:if|unless|in case|provided(?: that)?|in the event)\b/i;

const JOINT = /(?:,? (?:and then|and|then|but|so that|so),?|,|;) +/gi;
const RULES: readonly Rule[] = [...ACTION_RULES, check];

/** Reads a clause as it stands, or else in another wording. */
function readClause(source: Marked, context: ClauseContext): Meaning {
  let first: Meaning | undefined;
  for (const { words, isOfCheck = false, isOfAction = false } of wordingsOf(source, context)) {
    const phrase = Phrase.of(words.trim(), context);
    const meaning =
      phrase.length > MAX_TOKENS
        ? problem("a sentence has fewer words; put long texts in quotation marks")
        : firstMeaning(RULES, phrase);
    if (meaning.kind === "action" && isOfCheck) return problem(UNSEEN_SUCCESS);
    if (meaning.kind === "check" && isOfAction) continue;
    if (meaning.kind !== "problem") return meaning;
    first ??= meaning;
  }
  return first ?? problem();
}

const OWNERLESS = 'it does not say whose it is: name the row, card or section, such as: in the row of "Ada"';
const UNSEEN_SUCCESS =
  'it does not say how success is seen: write it without that word, and what is shown then, such as: The page shows "Saved"';

/** The meanings of the clauses of a description: many repeat one another. */
const KNOWN = new WeakMap<ClauseContext, Map<Marked, Meaning>>();

/** Splits a sentence where one thing ends and another begins, and reads every part. */
export function readSentence(sentence: Marked, context: ClauseContext): Clause[] {
  const text = (clause: Marked): string => context.marking.raw(clause);
  if (sentence.length > MAX_SENTENCE_LENGTH) {
    const reason = `a sentence may have ${MAX_SENTENCE_LENGTH} characters; put long texts in quotation marks`;
    return [{ text: text(sentence), meaning: { kind: "problem", reason } }];
  }
  if (CONDITIONAL.test(sentence)) {
    const reason =
      "no sentence is carried out only sometimes; write what holds in this test, or use the command if";
    return [{ text: text(sentence), meaning: { kind: "problem", reason } }];
  }
  const known = KNOWN.get(context) ?? new Map<Marked, Meaning>();
  KNOWN.set(context, known);
  const read = (part: Marked): Meaning => {
    const meaning = known.get(part) ?? readClause(part, context);
    known.set(part, meaning);
    return meaning;
  };
  const ends: Joint[] = [...sentence.matchAll(JOINT)]
    .filter(({ index }) => !isInBrackets(sentence, index))
    .map(({ index, 0: joint }) => ({ from: index, to: index + joint.length }));
  ends.push({ from: sentence.length, to: sentence.length });

  const clauses: Clause[] = [];
  let previous = "";
  for (let start = 0, index = 0; index < ends.length;) {
    const clause = nextClause({ sentence, start, ends, index, previous, read });
    const words = withoutFillers(clause.words);
    if (words !== "") {
      const { meaning } = clause;
      const told = meaning.kind === "problem" ? explained(words, meaning, { read, text }) : meaning;
      clauses.push({ text: text(words), meaning: told });
    }
    if (clause.meaning.kind !== "problem") previous = words;
    index = clause.end + 1;
    start = ends[clause.end]?.to ?? sentence.length;
  }
  return clauses;
}

function isInBrackets(sentence: Marked, at: number): boolean {
  const open = sentence.lastIndexOf("(", at);
  return open !== -1 && sentence.indexOf(")", open) > at;
}

interface Place {
  sentence: Marked;
  start: number;
  ends: Joint[];
  /** The first end that the clause may have. */
  index: number;
  /** The clause before, whose verb may be left out: "Type a into X and b into Y". */
  previous: Marked;
  read: (part: Marked) => Meaning;
}

/**
 * The clause that begins at `start`: it ends at the first joint after which something else begins. A part that
 * makes no sense alone is first tried with what follows: "Type fish" with "and click bait into Title".
 */
function nextClause(place: Place): { words: Marked; meaning: Meaning; end: number } {
  const { ends, index } = place;
  let failed: { words: Marked; meaning: Meaning; end: number } | undefined;
  let reached = 0;
  for (let end = index; end < ends.length; end += 1) {
    if (end < ends.length - 1 && !startsAnew(place, end)) continue;
    const clause = { ...completed(place, end), end };
    if (clause.meaning.kind !== "problem") return clause;
    // A clause that begins anew right away is likelier to stand alone than to belong to the part without sense.
    failed ??= clause;
    reached += 1;
    if (reached > MAX_REACH) break;
  }
  return failed ?? { ...completed(place, ends.length - 1), end: ends.length - 1 };
}

/** Reads the words up to an end, with what the clause before has said where they leave it out. */
function completed(
  { sentence, start, ends, previous, read }: Place,
  end: number,
): { words: Marked; meaning: Meaning } {
  const said = sentence.slice(start, ends[end]?.from);
  const words = owned(previous, said);
  if (words === undefined) return { words: said, meaning: problem(OWNERLESS) };
  const meaning = read(words);
  if (meaning.kind !== "problem") return { words, meaning };
  for (const whole of wholeClauses(previous, words)) {
    const found = read(whole);
    if (found.kind !== "problem") return { words: whole, meaning: found };
  }
  return { words, meaning };
}

/** Tells if another clause begins after a joint. */
function startsAnew(place: Place, end: number): boolean {
  const { sentence, ends, read } = place;
  const from = ends[end]?.to ?? sentence.length;
  const next = ends[end + 1]?.from ?? sentence.length;
  const part = sentence.slice(from, next);
  if (beginsDoing(part)) {
    // "Search and Select", "Save and Close": a name, unless it makes sense alone.
    if (/^\p{Ll}/u.test(part) || read(part).kind !== "problem") return true;
  }
  const left = sentence.slice(place.start, ends[end]?.from);
  if (read(part).kind === "check") {
    // `Verify "A" and "B" are shown` is one list, and not `Verify "A"` and something else.
    const isList = left.endsWith("\uFDD3") && part.startsWith("\uFDD0");
    if (isList && OF_SEVERAL.test(part)) return false;
    return !isList || read(sentence.slice(place.start, next)).kind !== "check";
  }
  const first = completed(place, end);
  const before = withoutFillers(first.words);
  if (first.meaning.kind === "problem" || wholeClauses(before, part).length === 0) return false;
  return completed({ ...place, start: from, previous: before }, end + 1).meaning.kind === first.meaning.kind;
}

/** `“Email” are empty`: the end of a statement about several things. */
const OF_SEVERAL = new RegExp(`^${QUOTED} (?:\\S+ ){0,3}(?:are|were|have|should be)\\b`, "i");
