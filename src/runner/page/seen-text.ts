/**
 * The text of a part of a page as people see it: what `docs/COMMANDS.md` says of texts. The browser's own `innerText`
 * tells it for most parts, and fast; it is put together here around shadow roots, lists and whatever is laid out but
 * shows nothing.
 */
import { placeIn, placeOf, type Place } from "./concealed.ts";
import { Lines } from "./lines.ts";
import { firstChildOf, nextSiblingOf, parentElementOf } from "./tree.ts";

/** The text that people see of an element. @param without a selector of parts in it that are left out */
export function seenText(element: Element, without?: string): string {
  if (element instanceof HTMLOptionElement) return isSeenAround(element) ? element.label : "";
  if (!isLaidOut(element) || !isSeenAround(element)) return "";
  const isSkipped = !element.checkVisibility({ contentVisibilityAuto: true });
  const text = textOf(element, { place: placeOf(element), isSkipped, without });
  return text ?? laidOutText(element);
}

/** True unless something around an element, or itself, is transparent. The options of a list are as their list. */
function isSeenAround(element: Element): boolean {
  let box = element instanceof HTMLOptionElement ? element.closest("select") : element;
  while (box !== null && getComputedStyle(box).display === "contents") box = parentElementOf(box);
  return box === null || box.checkVisibility({ opacityProperty: true });
}

/** True when there are boxes of the element, or of what is in it. */
function isLaidOut(element: Element): boolean {
  return element.checkVisibility() || getComputedStyle(element).display === "contents";
}

/** Elements that draw something of their own in the place of what is in them. */
const CLOSED = new Set(
  "input textarea iframe frame object embed canvas video audio progress meter img".split(" "),
);

/** The ways in which the text of an element depends on what is around it. */
interface Around {
  place: Place;
  /** True inside of content that is laid out only once it is scrolled near. */
  isSkipped: boolean;
  without: string | undefined;
}

/**
 * The text of an element in what is around it. A look at a style costs half a microsecond, so that only what has to be
 * known of every element is looked at.
 *
 * @returns nothing where the text is as `innerText` of what is around it has it
 */
function textOf(element: Element, around: Around): string | undefined {
  const style = getComputedStyle(element);
  if (!element.checkVisibility() && style.display !== "contents") return undefined;
  if (style.opacity === "0" && style.display !== "contents") return "";
  const place = placeIn(element, style, around.place);
  const name = element.localName;
  if (name === "select") return place.isCut || isHidden(style) ? "" : listText(element as HTMLSelectElement);
  if (name === "input") return captionOf(element as HTMLInputElement, place.isCut || isHidden(style));
  const isSkipped = around.isSkipped || style.contentVisibility === "auto";
  const isAlike = place === around.place && isSkipped === around.isSkipped;
  const inside = isAlike ? around : { ...around, place, isSkipped };
  let parts: Map<Element, string> | undefined;
  let differs = place.isCut || isSkipped || element.shadowRoot !== null || name === "slot";
  let hasText = false;
  for (let child = firstChildOf(element); child !== null; child = nextSiblingOf(child, element)) {
    if (child.nodeType === Node.ELEMENT_NODE) {
      const isLeftOut = inside.without !== undefined && (child as Element).matches(inside.without);
      const text = isLeftOut ? "" : textOf(child as Element, inside);
      if (text !== undefined) (parts ??= new Map()).set(child, text);
    } else if (!hasText && child.nodeType === Node.TEXT_NODE && NOT_BLANK.test((child as Text).data)) {
      hasText = true;
      differs ||= style.fontSize === "0px";
    }
  }
  if (!differs && parts === undefined) return undefined;
  return composed(element, { style, parts, isCut: place.isCut });
}

const NOT_BLANK = /\S/;

function laidOutText(element: Element): string {
  if (element instanceof HTMLElement) return element.innerText;
  return composed(element, { style: getComputedStyle(element), parts: undefined, isCut: false });
}

function isHidden({ visibility }: CSSStyleDeclaration): boolean {
  return visibility !== "visible";
}

interface Composition {
  style: CSSStyleDeclaration;
  /** The texts of the elements in it of which `innerText` would tell something else. */
  parts: Map<Element, string> | undefined;
  isCut: boolean;
}

function composed(element: Element, { style, parts, isCut }: Composition): string {
  const lines = new Lines();
  const hasTexts = !isCut && !isHidden(style) && style.fontSize !== "0px";
  for (let child = firstChildOf(element); child !== null; child = nextSiblingOf(child, element)) {
    if (child instanceof Text) {
      if (hasTexts) lines.add(transformed(child.data, style.textTransform), keepsSpace(style));
    } else if (child instanceof HTMLBRElement) {
      lines.end("\n");
    } else if (child instanceof Element) {
      const text = parts?.get(child) ?? plainText(child);
      if (text === undefined) continue;
      const end = endOf(getComputedStyle(child).display);
      lines.end(end);
      lines.add(text, true);
      lines.end(end);
    }
  }
  return lines.text;
}

function plainText(element: Element): string | undefined {
  return CLOSED.has(element.localName) || !isLaidOut(element) ? undefined : laidOutText(element);
}

/** The sign that stands between an element and what is beside it. */
function endOf(display: string): string {
  if (display === "table-cell") return "\t";
  return /^(inline|contents|ruby)/.test(display) ? "" : "\n";
}

function keepsSpace({ whiteSpace }: CSSStyleDeclaration): boolean {
  return /^(pre|break-spaces|preserve)/.test(whiteSpace) && whiteSpace !== "pre-line";
}

function transformed(text: string, how: string): string {
  if (how === "uppercase") return text.toUpperCase();
  if (how === "lowercase") return text.toLowerCase();
  if (how !== "capitalize") return text;
  return text.replace(/(^|[^\p{L}\p{M}\p{N}'’])(\p{L})/gu, (_all, before: string, first: string) => {
    return before + first.toUpperCase();
  });
}

/** A closed list shows the option that is chosen. */
function listText(list: HTMLSelectElement): string {
  const isBox = list.multiple || list.size > 1;
  const options = Array.from(list.options);
  const shown = options.filter(isBox ? isShown : ({ selected }) => selected);
  return shown.map(({ label }) => label).join("\n");
}

function isShown(option: HTMLOptionElement): boolean {
  return option.checkVisibility({ visibilityProperty: true });
}

/** Buttons of the old kind show their value; what stands in other fields is no text of the page. */
function captionOf({ type, value }: HTMLInputElement, isUnseen: boolean): string | undefined {
  if (value === "" || !(type === "button" || type === "submit" || type === "reset")) return undefined;
  return isUnseen ? "" : value;
}
