import { areaRect, closedListOf } from "./stand-ins.ts";
import { closest, hostOf, isInside } from "./tree.ts";

/** Functions that judge an element as a person meets it: where it is, and whether it can be used. */

/**
 * The rectangles in which an element is drawn; those of its content where it has no size of its own, and those of what
 * is drawn in its place where it has no box.
 */
export function rectsOf(element: Element): DOMRect[] {
  if (element instanceof HTMLAreaElement) return [areaRect(element) ?? []].flat();
  const own = Array.from(element.getClientRects()).filter(hasArea);
  if (own.length > 0) return own;
  const list = closedListOf(element);
  if (list !== undefined && list !== element) return rectsOf(list);
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

export function isWithoutBox(element: Element): boolean {
  return getComputedStyle(element).display === "contents";
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
  return (around instanceof HTMLLabelElement ? controlOfLabel(around) : null) ?? element;
}

/** The browser itself knows only of custom elements that take part in forms. */
function controlOfLabel(label: HTMLLabelElement): Element | null {
  if (label.control !== null) return label.control;
  if (label.htmlFor === "") return Array.from(label.querySelectorAll("*")).find(isCustom) ?? null;
  const root = label.getRootNode() as Document | ShadowRoot; // Only labels in a document are looked at.
  const named = root.querySelector(`#${CSS.escape(label.htmlFor)}`);
  return named !== null && isCustom(named) ? named : null;
}

/** True for an element that a page has defined. */
export function isCustom(element: Element): boolean {
  return element.localName.includes("-") && element.namespaceURI === "http://www.w3.org/1999/xhtml";
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
