import type { Places } from "./places.ts";
import { viewOf } from "./sources.ts";

/** Hides places in a window, without an element or an attribute of its own but `style`. */

const HIGHLIGHT = "stepwire-secret";

const UNDER_HIGHLIGHT = `::highlight(${HIGHLIGHT}) {
  color: transparent; fill: transparent; background-color: #000;
  -webkit-text-fill-color: transparent; -webkit-text-stroke-color: transparent;
  text-shadow: none; text-decoration: none;
}`;

/** View transitions show pictures of what was there before, moved and faded. */
const NO_TRANSITIONS = "::view-transition { display: none !important; }";

/** Most black boxes in one document; every place beyond that is hidden all the same. */
const MOST_BOXES = 500;
/** Margin of a box around its place, in CSS pixels, for letters that are larger than their line. */
const MARGIN = 2;

export type Undo = () => void;

/** Hides the places. @returns a function that shows them again */
export function cover({ ranges, covered }: Places): Undo {
  const undo: Undo[] = [];
  const boxes = boxesOf(ranges, covered);
  for (const element of covered) undo.push(hide(boxed(element)));
  for (const [document, own] of byDocument(ranges)) undo.push(...highlight(document, own));
  for (const [document, own] of boxes) undo.push(adopt(document, boxesRule(own)));
  for (const document of new Set([...boxes.keys()]))
    if (isChanging(document)) undo.push(adopt(document, NO_TRANSITIONS));
  return () => {
    for (const step of undo.splice(0).reverse()) step();
  };
}

/** An element without a box of its own cannot be hidden; the one around it can. */
function boxed(element: Element): HTMLElement {
  let box = element;
  while (box.parentElement && viewOf(box)?.getComputedStyle(box).display === "contents")
    box = box.parentElement;
  return box as HTMLElement; // Elements of other kinds that are drawn have a style, too.
}

function hide(element: HTMLElement): Undo {
  const before = element.getAttribute("style");
  element.style.setProperty("opacity", "0", "important");
  element.style.setProperty("transition", "none", "important");
  return () => {
    // Chromium removes only an attribute that it has written down since the style was changed.
    element.getAttribute("style");
    if (before === null) element.removeAttribute("style");
    else element.setAttribute("style", before);
  };
}

function byDocument(ranges: readonly Range[]): Map<Document, Range[]> {
  const groups = new Map<Document, Range[]>();
  for (const range of ranges) {
    const { ownerDocument } = range.startContainer;
    if (ownerDocument) groups.set(ownerDocument, [...(groups.get(ownerDocument) ?? []), range]);
  }
  return groups;
}

function highlight(document: Document, ranges: readonly Range[]): Undo[] {
  const view = viewOf(document.documentElement);
  if (view === null) return [];
  const own = new view.Highlight(...ranges);
  own.priority = 2_147_483_647;
  view.CSS.highlights.set(HIGHLIGHT, own);
  const roots = new Set(ranges.map((range) => range.startContainer.getRootNode() as Document | ShadowRoot));
  return [
    () => view.CSS.highlights.delete(HIGHLIGHT),
    ...Array.from(roots, (root) => adopt(root, UNDER_HIGHLIGHT)),
  ];
}

/** Gives a document or shadow root rules of its own. @returns a function that takes them away */
export function adopt(root: Document | ShadowRoot, rules: string): Undo {
  const view = viewOf(root.nodeType === 9 ? (root as Document).documentElement : (root as ShadowRoot).host);
  if (view === null) return () => undefined;
  const sheet = new view.CSSStyleSheet();
  sheet.replaceSync(rules);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  return () => {
    root.adoptedStyleSheets = [...root.adoptedStyleSheets].filter((other) => other !== sheet);
  };
}

/** The rectangles in which the places are drawn, by the documents that they are in. */
function boxesOf(ranges: readonly Range[], covered: ReadonlySet<Element>): Map<Document, DOMRect[]> {
  const boxes = new Map<Document, DOMRect[]>();
  for (const place of [...covered, ...ranges]) {
    const document = "startContainer" in place ? place.startContainer.ownerDocument : place.ownerDocument;
    const element = "startContainer" in place ? place : boxed(place);
    if (document === null) continue;
    const known = boxes.get(document) ?? [];
    boxes.set(document, known);
    if (known.length < MOST_BOXES) known.push(...element.getClientRects());
  }
  return boxes;
}

/** Black boxes above everything in the document, drawn by its root, so that no element has to be put into it. */
function boxesRule(boxes: readonly DOMRect[]): string {
  const layers = boxes.map(({ left, top, width, height }) => {
    const [x, y, w, h] = [left - MARGIN, top - MARGIN, width + 2 * MARGIN, height + 2 * MARGIN];
    return `linear-gradient(#000, #000) ${x}px ${y}px / ${w}px ${h}px no-repeat`;
  });
  if (layers.length === 0) return "";
  return `:root::after {
    all: initial !important; content: "" !important; display: block !important; position: fixed !important;
    inset: 0 !important; z-index: 2147483647 !important; pointer-events: none !important;
    background: ${layers.join(",")} !important;
  }`;
}

function isChanging({ documentElement }: Document): boolean {
  try {
    return documentElement.matches(":active-view-transition");
  } catch {
    return false; // A browser that does not know them has none.
  }
}
