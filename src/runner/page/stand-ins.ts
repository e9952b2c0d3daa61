import type { Point } from "./frames.ts";

/** Elements without a box of their own, and what people see in their place. */

/**
 * The element that is drawn for this one: the image of an area, the list of an option that shows; any other element is
 * drawn itself. Nothing when nobody can see it.
 */
export function standInOf(element: Element): Element | null {
  if (element instanceof HTMLAreaElement) return imageOf(element);
  const list = closedListOf(element);
  if (list === undefined) return element;
  return isOpen(list) || (element instanceof HTMLOptionElement && element.selected) ? list : null;
}

/** The drop-down list that an option or a group of options is in, which draws neither but in its own window. */
export function closedListOf(element: Element): HTMLSelectElement | undefined {
  const part = element.closest("option,optgroup");
  const list = part?.closest("select");
  if (!list || list.multiple || list.size > 1) return undefined;
  // Customized lists draw their options in the page: https://drafts.csswg.org/css-forms-1/#the-base-select
  return getComputedStyle(list).appearance === "base-select" ? undefined : list;
}

function isOpen(list: HTMLSelectElement): boolean {
  return CSS.supports("selector(:open)") && list.matches(":open");
}

/** The image that an area is a part of, of those that use its map the first that is rendered. */
export function imageOf(area: HTMLAreaElement): HTMLElement | null {
  const map = area.closest("map");
  const root = area.getRootNode() as Document | ShadowRoot; // Only elements in a document are looked at.
  if (map === null || map.name === "") return null;
  const using = root.querySelectorAll<HTMLElement>(`[usemap="#${CSS.escape(map.name)}"]`);
  return Array.from(using).find((image) => image.getClientRects().length > 0) ?? null;
}

/** The rectangle around an area's shape; nothing for one that has none. */
export function areaRect(area: HTMLAreaElement): DOMRect | undefined {
  const image = imageOf(area);
  if (image === null) return undefined;
  const { origin, scaleX, scaleY, width, height } = contentBox(image);
  const numbers = area.coords.split(/[\s,;]+/).map(Number);
  const within = (left: number, top: number, right: number, bottom: number) => {
    const from = { x: Math.max(Math.min(left, right), 0), y: Math.max(Math.min(top, bottom), 0) };
    const to = { x: Math.min(Math.max(left, right), width), y: Math.min(Math.max(top, bottom), height) };
    if (!(to.x > from.x && to.y > from.y)) return undefined;
    const place = new DOMRect(origin.x + from.x * scaleX, origin.y + from.y * scaleY);
    place.width = (to.x - from.x) * scaleX;
    place.height = (to.y - from.y) * scaleY;
    return place;
  };
  const [a = NaN, b = NaN, c = NaN, d = NaN] = numbers;
  switch (shapeOf(area)) {
    case "default":
      return within(0, 0, width, height);
    case "circle":
      return within(a - c, b - c, a + c, b + c);
    case "poly": {
      const xs = numbers.filter((_, index) => index % 2 === 0);
      const ys = numbers.filter((_, index) => index % 2 === 1);
      return within(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys));
    }
    default:
      return within(a, b, c, d);
  }
}

/** https://html.spec.whatwg.org/multipage/image-maps.html#attr-area-shape with the names that are obsolete. */
function shapeOf({ shape }: HTMLAreaElement): string {
  const name = shape.toLowerCase();
  if (/^circ(le)?$/.test(name)) return "circle";
  return /^poly(gon)?$/.test(name) ? "poly" : name;
}

/** Coordinates of areas are CSS pixels of the image as it is drawn, whatever its natural size; a transform scales them. */
function contentBox(image: HTMLElement): {
  origin: Point;
  scaleX: number;
  scaleY: number;
  width: number;
  height: number;
} {
  const outer = image.getBoundingClientRect();
  const style = getComputedStyle(image);
  const scaleX = image.offsetWidth > 0 ? outer.width / image.offsetWidth : 1;
  const scaleY = image.offsetHeight > 0 ? outer.height / image.offsetHeight : 1;
  const [left, top] = [style.paddingLeft, style.paddingTop].map(parseFloat) as [number, number]; // Two of two.
  return {
    origin: {
      x: outer.left + (image.clientLeft + left) * scaleX,
      y: outer.top + (image.clientTop + top) * scaleY,
    },
    scaleX,
    scaleY,
    width: image.clientWidth - left - parseFloat(style.paddingRight),
    height: image.clientHeight - top - parseFloat(style.paddingBottom),
  };
}
