import { describe, receives } from "./element.ts";

/** Everything that a press and release of the pointer makes the browser send. */
const CLICK_EVENTS = ["pointerdown", "mousedown", "pointerup", "mouseup", "click"] as const;

/**
 * Watches over one click. Between the moment at which an element was found ready and the moment at which the
 * pointer goes down, the page may have moved it or covered it; the guard then keeps the whole click from
 * whatever is hit instead, so that it can be made again as if it had not happened.
 * The idea is Playwright's: https://playwright.dev/docs/actionability#receives-events
 */
export class ClickGuard {
  readonly #element: Element;
  #hit: boolean | undefined;
  #missedBy = "";
  readonly #listener = (event: Event) => {
    this.#onEvent(event);
  };

  constructor(element: Element) {
    this.#element = element;
    for (const type of CLICK_EVENTS)
      addEventListener(type, this.#listener, { capture: true, passive: false });
  }

  /** Ends the watch. @returns what was hit instead of the element, if anything was */
  release(): string | undefined {
    for (const type of CLICK_EVENTS) removeEventListener(type, this.#listener, { capture: true });
    return this.#hit === false ? this.#missedBy : undefined;
  }

  #onEvent(event: Event): void {
    if (!event.isTrusted) return;
    const [target] = event.composedPath();
    // The first event decides: a button may well vanish under the pointer that has pressed it.
    this.#hit ??= target instanceof Element && receives(this.#element, target);
    if (this.#hit) return;
    this.#missedBy ||= target instanceof Element ? describe(target) : "the document";
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
