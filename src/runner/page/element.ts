import { closest, hostOf, isInside, parentElementOf } from "./tree.ts";

/** Functions that judge an element as a person sees it: whether it is there, where, and whether it can be used. */

/**
 * Tells whether an element can be seen. As for WebDriver (https://www.w3.org/TR/webdriver2/#element-displayedness), an
 * element without a size of its own is seen when its content overflows it, and none is seen inside a box that is folded
 * to nothing.
 */
export function isVisible(element: Element): boolean {
  if (isWithoutBox(element)) return rectsOf(element).length > 0;
  return (
    element.checkVisibility({ visibilityProperty: true }) &&
    rectsOf(element).length > 0 &&
    !isFoldedAway(element)
  );
}

/** The rectangles in which an element is drawn; those of its content where it has no size of its own. */
export function rectsOf(element: Element): DOMRect[] {
  const own = Array.from(element.getClientRects()).filter(hasArea);
  if (own.length > 0) return own;
  if (element instanceof SVGGeometryElement) return Array.from(element.getClientRects()).filter(hasLength);
  if (!isWithoutBox(element) && getComputedStyle(element).overflow !== "visible") return [];
  const content = document.createRange();
  content.selectNodeContents(element);
  return Array.from(content.getClientRects()).filter(hasArea);
}

function hasArea({ width, height }: DOMRect): boolean {
  return width > 0 && height > 0;
}

/** A straight line has no area, but its stroke has. */
function hasLength({ width, height }: DOMRect): boolean {
  return width > 0 || height > 0;
}

function isWithoutBox(element: Element): boolean {
  return getComputedStyle(element).display === "contents";
}

/** True inside a box that hides its overflow and has no size itself, such as a folded menu. */
function isFoldedAway(element: Element): boolean {
  let { position } = getComputedStyle(element);
  for (let box = parentElementOf(element); box !== null; box = parentElementOf(box)) {
    // Only the viewport hides content that overflows the body.
    if (position === "fixed" || box === document.body) return false;
    const style = getComputedStyle(box);
    // Boxes inside the one that an element is positioned by do not cut it off.
    if (position === "absolute" && style.position === "static") continue;
    position = style.position;
    if (style.display === "contents" || style.overflow === "visible") continue;
    if (!hasArea(box.getBoundingClientRect()) && style.display !== "inline") return true;
  }
  return false;
}

/**
 * True when it is disabled as Playwright has it: natively, in a disabled fieldset, or by the nearest `aria-disabled`
 * around it.
 */
export function isDisabled(element: Element): boolean {
  if (isBarred(element)) return true;
  return (
    closest(controlOf(element), "[aria-disabled]")?.getAttribute("aria-disabled")?.toLowerCase() === "true"
  );
}

/** True when the browser itself lets no click reach it: `aria-disabled` only says something, and stops none. */
export function isBarred(element: Element): boolean {
  const control = controlOf(element);
  return control.matches(":disabled") || closest(control, "button:disabled") !== null;
}

const INTERACTIVE =
  "a[href],button,input,select,textarea,summary,[role=link],[role=button],[role=checkbox],[role=radio],[role=switch]";

/** The control that a label, or an element inside one, stands for; any other element is its own control. */
export function controlOf(element: Element): Element {
  if (element instanceof HTMLElement && element.isContentEditable) return element;
  const around = element.closest(`label,${INTERACTIVE}`);
  return (around instanceof HTMLLabelElement ? around.control : null) ?? element;
}

/** True when a press on `target` reaches the element: it is inside it, in its label, or in the button around both. */
export function receives(element: Element, target: Element): boolean {
  if (isInside(target, element)) return true;
  if (controlOf(target) === element) return true;
  if (element.matches("input,textarea,select") || (element as HTMLElement).isContentEditable) return false;
  const button = closest(element, "a[href],button,[role=button],[role=link]");
  return button !== null && isInside(target, button);
}

/** True when the element has the focus, or something in its shadow root has it. */
export function hasFocus(element: Element): boolean {
  const root = element.getRootNode();
  const active = root instanceof ShadowRoot ? root.activeElement : document.activeElement;
  if (active !== element) return false;
  const host = hostOf(element);
  return host === null || hasFocus(host);
}

/** The element as its opening tag, short enough for a message: `<button id="save" class="primary">`. */
export function describe(element: Element): string {
  const attributes = ["id", "name", "type", "class", "role"].flatMap((name) => {
    const value = element.getAttribute(name);
    return value ? [`${name}="${value.length > 40 ? `${value.slice(0, 39)}…` : value}"`] : [];
  });
  return `<${[element.localName, ...attributes].join(" ")}>`;
}
