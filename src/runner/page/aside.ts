import { visibleArea, type Point } from "./frames.ts";
import { elementFromPoint } from "./tree.ts";

/**
 * A place of the viewport where the pointer keeps nothing open: where there is nothing but the page's ground, or at
 * least nothing that the pointer is over now.
 *
 * @returns nothing where the pointer is in no part of the document, or everywhere over the same
 */
export function asideOf(): Point | undefined {
  if (!document.documentElement.matches(":hover")) return undefined;
  const { left, top, right, bottom } = visibleArea();
  const [x, y] = [Math.floor((left + right) / 2), Math.floor((top + bottom) / 2)];
  const [last, low] = [Math.ceil(right) - 2, Math.ceil(bottom) - 2];
  const [first, high] = [Math.floor(left) + 1, Math.floor(top) + 1];
  const places: Point[] = [
    { x: last, y },
    { x: first, y },
    { x, y: low },
    { x, y: high },
    { x: last, y: low },
    { x: first, y: low },
    { x: last, y: high },
    { x: first, y: high },
  ];
  const ground: Point[] = [];
  const elsewhere: Point[] = [];
  for (const place of places) {
    const hit = elementFromPoint(document, place.x, place.y);
    if (hit === null || isGround(hit)) ground.push(place);
    else if (!hit.matches(":hover")) elsewhere.push(place);
  }
  return ground[0] ?? elsewhere[0];
}

function isGround(element: Element): boolean {
  return element === document.documentElement || element === document.body;
}
