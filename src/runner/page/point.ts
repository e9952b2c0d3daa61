import { surroundingsOf } from "./clips.ts";
import { describe, receives, rectsOf } from "./element.ts";
import { coveredOutside, frameOrigin, visibleArea, type Area, type Point } from "./frames.ts";
import type { Offset } from "./requests.ts";
import { alignmentOf, scrollIntoSight } from "./into-sight.ts";
import { standInOf } from "./stand-ins.ts";
import { elementFromPoint } from "./tree.ts";

/** A point at which the element would be hit, or what keeps it from being hit. */
export type Aim = { point: Point } | { problem: string; cover?: Element };

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
  return { problem: `${describe(element)} ${how} ${describe(first)}`, cover: first };
}

/** True for an offset that leaves the point open: the middle, and any other one where that cannot be hit. */
export function isAnywhere(offset: Offset): boolean {
  return offset.x === undefined && offset.y === undefined;
}

/** True when the point that an offset names is in view. */
export function isInView(element: Element, offset: Offset, area: Area): boolean {
  return contains(area, offsetPoint(element, offset));
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
 * Scrolls the element into view, as people can; for a point of a large element it is not enough that the element is in
 * view.
 */
export function scrollTo(element: Element, offset: Offset | undefined, attempt: number): void {
  scrollIntoSight(element, alignmentOf(attempt));
  if (offset === undefined) {
    if (isWithoutOwnRect(element)) centre(element, middleOf(outlineOf(element)));
    return;
  }
  const aim = offsetPoint(element, offset);
  if (!contains(visibleArea(), aim)) centre(element, aim);
}

/** Scrolls whatever people can scroll around the element until the point is in the middle. */
function centre(element: Element, { x, y }: Point): void {
  for (const { box, axes } of surroundingsOf(standInOf(element) ?? element).clips) {
    if (axes === undefined) continue;
    const scroller = box === document.documentElement ? (document.scrollingElement ?? box) : box;
    const { scrollLeft, scrollTop } = scroller;
    const left = axes.x.content === undefined ? 0 : x - (axes.x.port.from + axes.x.port.to) / 2;
    const top = axes.y.content === undefined ? 0 : y - (axes.y.port.from + axes.y.port.to) / 2;
    scroller.scrollBy({ left, top, behavior: "instant" });
    x -= scroller.scrollLeft - scrollLeft;
    y -= scroller.scrollTop - scrollTop;
  }
}

/** The points to try, the best first: the middle of what is in view, and then ever more of the rest. */
function* pointsIn(element: Element, offset: Offset | undefined, area: Area): Generator<Point> {
  if (offset !== undefined) {
    const point = offsetPoint(element, offset);
    if (contains(area, point)) yield point;
    if (!isAnywhere(offset)) return;
  }
  const rects = rectsOf(element);
  for (const rect of rects) yield* middleIn(rect, area);
  yield* pointsOnOutlines(element, area);
  const { clips } = surroundingsOf(standInOf(element) ?? element);
  for (const rect of rects.slice(0, MAX_RECTS)) {
    yield* gridIn(
      clips.reduce<Area>((left, clip) => clip.shown(left), rect),
      area,
    );
  }
}

/** Most rectangles of an element, and most shapes of a drawing, of which more than the middle is tried. */
const MAX_RECTS = 8;

function* middleIn(rect: Area, area: Area): Generator<Point> {
  const { left, top, right, bottom } = overlap(rect, area);
  if (right - left < 1 || bottom - top < 1) return;
  yield { x: Math.floor((left + right) / 2), y: Math.floor((top + bottom) / 2) };
}

/** Shares of a side at which a point is tried, from the middle out. */
const SHARES = [0.5, 0.3, 0.7, 0.1, 0.9];

/** Points all over a part of an element, those near its middle first. */
function* gridIn(rect: Area, area: Area): Generator<Point> {
  const { left, top, right, bottom } = overlap(rect, area);
  if (right - left < 1 || bottom - top < 1) return;
  const places = SHARES.flatMap((y, i) => SHARES.map((x, j) => ({ x, y, ring: Math.max(i, j) })));
  for (const { x, y } of places.sort((a, b) => a.ring - b.ring)) {
    yield { x: left + (right - left) * x, y: top + (bottom - top) * y };
  }
}

function overlap(a: Area, b: Area): Area {
  return {
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  };
}

/** Shares of an outline's length at which a point is tried. */
const ALONG = [0.5, 0.25, 0.75, 0.05, 0.95, 0.4, 0.6];

/**
 * Points on the outlines of a drawing's shapes: the middle of a shape may lie beside it, as with a line or a ring.
 */
function* pointsOnOutlines(element: Element, area: Area): Generator<Point> {
  if (!(element instanceof SVGGraphicsElement)) return;
  const shapes = element instanceof SVGGeometryElement ? [element] : shapesIn(element);
  for (const shape of shapes) {
    const matrix = shape.getScreenCTM();
    if (matrix === null) continue;
    const length = shape.getTotalLength();
    for (const share of ALONG) {
      const { x, y } = shape.getPointAtLength(length * share).matrixTransform(matrix);
      if (contains(area, { x, y })) yield { x, y };
    }
  }
}

function shapesIn(drawing: SVGElement): SVGGeometryElement[] {
  const shapes = Array.from(drawing.querySelectorAll("path,line,polyline,polygon,circle,ellipse,rect"));
  return shapes.filter((shape) => shape instanceof SVGGeometryElement).slice(0, MAX_RECTS);
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
