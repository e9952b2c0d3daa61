import { elementFromPoint } from "./tree.ts";

/**
 * The frames around this document. One of another origin is out of reach: there only the browser can tell what is in
 * view, and nobody can tell what covers it.
 */

export interface Point {
  x: number;
  y: number;
}

export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export function isEmpty({ left, top, right, bottom }: Area): boolean {
  return right <= left || bottom <= top;
}

/** The mapping of a point of a frame's viewport to one of the viewport around it. */
interface Placement {
  frame: Element;
  left: number;
  top: number;
  scaleX: number;
  scaleY: number;
}

function placementOf(inner: Window): Placement | undefined {
  const frame = inner.frameElement;
  if (frame === null) return undefined;
  const { left, top, width, height } = frame.getBoundingClientRect();
  // The wrappers of another document are not instances of this one's classes.
  const { offsetWidth, offsetHeight, clientLeft, clientTop } = frame as HTMLElement;
  const style = inner.parent.getComputedStyle(frame);
  const scaleX = offsetWidth > 0 ? width / offsetWidth : 1;
  const scaleY = offsetHeight > 0 ? height / offsetHeight : 1;
  return {
    frame,
    left: left + (clientLeft + parseFloat(style.paddingLeft)) * scaleX,
    top: top + (clientTop + parseFloat(style.paddingTop)) * scaleY,
    scaleX,
    scaleY,
  };
}

/** The part of a frame's viewport that lies inside those around it, in the frame's own coordinates. */
export function visibleArea(inner: Window = window): Area {
  const own = { left: 0, top: 0, right: inner.innerWidth, bottom: inner.innerHeight };
  const place = placementOf(inner);
  if (place === undefined) return own;
  const outer = visibleArea(inner.parent);
  return {
    left: Math.max(own.left, (outer.left - place.left) / place.scaleX),
    top: Math.max(own.top, (outer.top - place.top) / place.scaleY),
    right: Math.min(own.right, (outer.right - place.left) / place.scaleX),
    bottom: Math.min(own.bottom, (outer.bottom - place.top) / place.scaleY),
  };
}

/** Finds the part of an element inside the viewports around it, or the viewport's own part where that is known. */
export class ViewOf {
  #element: Element | undefined;
  #observer: IntersectionObserver | undefined;
  #area: Area | undefined;

  /** @returns nothing when it is not known yet, or has to be found out again */
  look(element: Element): Area | undefined {
    if (!isInForeignFrame()) return visibleArea();
    if (element !== this.#element) this.forget();
    this.#element = element;
    this.#observer ??= this.#observe(element);
    return this.#area;
  }

  /** Forgets what was in view, because something was scrolled. */
  forget(): void {
    this.#observer?.disconnect();
    this.#observer = this.#area = undefined;
  }

  /** An observer without a root of its own tells what is in view of the window, whatever the origins between. */
  #observe(element: Element): IntersectionObserver {
    const { width, height } = element.getBoundingClientRect();
    const observer = new IntersectionObserver((entries) => {
      this.#area = entries.at(-1)?.intersectionRect;
      observer.disconnect();
      this.#observer = undefined;
    });
    observer.observe(width > 0 && height > 0 ? element : document.documentElement);
    return observer;
  }
}

/** True when the outermost document is of another origin, or one between is. */
export function isInForeignFrame(): boolean {
  let inner: Window = window;
  while (inner.frameElement !== null) inner = inner.parent;
  return inner !== top;
}

/** The position of the frame in the outermost viewport, to tell whether it has moved. */
export function frameOrigin(): Point {
  const origin = { x: 0, y: 0 };
  let inner: Window = window;
  for (let place = placementOf(inner); place !== undefined; place = placementOf(inner)) {
    origin.x = place.left + origin.x * place.scaleX;
    origin.y = place.top + origin.y * place.scaleY;
    inner = inner.parent;
  }
  return origin;
}

/**
 * The element that covers the frame, or one around it, at a point of this frame's viewport; nothing when it can be hit.
 */
export function coveredOutside({ x, y }: Point): Element | undefined {
  let inner: Window = window;
  for (let place = placementOf(inner); place !== undefined; place = placementOf(inner)) {
    x = place.left + x * place.scaleX;
    y = place.top + y * place.scaleY;
    inner = inner.parent;
    const hit = elementFromPoint(inner.document, x, y);
    if (hit !== place.frame) return hit ?? inner.document.documentElement;
  }
  return undefined;
}

/** True when a frame around this document shows nothing of it, as far as documents of the same origin can tell. */
export function isFrameHidden(): boolean {
  for (let inner: Window = window; inner.frameElement !== null; inner = inner.parent) {
    const frame = inner.frameElement;
    const { width, height } = frame.getBoundingClientRect();
    if (width === 0 || height === 0) return true;
    if (!frame.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return true;
  }
  return false;
}
