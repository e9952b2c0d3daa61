import { describe, receives, rectsOf } from "./element.ts";
import { coveredOutside, frameOrigin, visibleArea, type Area, type Point } from "./frames.ts";
import type { Offset } from "./requests.ts";
import { elementFromPoint, parentElementOf } from "./tree.ts";

/** A point at which the element would be hit, or what keeps it from being hit. */
export type Aim = { point: Point } | { problem: string };

export interface Aiming {
  /** The element that is pressed to press the one that is meant: that one itself, or its label. */
  surface: Element;
  offset: Offset | undefined;
  /** The part of the viewport that is in view. */
  area: Area;
}

export function aimAt(element: Element, { surface, offset, area }: Aiming): Aim {
  const cover: Element[] = [];
  for (const point of pointsIn(surface, offset, area)) {
    const hit = coveredBy(element, point);
    if (hit === undefined) return { point };
    cover.push(hit);
  }
  const [first] = cover;
  if (first === undefined) return { problem: outOfView(element) };
  const how = letsThrough(element) ? "lets the pointer through to" : "is covered by";
  return { problem: `${describe(element)} ${how} ${describe(first)}` };
}

export function outOfView(element: Element): string {
  return `${describe(element)} is outside the viewport`;
}

/** The reason why the offset leads out of the element, if it does. */
export function outsideOf(element: Element, { x = 0, y = 0 }: Offset): string | undefined {
  const { width, height } = outlineOf(element);
  if (x >= 0 && y >= 0 && x <= width && y <= height) return undefined;
  return `${describe(element)} is only ${Math.round(width)} × ${Math.round(height)} pixels large`;
}

/** The place of an element, frames and all, to tell whether it has moved. */
export function placeOf(element: Element, { left, top, right, bottom }: Area): string {
  const { x, y, width, height } = outlineOf(element);
  const origin = frameOrigin();
  return [x, y, width, height, origin.x, origin.y, left, top, right, bottom].join();
}

/**
 * Scrolls the element into view. A sticky header or footer may cover it where it is then, so each attempt tries another
 * alignment; for a point of a large element it is not enough that the element is in view.
 */
export function scrollTo(element: Element, offset: Offset | undefined, attempt: number): void {
  const block = (["center", "end", "start", "nearest"] as const)[attempt % 4] ?? "center";
  element.scrollIntoView({ block, inline: "center", behavior: "instant" });
  if (offset === undefined) {
    if (isWithoutOwnRect(element)) centre(element, middleOf(outlineOf(element)));
    return;
  }
  const aim = offsetPoint(element, offset);
  if (!contains(visibleArea(), aim)) centre(element, aim);
}

/** Scrolls whatever scrolls around the element until the point is in the middle. */
function centre(element: Element, { x, y }: Point): void {
  for (let box = parentElementOf(element); box !== null; box = parentElementOf(box)) {
    const isRoot = box === document.scrollingElement;
    const area = isRoot ? new DOMRect(0, 0, innerWidth, innerHeight) : box.getBoundingClientRect();
    const { scrollLeft, scrollTop } = box;
    const middle = middleOf(area);
    box.scrollBy({ left: x - middle.x, top: y - middle.y, behavior: "instant" });
    x -= box.scrollLeft - scrollLeft;
    y -= box.scrollTop - scrollTop;
  }
}

function* pointsIn(element: Element, offset: Offset | undefined, area: Area): Generator<Point> {
  if (offset !== undefined) {
    const point = offsetPoint(element, offset);
    if (contains(area, point)) yield point;
    return;
  }
  for (const rect of rectsOf(element)) {
    const left = Math.max(rect.left, area.left);
    const top = Math.max(rect.top, area.top);
    const right = Math.min(rect.right, area.right);
    const bottom = Math.min(rect.bottom, area.bottom);
    if (right - left < 1 || bottom - top < 1) continue;
    yield { x: Math.floor((left + right) / 2), y: Math.floor((top + bottom) / 2) };
  }
  if (element instanceof SVGGeometryElement) {
    const point = onOutline(element);
    if (point && contains(area, point)) yield point;
  }
}

/**
 * The middle of a shape may lie beside it, as with a line or a ring; the point half way along its outline never does.
 */
function onOutline(shape: SVGGeometryElement): Point | undefined {
  const matrix = shape.getScreenCTM();
  if (matrix === null) return undefined;
  const { x, y } = shape.getPointAtLength(shape.getTotalLength() / 2).matrixTransform(matrix);
  return { x, y };
}

function offsetPoint(element: Element, offset: Offset): Point {
  const outline = outlineOf(element);
  const middle = middleOf(outline);
  return {
    x: offset.x === undefined ? middle.x : outline.x + offset.x,
    y: offset.y === undefined ? middle.y : outline.y + offset.y,
  };
}

/** The element that would receive a click at the point instead of this one; `undefined` when this one would. */
function coveredBy(element: Element, point: Point): Element | undefined {
  const hit = elementFromPoint(document, point.x, point.y);
  if (hit === null) return document.documentElement;
  return receives(element, hit) ? coveredOutside(point) : hit;
}

function letsThrough(element: Element): boolean {
  return getComputedStyle(element).pointerEvents === "none";
}

function isWithoutOwnRect(element: Element): boolean {
  const { width, height } = element.getBoundingClientRect();
  return width === 0 && height === 0;
}

function outlineOf(element: Element): DOMRect {
  return isWithoutOwnRect(element) ? (rectsOf(element)[0] ?? new DOMRect()) : element.getBoundingClientRect();
}

function middleOf({ x, y, width, height }: DOMRect): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

function contains({ left, top, right, bottom }: Area, { x, y }: Point): boolean {
  return x >= left && y >= top && x < right && y < bottom;
}
