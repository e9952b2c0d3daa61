import type { Area } from "./frames.ts";
import { parentElementOf } from "./tree.ts";

/** The rest that boxes around an element leave of it: for people who scroll as far as they can, and as it is scrolled now. */

/** One box that cuts off what lies outside of it. */
export interface Clip {
  box: Element;
  /** The part of an area that people can bring into the box; where that scrolls, the part may then be anywhere in it. */
  reachable: (area: Area) => Area;
  /** The part of an area that is inside the box now. */
  shown: (area: Area) => Area;
  /** True where people can scroll in the box. */
  scrolls: boolean;
  /** The axes of a box; missing where it is a path that cuts. */
  axes?: { x: Axis; y: Axis };
}

/** An element that can be seen, as far as boxes around it go. */
export interface InSight {
  /** Parts of the element that are drawn, whether they are in view or not. */
  parts: Area[];
  /** The places of those parts that are in view now. */
  shown: Area[];
  clips: Clip[];
}

export interface Surroundings {
  /** From the inside out, the viewport last. */
  clips: Clip[];
  /** Opacity of everything around the element, without its own. */
  opacity: number;
}

/** Range of one axis, in CSS pixels of the viewport. */
interface Range {
  from: number;
  to: number;
}

/** The way in which one axis of a box treats what lies outside. */
export interface Axis {
  /** The box itself. */
  port: Range;
  /** Everything that can be scrolled to; missing where nobody can scroll. */
  content?: Range;
  /** True when nothing is cut off. */
  isOpen: boolean;
  /** True when there is more to see, to which only a script can scroll. */
  isLocked?: boolean;
}

export function surroundingsOf(element: Element): Surroundings {
  const clips: Clip[] = [];
  let opacity = 1;
  let { position } = getComputedStyle(element);
  for (let box = parentElementOf(element); box !== null; box = parentElementOf(box)) {
    const style = getComputedStyle(box);
    opacity *= opacityOf(style);
    const own = ownClip(box, style);
    if (own !== undefined) clips.push(own);
    if (box === document.documentElement) break;
    if (style.display === "contents") continue;
    // Boxes inside the one that an element is positioned by do not cut it off.
    if (position === "fixed" && !holdsFixed(style)) continue;
    if (position === "absolute" && style.position === "static" && !holdsFixed(style)) continue;
    ({ position } = style);
    const clip = overflowClip(box, style);
    if (clip !== undefined) clips.push(clip);
  }
  clips.push(viewportClip(position === "fixed"));
  return { clips, opacity };
}

/** Opacity that a style gives, a filter's included. */
export function opacityOf({ opacity, filter }: CSSStyleDeclaration): number {
  const filtered = /opacity\(([\d.]+)(%?)\)/.exec(filter);
  const factor = filtered === null ? 1 : Number(filtered[1]) / (filtered[2] === "%" ? 100 : 1);
  return Number(opacity) * factor;
}

/** The clip of the paths that an element itself is cut to; nothing where it is not cut. */
export function ownClip(element: Element, style: CSSStyleDeclaration): Clip | undefined {
  const area = clipPathOf(element, style) ?? clipRectOf(element, style);
  return area && fixedClip(element, area);
}

/** https://www.w3.org/TR/css-masking-1/#clip-property, which styles for screen readers only still use. */
function clipRectOf(element: Element, style: CSSStyleDeclaration): Area | undefined {
  if (!/^(absolute|fixed)$/.test(style.position)) return undefined;
  const sides = /^rect\((.+)\)$/.exec(style.getPropertyValue("clip"))?.[1]?.split(/[\s,]+/);
  if (sides?.length !== 4) return undefined;
  const { left, top, width, height } = element.getBoundingClientRect();
  const [above = 0, right = width, below = height, before = 0] = sides.map((side) =>
    side === "auto" ? undefined : parseFloat(side),
  );
  return { left: left + before, top: top + above, right: left + right, bottom: top + below };
}

/** https://www.w3.org/TR/css-transforms-1/#containing-block-for-all-descendants and its kin. */
function holdsFixed(style: CSSStyleDeclaration): boolean {
  return (
    style.transform !== "none" ||
    style.translate !== "none" ||
    style.scale !== "none" ||
    style.rotate !== "none" ||
    style.perspective !== "none" ||
    style.filter !== "none" ||
    /transform|filter|perspective/.test(style.willChange) ||
    /paint|layout|strict|content/.test(style.contain)
  );
}

