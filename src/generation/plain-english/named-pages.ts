import type { Locator, Script } from "../../protocol/commands.js";
import type { Slot } from "./grammar/phrase.js";
import type { Check } from "./meaning.js";
import { literalXPath } from "./names.js";

const NOUN = /^(?:page|screen|view|web ?page)$/;

/** "the “Users” page", "the Dashboard page", "page “Inventory”": a page with a name, without the word for it. */
export const NAMED_PAGE: Slot<string> = {
  name: "named page",
  isGreedy: false,
  read(phrase) {
    const bare = phrase.part(/^(?:the|an?|a new)$/.test(phrase.words[0] ?? "") ? 1 : 0);
    const { words, length } = bare;
    if (length < 2 || length > 6) return undefined;
    const name = NOUN.test(words.at(-1) ?? "")
      ? bare.part(0, length - 1)
      : NOUN.test(words[0] ?? "") && length === 2
        ? bare.part(1)
        : undefined;
    if (name === undefined) return undefined;
    if (name.length === 1 && name.words[0]?.startsWith("\uFDD0") === true)
      return name.marking.value(name.text);
    const isName = name.text
      .split(" ")
      .every((word) => /^(?:\p{Lu}[\p{L}\p{N}'-]*|of|and|&|\d+)$/u.test(word));
    return isName && /^\p{Lu}/u.test(name.text) && name.words[0] !== "no" ? name.raw : undefined;
  },
};

const LETTERS = ["ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"] as const;
const SMALL = `translate(normalize-space(.),'${LETTERS[0]}','${LETTERS[1]}')`;

/**
 * The places where a page says which one it is: its heading, its title, or what is styled as one. Its name alone, anywhere
 * on the page, would be found in the menu of every other page as well.
 */
function titlesOf(name: string): [Locator, ...Locator[]] {
  const said = literalXPath(name.toLowerCase());
  const xpath = (locator_value: string): Locator => ({ locator_type: "xpath", locator_value });
  return [
    { locator_type: "role", locator_value: "heading", locator_name: name, exact: false },
    xpath(`//head/title[contains(${SMALL},${said})]`),
    xpath(
      `//*[contains(@class,'title') or contains(@class,'heading')][not(ancestor-or-self::a or ancestor-or-self::nav or ancestor-or-self::button)][${SMALL}=${said}]`,
    ),
  ];
}

/** A check that a page with this name is the one that is shown. */
export function pageShown(name: string, not: boolean): Check {
  const [first, ...others] = titlesOf(name);
  const commands: Script = not
    ? [{ action: "verify_element_absent", ...first }]
    : [{ action: "verify_element_present", ...first, alternatives: others }];
  return {
    kind: "check",
    commands,
    expected: [`The heading or title of the page ${not ? "does not say" : "says"} “${name}”`],
  };
}
