import { labelsOf } from "./labels.ts";
import {
  bestOf,
  closestOf,
  lessened,
  squeeze,
  undecorated,
  type Likeness,
  type WantedText,
} from "./likeness.ts";
import type { WantedName } from "./roles.ts";
import { normalize } from "./same-text.ts";
import { seenText } from "./seen-text.ts";
import { deep, firstChildOf, nextSiblingOf, type Root } from "./tree.ts";

/** Elements whose text is not for people. */
const UNREAD = new Set(["script", "style", "noscript", "head", "template"]);

/**
 * The smallest elements whose text matches, as Playwright's `getByText` finds them: elements of which no child
 * matches as well. https://playwright.dev/docs/locators#locate-by-text
 */
export function byText(root: Root, wanted: WantedText): Iterable<Element> {
  const texts = new TextsOf();
  const mayMatch = (element: Element) =>
    !UNREAD.has(element.localName) && texts.of(element).includes(wanted.squeezed);
  const found = smallest(root, mayMatch, (element) =>
    isTooLong(texts.of(element), wanted) ? 0 : likenessOf(element, wanted),
  );
  if (found.length > 0 || wanted.words.length === 1) return closestOf(found);
  const whole = topsOf(root)
    .map((top) => texts.of(top))
    .join("");
  if (whole.includes(wanted.squeezed) || !wanted.hasWordsIn(whole)) return [];
  // Parts that do not count may stand between its words.
  return closestOf(smallestSeen(root, wanted));
}

function smallestSeen(root: Root, wanted: WantedText): [Element, Likeness][] {
  const seen = new Map<Element, string>();
  const mayMatch = (element: Element) => {
    const text = seenText(element);
    seen.set(element, text);
    return squeeze(text).includes(wanted.squeezed);
  };
  return smallest(root, mayMatch, (element) => wanted.likenessOf(seen.get(element) ?? ""));
}

/**
 * Goes through the tree as it is drawn.
 *
 * @param mayMatch false where neither the element matches nor anything in it
 */
function smallest(
  root: Root,
  mayMatch: (element: Element) => boolean,
  likenessOf: (element: Element) => Likeness,
): [Element, Likeness][] {
  const found: [Element, Likeness][] = [];
  const visit = (element: Element): Likeness => {
    if (!mayMatch(element)) return 0;
    const inside = visitAll(element);
    const own = inside === 2 ? 0 : likenessOf(element);
    if (own > inside) found.push([element, own]);
    return own > inside ? own : inside;
  };
  const visitAll = (parent: Element): Likeness => {
    let best: Likeness = 0;
    for (let child = firstChildOf(parent); child !== null; child = nextSiblingOf(child, parent)) {
      const likeness = child instanceof Element ? visit(child) : 0;
      if (likeness > best) best = likeness;
    }
    return best;
  };
  if (root instanceof Element) visitAll(root);
  else for (const top of topsOf(root)) visit(top);
  return found;
}

function topsOf(root: Root): Element[] {
  return root instanceof Element ? [root] : Array.from(root.children);
}

/** Most that a text may be longer than the part of it that is seen, in characters and as a multiple. */
const LONGER_BY = 1_000;
const TIMES_LONGER = 4;

function isTooLong(text: string, { squeezed, isWhole }: WantedText): boolean {
  return isWhole && text.length > TIMES_LONGER * squeezed.length + LONGER_BY;
}

const UNSPOKEN = '[aria-hidden="true" i]';

/** The likeness of an element's text to the wanted one, with or without parts that do not count or are not spoken. */
function likenessOf(element: Element, wanted: WantedText): Likeness {
  return bestOf(
    () => wanted.likenessOf(wholeText(element)),
    () => wanted.likenessOf(seenText(element)),
    () => (element instanceof HTMLElement ? wanted.likenessOf(element.innerText) : 0),
    () => (isSpoken(element) ? 0 : lessened(wanted.likenessOf(seenText(element, UNSPOKEN)))),
  );
}

function isSpoken(element: Element): boolean {
  return element.querySelector(UNSPOKEN) === null && element.shadowRoot?.querySelector(UNSPOKEN) == null;
}

/** The texts of elements without white space and in lower case, hidden parts included, each put together once. */
class TextsOf {
  readonly #known = new Map<Node, string>();