/** The clip of a box that cuts off its overflow; nothing where it shows everything. */
export function overflowClip(box: Element, style: CSSStyleDeclaration): Clip | undefined {
  const { overflowX, overflowY } = style;
  const isPainted = /paint|strict|content/.test(style.contain);
  if (overflowX === "visible" && overflowY === "visible" && !isPainted) return undefined;
  if (box === document.body && isViewportsOverflow(box)) return undefined;
  // Neither inline boxes nor the rows of a table have an overflow of their own.
  const isDrawing = box instanceof SVGElement;
  if (isDrawing && !isOutermostSvg(box)) return undefined;
  if (!isDrawing && /^(inline|table-(row|column|header|footer).*)$/.test(style.display)) return undefined;
  const { left, top, width, height } = box.getBoundingClientRect();
  const isHtml = box instanceof HTMLElement;
  const scaleX = isHtml && box.offsetWidth > 0 ? width / box.offsetWidth : 1;
  const scaleY = isHtml && box.offsetHeight > 0 ? height / box.offsetHeight : 1;
  const port = {
    x: range(left + (isHtml ? box.clientLeft * scaleX : 0), isHtml ? box.clientWidth * scaleX : width),
    y: range(top + (isHtml ? box.clientTop * scaleY : 0), isHtml ? box.clientHeight * scaleY : height),
  };
  const reversed = reversedAxes(style);
  return clipOf(
    box,
    axisOf(isPainted && overflowX === "visible" ? "clip" : overflowX, port.x, {
      scrolled: box.scrollLeft * scaleX,
      length: box.scrollWidth * scaleX,
      isReversed: reversed.x,
    }),
    axisOf(isPainted && overflowY === "visible" ? "clip" : overflowY, port.y, {
      scrolled: box.scrollTop * scaleY,
      length: box.scrollHeight * scaleY,
      isReversed: reversed.y,
    }),
  );
}

/** @param isFixed whether scrolling the document would not move the element */
function viewportClip(isFixed: boolean): Clip {
  const root = document.documentElement;
  const box = document.scrollingElement ?? root;
  const rootStyle = getComputedStyle(root);
  const from = document.body instanceof HTMLBodyElement && isViewportsOverflow(document.body);
  const style = from ? getComputedStyle(document.body) : rootStyle;
  const isLocked = isFixed || isWithoutScrollbars();
  const reversed = reversedAxes(rootStyle);
  const axis = (overflow: string, port: Range, scrolling: Scrolling) =>
    axisOf(isLocked || /hidden|clip/.test(overflow) ? "hidden" : "auto", port, scrolling);
  return clipOf(
    root,
    axis(style.overflowX, range(0, innerWidth), {
      scrolled: box.scrollLeft,
      length: box.scrollWidth,
      isReversed: reversed.x,
    }),
    axis(style.overflowY, range(0, innerHeight), {
      scrolled: box.scrollTop,
      length: box.scrollHeight,
      isReversed: reversed.y,
    }),
  );
}

/** True for a body whose overflow is the viewport's: https://www.w3.org/TR/css-overflow-3/#overflow-propagation */
function isViewportsOverflow(body: Element): boolean {
  const { overflowX, overflowY, display } = getComputedStyle(document.documentElement);
  return (
    overflowX === "visible" && overflowY === "visible" && display !== "none" && body.localName === "body"
  );
}

function isWithoutScrollbars(): boolean {
  return window !== top && frameElement?.getAttribute("scrolling")?.toLowerCase() === "no";
}

function isOutermostSvg(box: SVGElement): boolean {
  return box instanceof SVGSVGElement && box.ownerSVGElement === null;
}

interface Scrolling {
  scrolled: number;
  /** Length of everything that can be scrolled to. */
  length: number;
  /** True when the content begins at the far end and is scrolled with negative numbers. */
  isReversed: boolean;
}

