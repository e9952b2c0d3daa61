import { isVisible } from "./element.ts";
import type { PageLocator } from "./requests.ts";
import { byText, isLabelled, normalize, shownText, textMatcher, type TextMatcher } from "./text.ts";
import { deep, isInside, type Root } from "./tree.ts";

/** The locator cannot be understood, so waiting for it is of no use. */
export class InvalidLocator extends Error {}

/** Types of locators that name what a person perceives. */
const PERCEIVED = new Set<PageLocator["type"]>(["text", "label", "placeholder", "alt", "title"]);

/**
 * The element that the locator finds. Without `nth` that is the first, as WebDriver's Find Element has it; of
 * several that bear the same text it is the first that can be seen, for a person perceives no other.
 * Everything but XPath looks into open shadow roots too.
 */
export function locate(locator: PageLocator): Element | null {
  const root = locator.within === undefined ? document : locate(locator.within);
  if (root === null) return null;
  const { nth } = locator;
  if (nth !== undefined && nth !== 0) return Array.from(matchesOf(locator, root)).at(nth) ?? null;
  let first: Element | null = null;
  for (const element of matchesOf(locator, root)) {
    if (nth === 0 || !PERCEIVED.has(locator.type) || isVisible(element)) return element;
    first ??= element;
  }
  return first;
}

/** How many elements the locator finds, whatever its `nth`. */
export function countOf(locator: PageLocator): number {
  const root = locator.within === undefined ? document : locate(locator.within);
  return root === null ? 0 : Array.from(matchesOf(locator, root)).length;
}

function matchesOf(locator: PageLocator, root: Root): Iterable<Element> {
  const { type, value, exact } = locator;
  switch (type) {
    case "id":
    case "name":
    case "class":
    case "tag":
    case "css":
    case "test_id":
      return deep(root, selectorOf(locator));
    case "xpath":
      return valid(() => byXPath(value, root));
    case "link_text":
      return links(root, (text) => text === value.trim());
    case "partial_link_text":
      return links(root, (text) => text.includes(value));
    case "placeholder":
    case "alt":
    case "title":
      return byAttribute(root, type, textMatcher(value, exact));
    case "label":
      return byLabel(root, textMatcher(value, exact));
    case "text":
      return byText(root, value, exact);
    case "role":
      return byRole(locator, root);
  }
}

function selectorOf({ type, value }: PageLocator): string {
  if (type === "css") return value;
  if (type === "id") return `#${CSS.escape(value)}`;
  if (type === "tag") return value === "*" ? value : CSS.escape(value);
  if (type === "class") {
    return value
      .trim()
      .split(/\s+/)
      .map((name) => `.${CSS.escape(name)}`)
      .join("");
  }
  return `[${type === "name" ? "name" : "data-testid"}="${CSS.escape(value)}"]`;
}

function byXPath(expression: string, root: Root): Element[] {
  const type = XPathResult.ORDERED_NODE_SNAPSHOT_TYPE;
  const result = document.evaluate(expression, root, null, type, null);
  const found: Element[] = [];
  for (let i = 0; i < result.snapshotLength; i++) {
    const node = result.snapshotItem(i);
    if (!(node instanceof Element)) {
      throw new InvalidLocator(`the XPath finds ${node?.nodeName ?? "nothing"}, not an element`);
    }
    // An absolute path leads out of the container again.
    if (node !== root && isInside(node, root)) found.push(node);
  }
  return found;
}

function* links(root: Root, matches: (text: string) => boolean): Generator<Element> {
  for (const link of deep(root, "a")) if (matches(normalize(shownText(link)))) yield link;
}

function* byAttribute(root: Root, name: string, matches: TextMatcher): Generator<Element> {
  for (const element of deep(root, `[${name}]`)) {
    if (matches(element.getAttribute(name) ?? "", element)) yield element;
  }
}

const LABELLED = "[aria-labelledby],[aria-label],input,textarea,select,button,meter,output,progress";

function* byLabel(root: Root, matches: TextMatcher): Generator<Element> {
  for (const element of deep(root, LABELLED)) {
    if (isLabelled(element, matches)) yield element;
  }
}

function byRole({ value, name, exact }: PageLocator, root: Root): Iterable<Element> {
  const roles = rolesOf();
  if (roles === undefined) throw new Error("the script for roles is not installed");
  const named = name === undefined ? undefined : { name, exact };
  return roles.find(root, roles.roleOf(value) ?? "", named);
}

/** The script for roles, if it is there: an element of the page may have its name, and is none of our variables. */
export function rolesOf(): typeof globalThis.stepwireRoles {
  return Object.hasOwn(globalThis, "stepwireRoles") ? globalThis.stepwireRoles : undefined;
}

/** Whether the script for roles has to be there before the locator can be looked for. */
export function needsRoles({ type, within }: PageLocator): boolean {
  return type === "role" || (within !== undefined && needsRoles(within));
}

/**
 * Makes sure that a locator can be understood, its containers included, before anything depends on it.
 *
 * @throws InvalidLocator
 */
export function check(locator: PageLocator): void {
  const { type, value, name, within } = locator;
  if (type === "css" || type === "class") valid(() => document.querySelector(selectorOf(locator)));
  if (type === "xpath") valid(() => document.evaluate(value, document, null, XPathResult.ANY_TYPE, null));
  if (type === "role" && rolesOf()?.roleOf(value) === undefined) {
    throw new InvalidLocator(`${JSON.stringify(value)} is no ARIA role that an element can have`);
  }
  if (PERCEIVED.has(type) && normalize(value) === "") throw new InvalidLocator(`the ${type} is blank`);
  if (name !== undefined && normalize(name) === "") throw new InvalidLocator("the name is blank");
  if (within !== undefined) check(within);
}

function valid<T>(find: () => T): T {
  try {
    return find();
  } catch (error) {
    if (error instanceof InvalidLocator) throw error;
    throw new InvalidLocator(error instanceof Error ? error.message : String(error));
  }
}
