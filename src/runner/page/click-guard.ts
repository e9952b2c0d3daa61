import { describe, receives } from "./element.ts";
import type { Point } from "./frames.ts";
import { elementFromPoint } from "./tree.ts";

/** Everything that presses and releases of the pointer make the browser send. */
const CLICK_EVENTS = [
  "pointerdown",
  "mousedown",
  "pointerup",
  "mouseup",
  "click",
  "auxclick",
  "contextmenu",
  "dblclick",
] as const;

/** What a press and a release make together: `click`, or its kin of another button. */
const CLICKS = new Set<string>(["click", "auxclick", "contextmenu"]);

/**
 * Watches over one click. Between the moment at which an element was found ready and the moment at which the
 * pointer goes down, the page may have moved it or covered it; the guard then keeps the whole click from
 * whatever is hit instead, so that it can be made again as if it had not happened.
 * The idea is Playwright's: https://playwright.dev/docs/actionability#receives-events
 *
 * The page may also move the element between press and release, alone or with the frame that it is in, or draw it
 * anew, and the browser then makes no click of the two. An element that was covered by then, or that the press itself
 * took away, does not count: that is how a page answers a press.
 */
export class ClickGuard {
  readonly #element: Element;
  /** Finds the element that is in its place now. */
  readonly #locate: () => Element | undefined;
  /** Whether the events of the press go to another document, where no listener of this one hears them. */
  readonly #goesElsewhere: boolean;
  /** Whether the press hit the element. */
  #hit: boolean | undefined;
  #pressedAt: DOMRect | undefined;
  /** Where in this document the pointer was pressed. */
  #pointer: Point | undefined;
  /** Whether the pointer, which stays in its place of the window, was released in another of this document. */
  #frameMoved = false;
  /** What was pressed of the element, once what the page does at the press has left it there. */
  #outlivedPress: Element | undefined;
  #clicked = false;
  #missedBy = "";
  readonly #listener = (event: Event) => {
    if (event.isTrusted && this.#isStray(event)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };

  constructor(element: Element, point: Point, locate: () => Element | undefined) {
    this.#element = element;
    this.#locate = locate;
    const hit = elementFromPoint(document, point.x, point.y);
    this.#goesElsewhere = hit?.matches("iframe,frame,object,embed") ?? false;
    for (const type of CLICK_EVENTS)
      addEventListener(type, this.#listener, { capture: true, passive: false });
  }

  /** Ends the watch. @returns what was hit instead of the element, if anything was */
  release(): string | undefined {
    for (const type of CLICK_EVENTS) removeEventListener(type, this.#listener, { capture: true });
    if (this.#hit === false) return this.#missedBy;
    if (this.#hit === undefined) return this.#goesElsewhere ? undefined : "something outside this document";
    if (this.#clicked) return undefined;
    if (this.#hasMoved()) return "what it moved away from";
    return this.#wasReplaced() ? "a newer one" : undefined;
  }

  #isStray(event: Event): boolean {
    const [target] = event.composedPath();
    const received = target instanceof Element && receives(this.#element, target);
    // The press decides: a button may well vanish under the pointer that has pressed it.
    if (this.#hit === undefined) {
      this.#hit = received;
      this.#pressedAt = this.#element.getBoundingClientRect();
      if (received) this.#watchPressed(target);
      else this.#missedBy = target instanceof Element ? describe(target) : "the document";
    }
    // A click's place is in whole pixels.
    if (event.type === "mousedown" || event.type === "mouseup") this.#follow(event as MouseEvent);
    if (!CLICKS.has(event.type)) return !this.#hit;
    this.#clicked ||= received;
    return !this.#hit || (!received && this.#hasMoved());
  }

  #follow({ clientX: x, clientY: y }: MouseEvent): void {
    this.#pointer ??= { x, y };
    this.#frameMoved ||= x !== this.#pointer.x || y !== this.#pointer.y;
  }

  #watchPressed(pressed: Element): void {
    // Before any task of the page that is waiting already, which knows nothing of the press.
    const options = { priority: "user-blocking" } as const;
    void scheduler.postTask(() => {
      if (pressed.isConnected) this.#outlivedPress = pressed;
    }, options);
  }

  #wasReplaced(): boolean {
    return this.#outlivedPress?.isConnected === false && this.#locate() !== undefined;
  }

  #hasMoved(): boolean {
    if (this.#frameMoved) return true;
    if (!this.#element.isConnected || this.#pressedAt === undefined) return false;
    const { x, y } = this.#element.getBoundingClientRect();
    return x !== this.#pressedAt.x || y !== this.#pressedAt.y;
  }
}
