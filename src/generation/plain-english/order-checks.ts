import type { Command } from "../../protocol/commands.js";
import { DOES } from "./being.js";
import { form, maybe } from "./grammar/pattern.js";
import type { Slot } from "./grammar/phrase.js";
import { rule, type Check, type Rule } from "./meaning.js";
import { literalXPath } from "./names.js";
import { quoted } from "./seen.js";
import { QUOTE } from "./values.js";

/** The quoted types of Behat that stand for any text. */
const TEXT_TYPE: Slot<true> = {
  name: '"type"',
  isGreedy: false,
  read: (phrase) =>
    /^(?:text|link|button|heading|table_row|row|item|entry|field|list_item)$/.test(
      phrase.length === 1 ? phrase.marking.value(phrase.text) : "",
    )
      ? true
      : undefined,
};

/** `"A", "B" and "C"`. */
const QUOTES: Slot<string[]> = {
  name: '"text", "text"',
  isGreedy: true,
  read({ words, marking }) {
    const quotes = words.filter((word) => !/^(?:,|and|then)$/.test(word));
    const isList = quotes.length > 1 && quotes.every((word) => word.startsWith("\uFDD0"));
    return isList ? quotes.map((quote) => marking.value(quote)) : undefined;
  },
};

/** "the products in the list": what is in order, which its texts say. */
const THINGS: Slot<true> = {
  name: "the things",
  isGreedy: false,
  read: ({ words }) =>
    /^(?:they|(?:the |all )(?:\p{L}+ ){0,2}\p{L}+(?: (?:in|of|on) the (?:list|table|page|grid|menu))?)$/u.test(
      words.join(" "),
    )
      ? true
      : undefined,
};

/** Elements of which each comes after the one before. */
function inOrder(texts: readonly string[], not = false): Check {
  const pairs = texts.slice(1).map((second, index) => [texts[index] ?? "", second] as const);
  const commands = pairs.map(([first, second]): Command => ({
    action: "verify_element_present",
    locator_type: "xpath",
    locator_value: `//*${says(first)}/following::*${says(second)}`,
    ...(not ? { not } : {}),
  }));
  const expected = pairs.map(
    ([first, second]) => `${quoted(first)} ${not ? "does not come" : "comes"} before ${quoted(second)}`,
  );
  return { kind: "check", commands, expected };
}

/** An element with a text. Scripts often have every text of the page, in an order of their own. */
function says(text: string): string {
  const unseen = "self::script or self::style or self::template or self::noscript";
  return `[text()[contains(normalize-space(.),${literalXPath(text)})]][not(${unseen})]`;
}

/** Statements about what comes before what. */
export const ORDER_CHECKS: Rule[] = [
  rule(
    form`[the] ${QUOTE} ${maybe(TEXT_TYPE)} ${DOES} (appear|appears|come|comes|be shown|is shown|be displayed|be listed|is listed) (before|above) [the] ${QUOTE} ${maybe(TEXT_TYPE)}`,
    (first, _type, { not }, second) => inOrder([first, second], not),
  ),
  rule(
    form`[the] ${QUOTE} ${maybe(TEXT_TYPE)} ${DOES} (appear|appears|come|comes|be shown|is shown|be displayed|be listed|is listed) (after|below) [the] ${QUOTE} ${maybe(TEXT_TYPE)}`,
    (first, _type, { not }, second) => inOrder([second, first], not),
  ),
  rule(
    form`${THINGS} [should|must|are|is] [now] [be] (sorted|ordered|listed|shown|displayed|appear|appears) in (this|the following|that) order [:] ${QUOTES}`,
    (_things, texts) => inOrder(texts),
  ),
];
