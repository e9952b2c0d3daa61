import type { Locator } from "../../protocol/commands.js";
import { bySpelling, literalXPath, type Name } from "./names.js";

/**
 * The locators that stand for an element that a person has named, the likeliest first. Only the first is looked
 * for at once; the others have their turn together a second later, so that they are in the order of their worth:
 * whole names before parts of names, what a person sees before ids.
 */
export type Locators = Locator[];

/** Elements of a CSS selector. */
export function css(selector: string): Locator {
  return { locator_type: "css", locator_value: selector };
}

export function byRole(role: string, name: string): Locator {
  return { locator_type: "role", locator_value: role, locator_name: name };
}

export function roles({ exact }: Name, role: string): Locators {
  return exact.map((text) => byRole(role, text));
}

export function looseRoles({ loose }: Name, role: string): Locators {
  return loose.map((text) => ({ ...byRole(role, text), exact: false }));
}

export function labels({ exact }: Name): Locators {
  return exact.map((text) => exactly("label", text));
}

export function looseLabels({ loose }: Name): Locators {
  return loose.map((text) => loosely("label", text));
}

export function placeholders({ exact }: Name): Locators {
  return exact.map((text) => exactly("placeholder", text));
}

export function texts({ exact }: Name): Locators {
  return exact.map((text) => exactly("text", text));
}

export function exactly(type: Locator["locator_type"], text: string): Locator {
  return { locator_type: type, locator_value: text };
}

export function loosely(type: Locator["locator_type"], text: string): Locator {
  return { ...exactly(type, text), exact: false };
}

/** Test ids are written with dashes by custom. */
export function testIds({ words }: Name): Locators {
  return words.length === 0 ? [] : [exactly("test_id", words.join("-"))];
}

/** Elements with an attribute that spells the name as programmers do: `first_name`, `first-name`, `firstName`. */
export function byAttributes(
  elements: string,
  attributes: string[],
  { words }: Name,
  { part = false } = {},
): Locators {
  const spellings = bySpelling(words);
  if (spellings.length === 0) return [];
  const tests = attributes.flatMap((attribute) =>
    spellings.map((spelling) => `[${attribute}${part ? "*" : ""}="${spelling}" i]`),
  );
  return [css(tests.length === 1 ? elements + tests.join("") : `${elements}:is(${tests.join(",")})`)];
}

/** The next such element after a label that is tied to none. */
export function besideLabel({ exact: [text = ""] }: Name, elements: string): Locator {
  const label = `//label[normalize-space()=${literalXPath(text)}]`;
  return { locator_type: "xpath", locator_value: `(${label}/following::*[${elements}])[1]` };
}