function axisOf(overflow: string, port: Range, { scrolled, length, isReversed }: Scrolling): Axis {
  if (overflow === "visible") return { port, isOpen: true };
  const isLonger = length - (port.to - port.from) >= 1;
  if (!isLonger || !/auto|scroll|overlay/.test(overflow)) {
    return { port, isOpen: false, isLocked: isLonger && overflow === "hidden" };
  }
  // Nothing lies beyond the far end but content that the browser has not laid out yet.
  const content = isReversed
    ? { from: -Infinity, to: port.to - scrolled }
    : { from: port.from - scrolled, to: Infinity };
  return { port, content, isOpen: false };
}

function reversedAxes({ direction, writingMode, display, flexDirection }: CSSStyleDeclaration) {
  const isRtl = direction === "rtl";
  const isFlex = display.includes("flex");
  if (writingMode !== "horizontal-tb") return { x: writingMode.endsWith("-rl"), y: isRtl };
  return {
    x: isRtl !== (isFlex && flexDirection === "row-reverse"),
    y: isFlex && flexDirection === "column-reverse",
  };
}

function clipOf(box: Element, x: Axis, y: Axis): Clip {
  return {
    box,
    reachable: (area) => combine(reachableOf(x, across(area)), reachableOf(y, down(area))),
    shown: (area) => combine(shownOf(x, across(area)), shownOf(y, down(area))),
    scrolls: x.content !== undefined || y.content !== undefined,
    axes: { x, y },
  };
}

function fixedClip(box: Element, { left, top, right, bottom }: Area): Clip {
  const cut = (area: Area): Area => ({
    left: Math.max(area.left, left),
    top: Math.max(area.top, top),
    right: Math.min(area.right, right),
    bottom: Math.min(area.bottom, bottom),
  });
  return { box, reachable: cut, shown: cut, scrolls: false };
}

function reachableOf(axis: Axis, part: Range): Range {
  if (axis.content === undefined) return shownOf(axis, part);
  const { from, to } = intersect(part, axis.content);
  return from < to ? axis.port : { from, to };
}

function shownOf({ isOpen, port }: Axis, part: Range): Range {
  return isOpen ? part : intersect(part, port);
}

function intersect(a: Range, b: Range): Range {
  return { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
}

function range(from: number, length: number): Range {
  return { from, to: from + length };
}

function across({ left, right }: Area): Range {
  return { from: left, to: right };
}

function down({ top, bottom }: Area): Range {
  return { from: top, to: bottom };
}

function combine(x: Range, y: Range): Area {
  return { left: x.from, top: y.from, right: x.to, bottom: y.to };
}

/**
 * The rectangle around a basic shape that an element is cut to; nothing for one without a clip path, and for a path
 * whose extent takes more than a few numbers to tell. https://www.w3.org/TR/css-shapes-1/#basic-shape-functions
 */
function clipPathOf(element: Element, { clipPath }: CSSStyleDeclaration): Area | undefined {
  if (clipPath === "none") return undefined;
  const [, shape = "", list = ""] = /^(inset|circle|ellipse|polygon)\((.*)\)/.exec(clipPath) ?? [];
  const { left, top, width, height } = element.getBoundingClientRect();
  if (shape === "inset") {
    const sides = (list.split(" round ")[0] ?? "").trim().split(/\s+/);
    const [above = "0", right = above, below = above, before = right] = sides;
    return {
      left: left + lengthOf(before, width),
      top: top + lengthOf(above, height),
      right: left + width - lengthOf(right, width),
      bottom: top + height - lengthOf(below, height),
    };
  }
  if (shape === "polygon" && !list.includes("calc")) {
    const corners = list.replace(/^(nonzero|evenodd),/, "").split(",");
    const places = corners.map((corner) => corner.trim().split(/\s+/));
    const xs = places.map(([x = "0"]) => left + lengthOf(x, width));
    const ys = places.map(([, y = "0"]) => top + lengthOf(y, height));
    const area = {
      left: Math.min(...xs),
      top: Math.min(...ys),
      right: Math.max(...xs),
      bottom: Math.max(...ys),
    };
    return Object.values(area).some(Number.isNaN) ? undefined : area;
  }
  if (/^(0(px|%)?)(\s|$)/.test(list)) return { left, top, right: left, bottom: top };
  return undefined;
}

/** A computed length; one that is calculated counts as nothing, so that nothing is cut off on a guess. */
function lengthOf(text: string, whole: number): number {
  const number = parseFloat(text);
  if (Number.isNaN(number)) return 0;
  return text.endsWith("%") ? (number / 100) * whole : number;
}
