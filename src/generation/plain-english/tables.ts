import type { Slot } from "./grammar/phrase.js";

/** A table of a feature file, row by row. */
export const TABLE: Slot<string[][]> = {
  name: "table",
  isGreedy: false,
  read(phrase) {
    const [word = ""] = phrase.words;
    return phrase.length === 1 && word.startsWith("\uFDD5") ? phrase.marking.table(phrase.text) : undefined;
  },
};
