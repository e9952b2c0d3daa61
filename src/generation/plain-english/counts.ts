import type { Command, Locator } from "../../protocol/commands.js";
import { DOES, IS } from "./being.js";
import { roleOf } from "./finding.js";
import { form, maybe } from "./grammar/pattern.js";
import type { Phrase, Slot } from "./grammar/phrase.js";
import { kindOf } from "./kinds.js";
import { problem, type Check, type Meaning, type Rule } from "./meaning.js";
import { RELATION } from "./relations.js";
import { selectorIn } from "./selectors.js";
import { NUMBER, REST } from "./values.js";

interface Amount {
  count: number;
  comparison: "equal" | "at_least" | "at_most";
  words: string;
}

/** "3", "at least two", "only one". */
const AMOUNT: Slot<Amount> = {
  name: "amount",
  isGreedy: true,
  read(phrase) {
    const words = phrase.words;
    const limit = words.slice(0, -1).join(" ");
    // "There is no Archive button" is about one that is gone.
    const number = /^(?:a|an|half|no)$/.test(words.at(-1) ?? "")
      ? undefined
      : phrase.part(Math.max(words.length - 1, 0)).read(NUMBER);
    if (number === undefined || !Number.isInteger(number) || !(limit === "" || LIMITS.test(limit)))
      return undefined;
    return { ...counting(limit, number), words: phrase.raw };
  },
};
const LIMITS =
  /^(?:exactly|at least|at most|no more than|no fewer than|no less than|more than|fewer than|less than|only|just|a total of)$/;

interface Things {
  target: Locator | undefined;
  words: string;
}

/** Things that are counted: "“Delete” buttons", "css=.product elements". */
const THINGS: Slot<Things> = {
  name: "elements",
  isGreedy: true,
  read(phrase) {
    const words = phrase.words.filter((word) => !/^(?:the|elements?)$/.test(word));
    const locator = phrase.marking.locator(phrase.text);
    if (
      locator !== undefined &&
      (words.length === 1 || (words.length === 2 && /^[a-z]+$/.test(words[1] ?? "")))
    ) {
      return { target: locator, words: phrase.raw };
    }
    const isNamed = words[0]?.startsWith("\uFDD0") === true;
    const nouns = (isNamed ? words.slice(1) : words).join(" ");
    const selector = isNamed && nouns === "" ? selectorIn(phrase.marking.value(words[0] ?? "")) : undefined;
    if (selector !== undefined) return { target: selector, words: phrase.raw };
    if (!/^[a-z][a-z -]{1,25}$/.test(nouns)) return undefined;
    const name = isNamed ? phrase.marking.value(words[0] ?? "") : undefined;
    return { target: countable(nouns, name), words: phrase.raw };
  },
};

const ON_PAGE: Slot<true> = {
  name: "on the page",
  isGreedy: false,
  read: (phrase) => {
    const relation = phrase.read(RELATION);
    return relation !== undefined && relation.within === undefined && relation.isLoose !== true
      ? true
      : undefined;
  },
};
const HOLDER: Slot<true> = {
  isGreedy: false,
  read: ({ words }) =>
    /^(?:the |this )?(?:page|screen|site|app|application)$/.test(words.join(" ")) ? true : undefined,
};

const THERE_ARE = form`there ${IS} ${AMOUNT} ${THINGS} ${maybe(ON_PAGE)}`;
const HELD = form`${HOLDER} ${DOES} (has|have|contain|contains|show|shows|display|displays) ${AMOUNT} ${THINGS} ${maybe(ON_PAGE)}`;
const SHOWN_COUNT = form`${AMOUNT} ${THINGS} ${IS} (shown|displayed|visible|present|listed|there) ${maybe(ON_PAGE)}`;
const NUMBER_OF = form`[the] number|count|amount of ${THINGS} ${maybe(ON_PAGE)} ${IS} ${AMOUNT}`;
const UNCOUNTED = form`(there|the page|the table|the list) ${DOES} [is|are|be] [has|have|contains|contain|shows] ${AMOUNT} ${REST}`;

function countOf(amount: Amount, things: Things, not: boolean): Meaning | undefined {
  if (things.target === undefined) return undefined;
  const { count: expected_count, comparison } = amount;
  return checking(
    {
      action: "verify_count",
      ...things.target,
      expected_count,
      ...(comparison === "equal" ? {} : { comparison }),
      ...(not ? { not } : {}),
    },
    `There are ${not ? "not " : ""}${amount.words} ${things.words}`,
  );
}

/** "There are 3 “Delete” buttons" and the like. */
export function counted(clause: Phrase): Meaning | undefined {
  const found =
    THERE_ARE.match(clause, ({ not }, amount, things) => countOf(amount, things, not)) ??
    HELD.match(clause, (_holder, { not }, amount, things) => countOf(amount, things, not)) ??
    SHOWN_COUNT.match(clause, (amount, things, { not }) => countOf(amount, things, not)) ??
    NUMBER_OF.match(clause, (things, _place, { not }, amount) => countOf(amount, things, not));
  if (found !== undefined) return found;
  const isCount = UNCOUNTED.match(clause, () => true) ?? NUMBER_OF.match(clause, () => true);
  return isCount ? problem("say how they are found, such as: There are 3 css=.product elements") : undefined;
}

/** Elements that a page itself tells apart: "products" and "results" have no role. */
function countable(word: string, name: string | undefined): Locator | undefined {
  const kind = kindOf(word) ?? kindOf(word.replace(/(?:(?<=x)es|s)$/i, ""));
  const role = /^list items?$/i.test(word) ? "listitem" : kind && roleOf(kind);
  if (role === undefined) return undefined;
  const locator = { locator_type: "role" as const, locator_value: role };
  return name === undefined ? locator : { ...locator, locator_name: name };
}

function counting(limit: string, count: number): Omit<Amount, "words"> {
  switch (limit) {
    case "at least":
    case "no fewer than":
    case "no less than":
      return { count, comparison: "at_least" };
    case "more than":
      return { count: count + 1, comparison: "at_least" };
    case "at most":
    case "no more than":
      return { count, comparison: "at_most" };
    case "fewer than":
    case "less than":
      return { count: Math.max(count - 1, 0), comparison: "at_most" };
    default:
      return { count, comparison: "equal" };
  }
}

/** "3 “Delete” buttons", where a verb before it asks for a check. */
export const countedAfterVerb: Rule = (clause) =>
  form`${AMOUNT} ${THINGS} ${maybe(ON_PAGE)}`.match(clause, (amount, things) =>
    countOf(amount, things, false),
  );

function checking(command: Command, expected: string): Check {
  return { kind: "check", commands: [command], expected: [expected] };
}
