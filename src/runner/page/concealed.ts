import { ownClip } from "./clips.ts";
import { parentElementOf } from "./tree.ts";

/** The parts of a page that show nothing of what is in them, although they are laid out. */

/** The relation of a part of the page to the boxes around it that cut off their content. */
export interface Place {
  /** True inside a box that shows nothing of its content. */
  isCut: boolean;
  /** True when something positions content inside that box, or is that box: then it cuts off absolute content too. */
  holdsAbsolute: boolean;
  /** True when a path cuts, from which no position escapes. */
  isByPath: boolean;
}

export const IN_VIEW: Place = { isCut: false, holdsAbsolute: false, isByPath: false };

/** The place of what is in an element. @param place the element's own */
export function placeIn(element: Element, style: CSSStyleDeclaration, place: Place): Place {
  const { position } = style;
  const isPositioned = position !== "static";
  const escapes = position === "fixed" || (position === "absolute" && !place.holdsAbsolute);
  const isCut = place.isCut && (place.isByPath || !escapes);
  if (!isCut) {
    const cut = whatCuts(element, style, position);
    return cut === undefined
      ? IN_VIEW
      : { isCut: true, holdsAbsolute: isPositioned, isByPath: cut === "path" };
  }
  return isPositioned && !place.holdsAbsolute ? { ...place, holdsAbsolute: true } : place;
}

/** The place of an element, from all that is around it. */
export function placeOf(element: Element): Place {
  const around: Element[] = [];
  for (let each = parentElementOf(element); each !== null; each = parentElementOf(each)) around.push(each);
  return around.reduceRight((place, each) => placeIn(each, getComputedStyle(each), place), IN_VIEW);
}

/** Longest side of a box that shows nothing, in CSS pixels: texts for screen readers alone have boxes of one. */
const NOTHING = 1;

/** The cause for which a box shows nothing: it is folded or out of reach of any scrolling, or a path leaves nothing of it. */
function whatCuts(
  element: Element,
  style: CSSStyleDeclaration,
  position: string,
): "box" | "path" | undefined {
  const isClipping = style.overflowX !== "visible";
  const isOutOfFlow = position === "absolute" || position === "fixed";
  if (!isClipping && !isOutOfFlow && style.clipPath === "none") return undefined;
  // The overflow of these two is the viewport's.
  if (element === document.body || element === document.documentElement) return undefined;
  const { display } = style;
  if (display === "inline" || display === "contents") return undefined;
  const box = element.getBoundingClientRect();
  if (isCutToNothing(element, style, box)) return "path";
  if (isClipping && (box.width <= NOTHING || box.height <= NOTHING)) return "box";
  if (isClipping && parseFloat(style.textIndent) <= -FAR) return "box";
  return isOutOfFlow && isOutOfReach(box, position) ? "box" : undefined;
}

/** An indentation that moves a text out of its box, in CSS pixels. */
const FAR = 999;

function isOutOfReach({ width, height, left, top, right, bottom }: DOMRect, position: string): boolean {
  if (width <= NOTHING || height <= NOTHING) return false; // Its content may be anywhere.
  if (position === "fixed") return right <= 0 || bottom <= 0 || left >= innerWidth || top >= innerHeight;
  const isMirrored = getComputedStyle(document.documentElement).direction === "rtl";
  return bottom + scrollY <= 0 || (!isMirrored && right + scrollX <= 0);
}

/** True when an element is cut to a path that leaves nothing of it. @param box the element's own */
function isCutToNothing(element: Element, style: CSSStyleDeclaration, box: DOMRect): boolean {
  const rest = ownClip(element, style)?.shown(box);
  return rest !== undefined && (rest.right - rest.left <= NOTHING || rest.bottom - rest.top <= NOTHING);
}