  of(element: Element): string {
    let text = this.#known.get(element);
    if (text === undefined) this.#known.set(element, (text = this.#read(element)));
    return text;
  }

  #read(element: Element): string {
    let text = "";
    forTexts(
      element,
      (piece) => {
        text += squeeze(piece);
      },
      (child) => {
        text += this.of(child);
      },
    );
    return text;
  }
}

/** The text of all nodes in an element, hidden ones included, as it is in the document. */
function wholeText(element: Element): string {
  let text = "";
  const add = (piece: string) => {
    text += piece;
  };
  const addAll = (child: Element) => {
    forTexts(child, add, addAll);
  };
  addAll(element);
  return text;
}

function forTexts(element: Element, onText: (text: string) => void, onElement: (element: Element) => void) {
  if (element instanceof HTMLInputElement) {
    if (isButton(element)) onText(element.value);
    return;
  }
  for (let child = firstChildOf(element); child !== null; child = nextSiblingOf(child, element)) {
    if (child instanceof Text) onText(child.data);
    else if (child instanceof Element && !UNREAD.has(child.localName)) onElement(child);
  }
}

function isButton({ type }: HTMLInputElement): boolean {
  return type === "button" || type === "submit" || type === "reset";
}

export function* byLinkText(root: Root, wanted: WantedText): Generator<Element> {
  const texts = new TextsOf();
  const links = function* (): Generator<readonly [Element, Likeness]> {
    for (const link of deep(root, "a")) {
      if (texts.of(link).includes(wanted.squeezed)) yield [link, likenessOf(link, wanted)];
    }
  };
  yield* closestOf(links());
}

/** Elements inside a label whose texts are a field's own content. */
const OF_FIELDS = "script,style,noscript,select,textarea,datalist";
const CONTROLS = `${OF_FIELDS},input,button`;

/**
 * Tells how well an element's label matches: `aria-labelledby` before `aria-label` before `<label>`, as for browsers.
 */
export function labelLikeness(element: Element, wanted: WantedText): Likeness {
  const references = element.getAttribute("aria-labelledby")?.split(/\s+/) ?? [];
  const root = element.getRootNode() as Document | ShadowRoot; // Only elements in a document are looked at.
  const labels = references.flatMap((id) =>
    id === "" ? [] : (root.querySelector(`#${CSS.escape(id)}`) ?? []),
  );
  const ofLabel = (label: Element) => () => likenessOfLabel(label, wanted);
  if (labels.length > 1) {
    const all = () => wanted.likenessOf(labels.map((label) => labelText(label)).join(" "));
    return bestOf(all, ...labels.map(ofLabel));
  }
  if (labels.length > 0) return bestOf(...labels.map(ofLabel));
  const label = element.getAttribute("aria-label");
  if (label?.trim()) return wanted.likenessOf(label);
  return bestOf(...labelsOf(element).map(ofLabel));
}

function likenessOfLabel(label: Element, wanted: WantedText): Likeness {
  const text = labelText(label);
  if (!wanted.hasWordsIn(normalize(text))) return 0;
  return bestOf(
    () => wanted.likenessOf(text),
    () => wanted.likenessOf(seenText(label, CONTROLS)),
    () => lessened(wanted.likenessOf(seenText(label, `${CONTROLS},${UNSPOKEN}`))),
  );
}

export function labelText(label: Element): string {
  let text = "";
  for (let child = firstChildOf(label); child !== null; child = nextSiblingOf(child, label)) {
    if (child instanceof Text) text += child.data;
    else if (child instanceof Element && !child.matches(OF_FIELDS)) text += labelText(child);
  }
  return text;
}

/**
 * Tells how well an element's accessible name is the wanted one. People do not say what a style adds, and do not see
 * what is there for a screen reader alone.
 */
export function wantedName(wanted: WantedText): WantedName {
  return {
    mayHold: (text) => !wanted.isWhole || wanted.squeezed.includes(squeeze(undecorated(text))),
    likenessOf({ element, name, plainName }) {
      const own = wanted.likenessOf(name);
      if (own > 0 || !wanted.isWhole || !wanted.hasWordsIn(normalize(name))) return own;
      const others = bestOf(
        () => wanted.likenessOf(plainName()),
        () => wanted.likenessOf(seenText(element)),
      );
      return lessened(others);
    },
  };
}
