import { controlOf, isCustom } from "./element.ts";
import { closestOf, WantedText } from "./likeness.ts";
import type { PageLocator } from "./requests.ts";
import { normalize } from "./same-text.ts";
import { isInSight } from "./sight.ts";
import { byLinkText, byText, labelLikeness, wantedName } from "./text.ts";
import { deep, isInside, type Root } from "./tree.ts";

/** The locator cannot be understood, so waiting for it is of no use. */
export class InvalidLocator extends Error {}

/** The way in which the elements of one type of locator are found. */
interface Finder {
  find: (locator: PageLocator, root: Root) => Iterable<Element>;
  /** Makes sure that such a locator can be understood. @throws InvalidLocator */
  check?: (locator: PageLocator) => void;
}

/** Every type of locator; a missing one does not compile. */
const FINDERS: Readonly<Record<PageLocator["type"], Finder>> = {
  id: bySelector((value) => `#${CSS.escape(value)}`),
  name: bySelector((value) => `[name="${CSS.escape(value)}"]`),
  class: checked(bySelector(classSelector)),
  tag: bySelector((value) => (value === "*" ? value : CSS.escape(value))),
  css: checked(bySelector((value) => value)),
  test_id: bySelector((value) => `[data-testid="${CSS.escape(value)}"]`),
  xpath: {
    find: ({ value }, root) => valid(() => byXPath(value, root)),
    check: ({ value }) => valid(() => document.evaluate(value, document, null, XPathResult.ANY_TYPE, null)),
  },
  link_text: { find: ({ value }, root) => byLinkText(root, new WantedText(value, "whole")) },
  partial_link_text: { find: ({ value }, root) => byLinkText(root, new WantedText(value, "part")) },
  placeholder: perceived(byAttribute),
  alt: perceived(byAttribute),
  title: perceived(byAttribute),
  label: perceived(byLabel),
  text: perceived((locator, root) => byText(root, wantedOf(locator))),
  role: { find: byRole, check: checkRole },
};

/**
 * Every element that the locator finds, in the order of the document; the one that it names where it has an `nth`.
 * Everything but XPath looks into open shadow roots too.
 */
export function* matchesOf(locator: PageLocator): Generator<Element> {
  const { type, nth, within } = locator;
  const { find } = FINDERS[type];
  if (nth !== undefined) {
    const root = within === undefined ? document : locate(within);
    const match = root && nthOf(find(locator, root), nth);
    if (match) yield match;
  } else if (within === undefined) {
    yield* find(locator, document);
  } else {
    const known = new Set<Element>(); // One container may be inside another.
    const isNew = (match: Element) => known.size < known.add(match).size;
    for (const root of matchesOf(within)) yield* Array.from(find(locator, root)).filter(isNew);
  }
}

function nthOf(matches: Iterable<Element>, nth: number): Element | undefined {
  if (nth !== 0) return Array.from(matches).at(nth);
  for (const match of matches) return match;
  return undefined;
}

/** The first match that people see, covered or not; the first of all where they see none. */
export function locate(locator: PageLocator): Element | null {
  let first: Element | null = null;
  for (const match of matchesOf(locator)) {
    if (locator.nth !== undefined || isInSight(match)) return match;
    first ??= match;
  }
  return first;
}

/** Counts the elements that the locator finds, seen or not, whatever its `nth`, in the first container that is seen. */
export function countOf(locator: PageLocator): number {
  const root = locator.within === undefined ? document : locate(locator.within);
  return root === null ? 0 : Array.from(FINDERS[locator.type].find(locator, root)).length;
}

function bySelector(
  selectorOf: (value: string) => string,
): Finder & { selectorOf: (value: string) => string } {
  return { find: ({ value }, root) => deep(root, selectorOf(value)), selectorOf };
}

/** Adds a check to a selector that an author can get wrong; to check the others would only cost time. */
function checked({ find, selectorOf }: ReturnType<typeof bySelector>): Finder {
  return { find, check: ({ value }) => valid(() => document.querySelector(selectorOf(value))) };
}

function classSelector(value: string): string {
  return value
    .trim()
    .split(/\s+/)
    .map((name) => `.${CSS.escape(name)}`)
    .join("");
}

function perceived(find: Finder["find"]): Finder {
  const check = ({ type, value }: PageLocator) => {
    if (normalize(value) === "") throw new InvalidLocator(`the ${type} is blank`);
  };
  return { find, check };
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

/** The type of the locator is the attribute's name. */
function* byAttribute(locator: PageLocator, root: Root): Generator<Element> {
  const { type } = locator;
  const wanted = wantedOf(locator);
  const likenesses = function* () {
    for (const element of deep(root, `[${type}]`)) {
      yield [element, wanted.likenessOf(element.getAttribute(type) ?? "")] as const;
    }
  };
  yield* closestOf(likenesses());
}

const LABELLED = "[aria-labelledby],[aria-label],input,textarea,select,button,meter,output,progress";

function* byLabel(locator: PageLocator, root: Root): Generator<Element> {
  const wanted = wantedOf(locator);
  const likenesses = function* () {
    for (const element of deep(root, LABELLED)) yield [element, labelLikeness(element, wanted)] as const;
    // Elements that a page has defined may be labelled whatever they are called.
    for (const label of deep(root, "label")) {
      const control = controlOf(label);
      if (isCustom(control) && !control.matches(LABELLED))
        yield [control, labelLikeness(control, wanted)] as const;
    }
  };
  yield* closestOf(likenesses());
}

function wantedOf({ value, exact = true }: Pick<PageLocator, "value" | "exact">): WantedText {
  return new WantedText(value, exact ? "whole" : "part in any case");
}

function byRole({ value, name, exact }: PageLocator, root: Root): Iterable<Element> {
  const roles = rolesOf();
  if (roles === undefined) throw new Error("the script for roles is not installed");
  const wanted = name === undefined ? undefined : wantedName(wantedOf({ value: name, exact }));
  return closestOf(roles.find(root, roles.roleOf(value) ?? "", wanted));
}

/** The script for roles, if it is there: an element of the page may have the same name, but is not the script. */
export function rolesOf(): typeof globalThis.stepwireRoles {
  return Object.hasOwn(globalThis, "stepwireRoles") ? globalThis.stepwireRoles : undefined;
}

function checkRole({ value }: PageLocator): void {
  if (rolesOf()?.roleOf(value) === undefined) {
    throw new InvalidLocator(`${JSON.stringify(value)} is no ARIA role that an element can have`);
  }
}

/**
 * Makes sure that a locator can be understood, its containers included, before anything depends on it.
 *
 * @throws InvalidLocator
 */
export function check(locator: PageLocator): void {
  const { type, name, within } = locator;
  FINDERS[type].check?.(locator);
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
