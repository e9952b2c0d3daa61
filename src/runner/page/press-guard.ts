import { describe, receives } from "./element.ts";
import type { Point } from "./frames.ts";
import { elementFromPoint } from "./tree.ts";

/** Every event that a press or a release of the pointer makes the browser send. */
const PRESS_EVENTS = [
  "pointerdown",
  "mousedown",
  "pointerup",
  "mouseup",
  "click",
  "auxclick",
  "contextmenu",
  "dblclick",
] as const;

/**
 * Watches over one press of the pointer. Between the moment at which an element was found ready and the moment at
 * which the pointer goes down, the page may have moved it or covered it; the guard then keeps the press, and all that
 * comes of it, from whatever is hit instead, so that it can be made again as if it had not happened.
 * The idea is Playwright's: https://playwright.dev/docs/actionability#receives-events
 */
export class PressGuard {
  protected readonly element: Element;
  readonly #point: Point;
  /** True when the events of the press go to another document, where no listener of this one hears them. */
  readonly #goesElsewhere: boolean;
  /** True when the press hit the element, false when it missed. */
  #hit: boolean | undefined;
  #missedBy = "";
  /** True while a button is down that was pressed under this watch. */
  #isDown = false;
  readonly #listener = (event: Event) => {
    if (!event.isTrusted) return;
    const [target] = event.composedPath();
    const received = target instanceof Element && receives(this.element, target);
    if (event.type === "mousedown" || event.type === "mouseup") this.#isDown = event.type === "mousedown";
    // The press decides: a button may well vanish under the pointer that has pressed it.
    if (this.#hit === undefined) {
      this.#hit = received;
      if (received) this.pressed?.(target);
      else this.#missedBy = target instanceof Element ? describe(target) : "the document";
    }
    if (this.#hit && !this.isStray?.(event, received)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  constructor(element: Element, point: Point) {
    this.element = element;
    this.#point = point;
    const hit = elementFromPoint(document, point.x, point.y);
    this.#goesElsewhere = hit?.matches("iframe,frame,object,embed") ?? false;
    for (const type of PRESS_EVENTS)
      addEventListener(type, this.#listener, { capture: true, passive: false });
  }

  /** @returns what was hit instead of the element, if anything was; see {@link isOver} */
  confirm(): string | undefined {
    if (this.#hit === false) return this.#missedBy;
    if (this.#hit || this.#goesElsewhere) return undefined;
    return this.#isReached() ? undefined : "something outside this document";
  }

  /**
   * True when the press came here though no event of it was heard: an older listener of the page may keep events from
   * all later ones. The browser itself knows which document the pointer is over.
   */
  #isReached(): boolean {
    if (!document.documentElement.matches(":hover")) return false;
    const hit = elementFromPoint(document, this.#point.x, this.#point.y);
    return hit?.matches("iframe,frame,object,embed") === false;
  }

  /** True when nothing more can come of a press that missed. */
  get isOver(): boolean {
    return !this.#isDown;
  }

  /** Ends the watch. */
  release(): void {
    for (const type of PRESS_EVENTS) removeEventListener(type, this.#listener, { capture: true });
  }

  /** Called when the press has just hit the element, or this part of it, before anybody else knows. */
  protected pressed?(part: Element): void;

  /** Tells whether an event that follows a press that hit is not meant for the element that receives it. */
  protected isStray?(event: Event, received: boolean): boolean;
}
