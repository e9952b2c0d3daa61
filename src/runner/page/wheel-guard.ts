import { describe, receives } from "./element.ts";
import { frameOrigin, type Point } from "./frames.ts";
import { later } from "./later.ts";
import { elementFromPoint } from "./tree.ts";

/** Time in which a page answers the wheel so that people see it, in milliseconds. */
const ANSWER_MS = 300;

/**
 * Watches over turns of the wheel, as `MoveGuard` does over a move. Turns that miss the element reach nothing else, and
 * scroll nothing.
 */
export class WheelGuard {
  /** The turns of one command come together. */
  readonly isOver = true;
  readonly #element: Element;
  readonly #point: Point;
  readonly #frame = frameOrigin();
  #missedBy: string | undefined;
  readonly #events: Event[] = [];
  /** Resolves when something of the document has changed or was scrolled. */
  readonly #moved: Promise<void>;
  readonly #listener = (event: Event) => {
    const [target] = event.composedPath();
    if (!event.isTrusted || !(target instanceof Element)) return;
    // The effect of the first may put something else under the pointer.
    this.#missedBy ??= receives(this.#element, target) ? "" : describe(target);
    if (this.#missedBy === "") {
      this.#events.push(event);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  constructor(element: Element, point: Point) {
    this.#element = element;
    this.#point = point;
    addEventListener("wheel", this.#listener, { capture: true, passive: false });
    this.#moved = new Promise((done) => {
      const changes = { attributes: true, characterData: true, childList: true, subtree: true };
      const moved = () => {
        watch.disconnect();
        removeEventListener("scroll", moved, { capture: true });
        done();
      };
      const watch = new MutationObserver(moved);
      watch.observe(document, changes);
      addEventListener("scroll", moved, { capture: true });
    });
  }

  /** @returns what the wheel was turned over instead of the element, if anything was */
  confirm(): string | undefined {
    if (this.#missedBy !== undefined) return this.#missedBy || undefined;
    return this.#isThere() ? undefined : "something outside this document";
  }

  /**
   * True when the page has answered the turns: it kept the browser from scrolling, changed, or was scrolled. Nobody can
   * tell for what is in another document.
   */
  async wasAnswered(): Promise<boolean> {
    if (this.#events.length === 0 || this.#events.some((event) => event.defaultPrevented)) return true;
    return await Promise.race([this.#moved.then(() => true), later(ANSWER_MS).then(() => false)]);
  }

  /** Ends the watch. */
  release(): void {
    removeEventListener("wheel", this.#listener, { capture: true });
  }

  /** A frame's own document gets the events over it, and an older listener may keep them from all later ones. */
  #isThere(): boolean {
    const { x, y } = frameOrigin();
    if (x !== this.#frame.x || y !== this.#frame.y) return false;
    const target = elementFromPoint(document, this.#point.x, this.#point.y);
    return target !== null && receives(this.#element, target);
  }
}
