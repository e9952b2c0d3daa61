import { opacityOf, type InSight } from "./clips.ts";
import { alphaOf } from "./colours.ts";
import { coveredOutside, type Area, type Point } from "./frames.ts";

import { isInside, parentElementOf } from "./tree.ts";

/** Covers: elements that lie over another so that nothing of it can be seen. A veil that it shines through is none. */

/** Opacity from which nothing shines through. */
const OPAQUE = 0.95;

/** Most parts of an element that are tried. */
const MAX_PARTS = 12;

/** Share of the viewport that something covers which leaves nothing of it. */
const ALL = 0.95;

/** Where a part is tried, as shares of its width and height: its middle, and then its corners and sides. */
const SHARES = [
  [0.5, 0.5],
  [0.05, 0.1],
  [0.95, 0.1],
  [0.05, 0.9],
  [0.95, 0.9],
  [0.25, 0.5],
  [0.75, 0.5],
  [0.5, 0.1],
  [0.5, 0.9],
] as const;

/**
 * @param element one that is drawn itself
 * @returns an element that covers all of it, and goes on doing so however people scroll; nothing when there is none
 */
export function opaqueCoverOf(element: Element, { parts, shown, clips }: InSight): Element | undefined {
  if (shown.length === 0) return coverOfAll(element);
  let first: Element | undefined;
  for (const area of shown.slice(0, MAX_PARTS)) {
    for (const [x, y] of SHARES) {
      const point = {
        x: area.left + (area.right - area.left) * x,
        y: area.top + (area.bottom - area.top) * y,
      };
      const cover = coverAt(element, point);
      if (cover === undefined) return undefined;
      first ??= cover;
    }
  }
  if (first === undefined) return undefined;
  const isPartOnly = parts.some((part) =>
    clips.some((clip) => clip.scrolls && !isSame(clip.shown(part), part)),
  );
  const canMove = clips.some(({ scrolls, box }) => scrolls && !isMovedAlong(first, box));
  return isPartOnly || canMove ? coverOfAll(element) : first;
}

function isSame(a: Area, b: Area): boolean {
  return a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom;
}

/** True when scrolling the box moves the cover as it moves the element. */
function isMovedAlong(cover: Element, box: Element): boolean {
  if (cover.ownerDocument !== document) return true;
  if (!isInside(cover, box)) return false;
  for (let inner: Element | null = cover; inner !== null && inner !== box; inner = parentElementOf(inner)) {
    if (/fixed|sticky/.test(getComputedStyle(inner).position)) return false;
  }
  return true;
}

/** Something opaque that fills the viewport and stays there, as while a page is loading. */
function coverOfAll(element: Element): Element | undefined {
  const middle = { x: innerWidth / 2, y: innerHeight / 2 };
  const cover = coverAt(element, middle);
  if (cover?.ownerDocument !== document) return undefined;
  if (isMovedAlong(cover, document.documentElement) && !isTopLayer(cover)) return undefined;
  const { left, top, right, bottom } = cover.getBoundingClientRect();
  const width = Math.min(right, innerWidth) - Math.max(left, 0);
  const height = Math.min(bottom, innerHeight) - Math.max(top, 0);
  return width >= innerWidth * ALL && height >= innerHeight * ALL ? cover : undefined;
}

/** The topmost opaque element over the element at a point of the viewport. */
function coverAt(element: Element, point: Point): Element | undefined {
  const root = element.getRootNode() as Document | ShadowRoot; // Only elements in a document are looked at.
  const above: Element[] = [];
  let isHit = false;
  for (const each of root.elementsFromPoint(point.x, point.y)) {
    isHit ||= isInside(each, element);
    if (isHit || isInside(element, each)) break;
    above.push(each);
  }
  // An element that no pointer can hit is nowhere in that list, so what is in it may be below as well.
  const covers = isHit ? above : above.filter((each) => isPaintedOver(each, element));
  return covers.find((each) => isOpaque(each, element, point)) ?? coverOutside(point);
}

