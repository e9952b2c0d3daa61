import type { Slot } from "./grammar/phrase.js";

/** A statement's verb: whether it says or denies. */
export interface Being {
  not: boolean;
}

const MODAL = /^(?:should|must|will|shall|can|could|may|needs?|to|does|do|did|has|have|had|be)$/;
const BE =
  /^(?:is|are|be|was|were|being|been|becomes?|became|remains?|stays?|gets?|got|appears?|looks?|seems?|am|changed|changes)$/;
const NOT =
  /^(?:not|never|no|longer|cannot)$|^(?:is|are|was|were|should|must|wo|does|do|did|has|have|can|could)n't$/;
/** Words that change nothing about a check. */
const ADVERB =
  /^(?:now|then|also|still|already|again|correctly|successfully|properly|clearly|automatically|initially|fully|always|both|all|currently|be|to|able|as)$/;

/** "is", "should not be", "is no longer", "remains": with `be` in some form. */
export const IS: Slot<Being> = {
  name: "is",
  isGreedy: true,
  read: ({ words }) => {
    if (words.length === 0 || words.length > 7) return undefined;
    const isBe = words.some((word) => BE.test(word) || /^(?:is|are|was|were)n't$/.test(word));
    return isBe ? being(words) : undefined;
  },
};

/** "should", "does not", "must also": the words before another verb; none where there is no word. */
export const DOES: Slot<Being> = {
  name: "does",
  isGreedy: true,
  read: ({ words }) => (words.length === 0 ? { not: false } : words.length > 5 ? undefined : being(words)),
};

function being(words: readonly string[]): Being | undefined {
  if (!words.every((word) => MODAL.test(word) || BE.test(word) || NOT.test(word) || ADVERB.test(word)))
    return undefined;
  return { not: words.some((word) => NOT.test(word) && word !== "longer") };
}
