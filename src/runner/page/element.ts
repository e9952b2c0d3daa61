/** What a person sees of an element: whether it is there, where, and what covers it. */

export function isVisible(element: Element): boolean {
  if (!element.checkVisibility({ visibilityProperty: true })) return false;
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0;
}

export function isDisabled(element: Element): boolean {
  return element.matches(":disabled") || element.closest('[aria-disabled="true"]') !== null;
}

/** The middle of the part of the element that is inside the viewport; `undefined` when none is. */
export function visiblePoint(element: Element): { x: number; y: number } | undefined {
  for (const rect of element.getClientRects()) {
    const left = Math.max(rect.left, 0);
    const top = Math.max(rect.top, 0);
    const right = Math.min(rect.right, innerWidth);
    const bottom = Math.min(rect.bottom, innerHeight);
    if (right - left < 1 || bottom - top < 1) continue;
    return { x: Math.floor((left + right) / 2), y: Math.floor((top + bottom) / 2) };
  }
  return undefined;
}

/** What would receive a click at the point instead of the element; `undefined` when the element itself would. */
export function coveredBy(element: Element, { x, y }: { x: number; y: number }): Element | undefined {
  const hit = elementFromPoint(x, y);
  if (hit === null) return document.documentElement;
  return receives(element, hit) ? undefined : hit;
}

/** Whether what hits `target` reaches the element: it is inside it, or in its label. */
export function receives(element: Element, target: Element): boolean {
  return isInside(target, element) || target.closest("label")?.control === element;
}

/** `document.elementFromPoint` through open shadow roots. */
function elementFromPoint(x: number, y: number): Element | null {
  let hit = document.elementFromPoint(x, y);
  while (hit?.shadowRoot) {
    const inner = hit.shadowRoot.elementFromPoint(x, y);
    if (inner === null || inner === hit) break;
    hit = inner;
  }
  return hit;
}

function isInside(node: Node, container: Element): boolean {
  for (let current: Node | null = node; current !== null; current = parentOf(current)) {
    if (current === container) return true;
  }
  return false;
}

function parentOf(node: Node): Node | null {
  if (node instanceof Element && node.assignedSlot) return node.assignedSlot;
  return node.parentNode ?? (node instanceof ShadowRoot ? node.host : null);
}

/** The element as its opening tag, short enough for a message: `<button id="save" class="primary">`. */
export function describe(element: Element): string {
  const attributes = ["id", "name", "type", "class", "role"].flatMap((name) => {
    const value = element.getAttribute(name);
    return value ? [`${name}="${value.length > 40 ? `${value.slice(0, 39)}…` : value}"`] : [];
  });
  return `<${[element.localName, ...attributes].join(" ")}>`;
}
