import { describe } from "./element.ts";
import { scrollIntoSight } from "./into-sight.ts";
import type { PageRequest } from "./requests.ts";
import type { PageAction } from "./results.ts";
import { whyOutOfSight } from "./sight.ts";

type Scroll = Extract<PageRequest, { until: "scrolled" }>;

/** Boxes of the browser's own making that scroll, whatever their style says. */
const SCROLLS_BY_ITSELF = "textarea,select,iframe";

/** @returns what is left to do, or why it cannot be scrolled, as a clause */
export function scrollingOf({ by, to }: Scroll, element: Element): PageAction | string {
  if (by === undefined && to === undefined) {
    const problem = whyOutOfSight(element, "none");
    if (problem !== undefined) return problem;
    return () => {
      scrollIntoSight(element, "center", "nearest");
      return undefined;
    };
  }
  if (!element.checkVisibility({ visibilityProperty: true })) return `${describe(element)} is not visible`;
  const box = boxOf(element);
  if (!isPage(element) && !hasMore(box, "x") && !hasMore(box, "y")) return whyStill(element);
  return () => {
    if (by !== undefined) box.scrollBy({ left: by.x, top: by.y, behavior: "instant" });
    else box.scrollTo({ top: to === "top" ? 0 : box.scrollHeight, behavior: "instant" });
    return undefined;
  };
}

/** True when people could not scroll that way in the element itself, however they try. */
export function isStill(element: Element, { by }: Scroll): boolean {
  if (by === undefined || !element.checkVisibility({ visibilityProperty: true })) return false;
  const box = boxOf(element);
  return !(["x", "y"] as const).some((axis) => by[axis] !== 0 && hasMore(box, axis) && letsScroll(box, axis));
}

export function whyStill(element: Element): string {
  const isFull = hasMore(element, "x") || hasMore(element, "y");
  return isFull
    ? `${describe(element)} does not scroll that way`
    : `nothing in ${describe(element)} is out of view`;
}

function boxOf(element: Element): Element {
  return isPage(element) ? (document.scrollingElement ?? document.documentElement) : element;
}

function isPage(element: Element): boolean {
  return element === document.documentElement || element === document.body;
}

function hasMore(box: Element, axis: "x" | "y"): boolean {
  return axis === "x" ? box.scrollWidth > box.clientWidth : box.scrollHeight > box.clientHeight;
}

function letsScroll(box: Element, axis: "x" | "y"): boolean {
  const overflowOf = (element: Element) =>
    getComputedStyle(element)[axis === "x" ? "overflowX" : "overflowY"];
  if (box !== (document.scrollingElement ?? document.documentElement))
    return /auto|scroll/.test(overflowOf(box)) || box.matches(SCROLLS_BY_ITSELF);
  // The body's overflow is the viewport's where the root has none: https://www.w3.org/TR/css-overflow-3/#overflow-propagation
  const own = overflowOf(document.documentElement);
  const { body } = document as { body: Element | null };
  const viewport = own === "visible" && body !== null ? overflowOf(body) : own;
  return !/hidden|clip/.test(viewport);
}
