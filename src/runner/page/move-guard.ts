import { describe, receives } from "./element.ts";
import { frameOrigin, type Point } from "./frames.ts";
import { elementFromPoint } from "./tree.ts";

/** Events of a pointer that comes; the first two are sent before a page can answer by taking the element away. */
const MOVE_EVENTS = ["pointerover", "mouseover", "pointermove", "mousemove"] as const;

/**
 * Watches over one move of the pointer to an element. Between the moment at which the element was found ready and
 * the moment at which the pointer comes, the page may have moved it or covered it.
 */
export class MoveGuard {
  /** A move is done at once. */
  readonly isOver = true;
  readonly #element: Element;
  readonly #point: Point;
  readonly #frame = frameOrigin();
  #hit = false;
  #missedBy = "something outside this document";
  readonly #listener = (event: Event) => {
    const [target] = event.composedPath();
    if (!event.isTrusted || !(target instanceof Element)) return;
    if (receives(this.#element, target)) this.#hit = true;
    else this.#missedBy = describe(target);
  };

  constructor(element: Element, point: Point) {
    this.#element = element;
    this.#point = point;
    for (const type of MOVE_EVENTS) addEventListener(type, this.#listener, { capture: true });
  }

  /** @returns what the pointer is over instead of the element, if it has not reached it */
  confirm(): string | undefined {
    // An element that is covered in answer to the move, as by a tooltip, was reached all the same.
    return this.#hit || this.#isThere() ? undefined : this.#missedBy;
  }

  /** Ends the watch. */
  release(): void {
    for (const type of MOVE_EVENTS) removeEventListener(type, this.#listener, { capture: true });
  }

  /** A pointer that was there already makes no event, nor does one over a frame, whose own document gets the events. */
  #isThere(): boolean {
    const { x, y } = frameOrigin();
    if (x !== this.#frame.x || y !== this.#frame.y) return false;
    const target = elementFromPoint(document, this.#point.x, this.#point.y);
    return target !== null && receives(this.#element, target);
  }
}
