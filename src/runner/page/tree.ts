/** The document as a person meets it: with the open shadow roots of its elements as parts of it. */

/** A part of the document in which elements are looked for. */
export type Root = Document | Element | ShadowRoot;

/** The parent as it is drawn: the slot that shows the node, or the host of its shadow root. */
export function parentOf(node: Node): Node | null {
  if (node instanceof Element && node.assignedSlot) return node.assignedSlot;
  return node.parentNode ?? (node instanceof ShadowRoot ? node.host : null);
}

/** The first node inside an element as it is drawn: in its shadow root, or of those that its slot shows. */
export function firstChildOf(element: Element): Node | null {
  const { shadowRoot } = element;
  if (shadowRoot !== null) return shadowRoot.firstChild;
  if (element.localName !== "slot") return element.firstChild;
  return (element as HTMLSlotElement).assignedNodes()[0] ?? element.firstChild;
}

/** The next node inside an element as it is drawn. @param parent the element, as {@link firstChildOf} was given it */
export function nextSiblingOf(node: Node, parent: Element): Node | null {
  if (node.parentNode === parent || parent.localName !== "slot") return node.nextSibling;
  const assigned = (parent as HTMLSlotElement).assignedNodes();
  return assigned[assigned.indexOf(node) + 1] ?? null;
}

export function isInside(node: Node, container: Node): boolean {
  for (let current: Node | null = node; current !== null; current = parentOf(current)) {
    if (current === container) return true;
  }
  return false;
}

/** `Element.closest` beyond the shadow root that the element is in. */
export function closest(element: Element, selector: string): Element | null {
  for (let inner: Element | null = element; inner !== null; inner = hostOf(inner)) {
    const found = inner.closest(selector);
    if (found !== null) return found;
  }
  return null;
}

/** The element whose shadow root this one is in. */
export function hostOf(element: Element): Element | null {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}

/** The parent element as it is drawn. */
export function parentElementOf(element: Element): Element | null {
  let parent = parentOf(element);
  while (parent !== null && !(parent instanceof Element)) parent = parentOf(parent);
  return parent;
}

/**
 * Every element below the root that matches: those of the root's own tree first, in document order, then those of
 * the open shadow roots inside it. The selector is matched within each tree by itself.
 */
export function* deep(root: Root, selector: string): Generator<Element> {
  yield* inTree(root, selector);
  for (const shadow of shadowRootsIn(root)) yield* inTree(shadow, selector);
}

function* inTree(root: Root, selector: string): Generator<Element> {
  const first = root.querySelector(selector);
  if (first === null) return;
  yield first; // Most requests ask for no more.
  let isFirst = true;
  for (const element of root.querySelectorAll(selector)) {
    if (!isFirst) yield element;
    isFirst = false;
  }
}

function* shadowRootsIn(root: Root): Generator<ShadowRoot> {
  if (root instanceof Element && root.shadowRoot) yield* withInner(root.shadowRoot);
  for (const element of root.querySelectorAll("*")) {
    const inner = element.shadowRoot;
    if (inner) yield* withInner(inner);
  }
}

function* withInner(shadowRoot: ShadowRoot): Generator<ShadowRoot> {
  yield shadowRoot;
  yield* shadowRootsIn(shadowRoot);
}

/** `document.elementFromPoint` through open shadow roots. */
export function elementFromPoint(inDocument: Document, x: number, y: number): Element | null {
  let hit = inDocument.elementFromPoint(x, y);
  while (hit?.shadowRoot) {
    const inner = hit.shadowRoot.elementFromPoint(x, y);
    // A text in a slot is the host's own; the slot that shows it is the uppermost of all that is there.
    const next: Element | null | undefined =
      inner === hit ? hit.shadowRoot.elementsFromPoint(x, y)[0] : inner;
    if (!next || next === hit) break;
    hit = next;
  }
  return hit;
}
