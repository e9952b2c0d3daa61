import type { Phrase, Slot } from "./grammar/phrase.js";
import { quotedTypeOf } from "./kinds.js";

/** Words before a name that tell nothing of it. */
export const ARTICLES = new Set([
  "the",
  "my",
  "your",
  "its",
  "his",
  "her",
  "their",
  "this",
  "that",
  "our",
  "these",
  "those",
]);

/** Tells if a word is a quotation. */
export function isQuote(word: string): boolean {
  return word.startsWith("\uFDD0");
}

/** The type that a quotation stands for in Behat's steps. */
export function typeIn(phrase: Phrase): ReturnType<typeof quotedTypeOf> {
  return isQuote(phrase.words[0] ?? "") ? quotedTypeOf(phrase.marking.value(phrase.text)) : undefined;
}

/** Words that no name without quotation marks has: with them a sentence says more than a name. */
export const NEVER_IN_NAMES =
  /^(?:or|the|an?|if|unless|until|till|when|while|whether|only|twice|thrice|once|then|without|again|is|are|was|were|isn't|aren't|be|been|should|must|will|shall|can|cannot|that|which|who|because|either|both|except|instead|within|during|not|never|every|each|any|before|after|immediately|whenever|using|via|it|them|he|she|i|we|they|you|times|but|so|also|does|do|doesn't|don't|e\.g|i\.e|than|with|containing|labell?ed|called|named|next|beside|below|under|above|near|where|there|here|into|from|between|exactly|approximately)$/;
/** Small words that names have between others: "Terms and Conditions", "Add to Cart". */
const LINKING = /^(?:and|of|to|in|on|up|out|off|by|as|for|at|&|-|\+|\/|me|my|your|all)$/;
const SPOKEN =
  /^(?:(?:log|sign|opt|check|zoom|add|back|go|move|send|reply|save|mark|sort|skip|proceed|continue) ?(?:in|up|out|off|on|to|as|by|all)(?: (?:cart|basket|bag|wish ?list|favou?rites|checkout|home|all|completed?|content|name|price|shopping|date|read|trash|next|top)){0,2}|forgot (?:my )?password|terms and conditions|terms of (?:service|use)|accept all(?: cookies)?)$/;
const MAX_NAME_WORDS = 8;
/** Most words of a name that begins small. */
export const MAX_SMALL_WORDS = 4;

const POINTING_WORD = /^(?:it|this|that|them|there|here)$/;

/** "3 seconds", "Escape key for 3 seconds": a name does not end with a time. */
const DURATION =
  /(?:^\S+|\bfor (?:about |at least |at most )?\S+) (?:ms|milliseconds?|secs?|seconds?|mins?|minutes?|hours?|days?|times)$/;

/** A name without quotation marks. */
export const NAME: Slot<string> = {
  isGreedy: false,
  read(phrase) {
    const { words, length, text } = phrase;
    if (length === 0 || length > MAX_NAME_WORDS) return undefined;
    // Words without a name: what uses the target says so.
    if (length === 1 && (POINTING_WORD.test(words[0] ?? "") || text === "A")) return phrase.raw;
    const joined = words.join(" ");
    if (/[\uFDD0-\uFDD5]/.test(text) || words.some((word) => /^[,;:()]$/.test(word))) return undefined;
    if (/^(?:log|sign|continue|log ?in|sign ?in|sign up) (?:in |up )?with [\p{L}]+$/u.test(joined))
      return phrase.raw;
    if (DURATION.test(joined)) return undefined;
    // "Click Next" names a button.
    if (joined !== "next" && words.some((word) => NEVER_IN_NAMES.test(word))) return undefined;
    if (/^\p{Ll}/u.test(text) && !SPOKEN.test(joined)) {
      if (length > MAX_SMALL_WORDS || words.some((word) => LINKING.test(word))) return undefined;
    }
    const [first = "", last = ""] = [words[0], words.at(-1)];
    if (/^(?:and|or|of|to|in|on|by|as|for|at)$/.test(first) && length > 1 && !/^\p{Lu}/u.test(text))
      return undefined;
    if (/^(?:and|or|of|for|at)$/.test(last)) return undefined;
    return phrase.raw;
  },
};