function coverOutside(point: Point): Element | undefined {
  if (window === top) return undefined;
  const hit = coveredOutside(point);
  if (!hit) return undefined;
  const style = getComputedStyle(hit);
  return alphaOf(style.backgroundColor) * opacityOf(style) >= OPAQUE ? hit : undefined;
}

/** Elements that draw something of their own which no style tells of. */
function isPicture(element: Element): boolean {
  if (element instanceof HTMLImageElement) return element.complete && element.naturalWidth > 0;
  if (element instanceof HTMLVideoElement) return element.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
  if (element instanceof HTMLIFrameElement) return isOpaqueFrame(element);
  return element instanceof HTMLEmbedElement || element instanceof HTMLObjectElement;
}

/** The document of a frame has no background unless it is given one. Nobody can tell of a document of another origin. */
function isOpaqueFrame({ contentDocument }: HTMLIFrameElement): boolean {
  if (contentDocument === null) return true;
  const boxes = [contentDocument.documentElement, contentDocument.body as HTMLElement | null];
  return boxes.some((box) => box !== null && alphaOf(getComputedStyle(box).backgroundColor) >= OPAQUE);
}

function isOpaque(cover: Element, element: Element, point: Point): boolean {
  if (cover.shadowRoot !== null) {
    const inner = cover.shadowRoot.elementsFromPoint(point.x, point.y);
    if (inner.some((each) => each !== cover && isInside(each, cover) && isOpaque(each, element, point)))
      return true;
  }
  const style = getComputedStyle(cover);
  // A modal dialog is hit wherever its backdrop is.
  const { backgroundColor, backgroundImage } = isOver(cover, point)
    ? style
    : getComputedStyle(cover, "::backdrop");
  const isFilled = alphaOf(backgroundColor) >= OPAQUE && style.backgroundClip !== "text";
  if (!isFilled && !isOpaqueGradient(backgroundImage) && !isPicture(cover)) return false;
  if (style.mixBlendMode !== "normal") return false;
  let opacity = 1;
  for (let box: Element | null = cover; box !== null && !isInside(element, box); box = parentElementOf(box)) {
    opacity *= opacityOf(getComputedStyle(box));
  }
  return opacity >= OPAQUE;
}

function isOpaqueGradient(image: string): boolean {
  if (!image.includes("gradient(") || image.includes("url(")) return false;
  return (image.match(/(rgba?|color|oklch|oklab|lab|lch)\([^)]*\)|transparent/g) ?? []).every(
    (colour) => alphaOf(colour) >= OPAQUE,
  );
}

function isOver(element: Element, { x, y }: Point): boolean {
  return Array.from(element.getClientRects()).some(
    ({ left, top, right, bottom }) => x >= left && x <= right && y >= top && y <= bottom,
  );
}

function isTopLayer(element: Element): boolean {
  return element.matches(":modal,:popover-open,:fullscreen");
}

/** Tells which of two elements is drawn over the other, by the layers of which one holds each. */
function isPaintedOver(cover: Element, element: Element): boolean {
  const ours = pathTo(element);
  const theirs = pathTo(cover);
  if (theirs.some((each) => isTopLayer(each) && !ours.includes(each))) return true;
  let shared = 0;
  while (ours[shared] !== undefined && ours[shared] === theirs[shared]) shared++;
  const over = levelOf(theirs.slice(shared));
  const under = levelOf(ours.slice(shared));
  if (over !== under) return over > under;
  return Boolean(element.compareDocumentPosition(cover) & Node.DOCUMENT_POSITION_FOLLOWING);
}

/** Every element from the outermost to this one. */
function pathTo(element: Element): Element[] {
  const path: Element[] = [];
  for (let box: Element | null = element; box !== null; box = parentElementOf(box)) path.unshift(box);
  return path;
}

/** The level of the outermost layer on a path: https://www.w3.org/TR/CSS22/zindex.html */
function levelOf(path: Element[]): number {
  for (const box of path) {
    const style = getComputedStyle(box);
    const isLayer = style.position !== "static" || opacityOf(style) < 1 || style.transform !== "none";
    if (isLayer) return style.zIndex === "auto" ? 0 : Number(style.zIndex);
  }
  // Content in the flow lies below every layer that is not put under it.
  return -0.5;
}
