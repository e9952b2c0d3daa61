import { labelsOf } from "./labels.ts";
import type { Root } from "./tree.ts";

/** Text as a person compares it: white space of any kind and amount is one space. */
export function normalize(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Tells whether a text, found on an element, is the one that a locator names. */
export type TextMatcher = (text: string, element: Element) => boolean;

/**
 * @param exact the whole text with its case, as it is in the document or as it is shown (a style may show it in
 * capitals); otherwise anywhere and in any case
 */
export function textMatcher(wanted: string, exact = true): TextMatcher {
  const whole = normalize(wanted);
  const folded = whole.toLowerCase();
  if (!exact) return (text) => normalize(text).toLowerCase().includes(folded);
  return (text, element) => {
    const seen = normalize(text);
    if (seen === whole) return true;
    return seen.toLowerCase() === folded && normalize(shownText(element)) === whole;
  };
}

/** The text of an element as it is drawn, where elements of its kind can tell. */
export function shownText(element: Element): string {
  return element instanceof HTMLElement ? element.innerText : element.textContent;
}

/** Elements whose text is not for people. */
const UNREAD = new Set(["script", "style", "noscript", "head", "template"]);

/**
 * The smallest elements whose text matches, as Playwright's `getByText` finds them: elements of which no child
 * matches as well. https://playwright.dev/docs/locators#locate-by-text
 */
export function byText(root: Root, wanted: string, exact = true): Element[] {
  const texts = new TextsOf();
  const matches = textMatcher(wanted, exact);
  const needle = normalize(wanted).toLowerCase();
  const found: Element[] = [];
  const visit = (element: Element): boolean => {
    if (UNREAD.has(element.localName)) return false;
    const text = texts.of(element);
    // Nothing inside can match what the text around it does not even contain.
    if (text.length < needle.length || !text.toLowerCase().includes(needle)) return false;
    const isMatchedInside = visitAll(element);
    if (!matches(text, element)) return false;
    if (!isMatchedInside) found.push(element);
    return true;
  };
  const visitAll = (parent: Root): boolean => {
    let isMatched = false;
    for (const child of parent.children) isMatched = visit(child) || isMatched;
    if (parent instanceof Element && parent.shadowRoot) isMatched = visitAll(parent.shadowRoot) || isMatched;
    return isMatched;
  };
  visitAll(root);
  return found;
}

/** The texts of elements with their white space collapsed, each put together once. */
class TextsOf {
  readonly #known = new Map<Node, string>();

  of(node: Element | ShadowRoot): string {
    let text = this.#known.get(node);
    if (text === undefined) this.#known.set(node, (text = this.#read(node)));
    return text;
  }

  #read(node: Element | ShadowRoot): string {
    if (node instanceof HTMLInputElement) return isButton(node) ? normalize(node.value) : "";
    let text = "";
    let endsInSpace = false;
    // Looking at the end of `text` itself would make the engine copy it for every piece that is added.
    const append = (piece: string) => {
      if (piece === "") return;
      text += endsInSpace && piece.startsWith(" ") ? piece.slice(1) : piece;
      endsInSpace = piece.endsWith(" ");
    };
    for (let child = node.firstChild; child !== null; child = child.nextSibling) {
      if (child instanceof Text) append(child.data.replace(/\s+/g, " "));
      else if (child instanceof Element && !UNREAD.has(child.localName)) append(this.of(child));
    }
    if (node instanceof Element && node.shadowRoot) append(this.of(node.shadowRoot));
    return text;
  }
}

function isButton({ type }: HTMLInputElement): boolean {
  return type === "button" || type === "submit" || type === "reset";
}

/** Texts that a label may stand beside: a field's own content is no part of its label. */
const OF_FIELDS = "script,style,noscript,select,textarea,datalist";

/**
 * Tells whether an element's label matches: `aria-labelledby` before `aria-label` before `<label>`, as for browsers.
 */
export function isLabelled(element: Element, matches: TextMatcher): boolean {
  const references = element.getAttribute("aria-labelledby")?.split(/\s+/) ?? [];
  const root = element.getRootNode() as Document | ShadowRoot; // Only elements in a document are looked at.
  const labels = references.flatMap((id) =>
    id === "" ? [] : (root.querySelector(`#${CSS.escape(id)}`) ?? []),
  );
  if (labels.length > 1 && matches(labels.map(labelText).join(" "), element)) return true;
  if (labels.length > 0) return labels.some((label) => matches(labelText(label), label));
  const label = element.getAttribute("aria-label");
  if (label?.trim()) return matches(label, element);
  return labelsOf(element).some((each) => matches(labelText(each), each));
}

function labelText(label: Element): string {
  let text = "";
  for (const child of label.childNodes) {
    if (child instanceof Text) text += child.data;
    else if (child instanceof Element && !child.matches(OF_FIELDS)) text += labelText(child);
  }
  return text;
}
