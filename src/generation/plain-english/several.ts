import type { DescribedElement } from "./elements.js";
import type { Phrase, Slot } from "./grammar/phrase.js";
import { kindOf } from "./kinds.js";
import { isQuote } from "./spoken-names.js";
import { readTarget } from "./targets.js";

/** `the fields "Name" and "Email"`, `"Name" and "Email" fields`: elements of one kind, each with its name. */
export const SEVERAL_ELEMENTS: Slot<DescribedElement[]> = {
  name: "elements",
  isGreedy: true,
  read(phrase) {
    const bare = phrase.part(/^(?:the|both|following)$/.test(phrase.words[0] ?? "") ? 1 : 0);
    const { words } = bare;
    const [first = "", last = ""] = [words[0], words.at(-1)];
    const kind = singular(isQuote(first) ? last : first);
    if (kind === undefined) return undefined;
    const names = isQuote(first) ? bare.part(0, bare.length - 1) : bare.part(words[1] === ":" ? 2 : 1);
    const quotes = namesIn(names);
    const targets = quotes?.map((name) => readTarget(`${name} ${kind}`, phrase.context));
    // Every quotation before the word for a kind is an element.
    return targets?.every((target) => target !== undefined) === true ? targets : undefined;
  },
};

/** "fields" is "field", where that is a kind of element. */
function singular(word: string): string | undefined {
  if (!word.endsWith("s")) return undefined;
  const one = word.replace(/(?:(?<=x)es|s)$/, "");
  return kindOf(one) === undefined ? undefined : one;
}

function namesIn(phrase: Phrase): string[] | undefined {
  const names: string[] = [];
  for (const word of phrase.words) {
    if (isQuote(word)) names.push(word);
    else if (!/^(?:and|,)$/.test(word)) return undefined;
  }
  return names.length > 1 ? names : undefined;
}
