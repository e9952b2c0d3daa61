import type { Point } from "./frames.ts";
import { PressGuard } from "./press-guard.ts";

/** Events that a press and a release make together: `click`, or its kin of another button. */
const CLICKS = new Set<string>(["click", "auxclick", "contextmenu"]);

/**
 * Watches over one click, as {@link PressGuard} does over a press. The page may also move the element between press
 * and release, alone or with the frame that it is in, or draw it anew, and the browser then makes no click of the
 * two. An element that was covered by then, or that the press itself took away, does not count: that is how a page
 * answers a press.
 */
export class ClickGuard extends PressGuard {
  /** Finds the element that is in its place now. */
  readonly #locate: () => Element | undefined;
  #pressedAt: DOMRect | undefined;
  /** The point of this document at which the pointer was pressed. */
  #pointer: Point | undefined;
  /** True when the pointer, which stays in its place of the window, was released at another point of this document. */
  #frameMoved = false;
  /** The part of the element that was pressed, once what the page does at the press has left it there. */
  #outlivedPress: Element | undefined;
  #clicked = false;

  constructor(element: Element, point: Point, locate: () => Element | undefined) {
    super(element, point);
    this.#locate = locate;
  }

  override confirm(): string | undefined {
    const missedBy = super.confirm();
    if (missedBy !== undefined || this.#pressedAt === undefined || this.#clicked) return missedBy;
    if (this.#hasMoved()) return "what it moved away from";
    return this.#wasReplaced() ? "a newer one" : undefined;
  }

  protected override pressed(part: Element): void {
    this.#pressedAt = this.element.getBoundingClientRect();
    // This comes before any task of the page that is waiting already, which knows nothing of the press.
    const options = { priority: "user-blocking" } as const;
    void scheduler.postTask(() => {
      if (part.isConnected) this.#outlivedPress = part;
    }, options);
  }

  protected override isStray(event: Event, received: boolean): boolean {
    // A click's place is in whole pixels.
    if (event.type === "mousedown" || event.type === "mouseup") this.#follow(event as MouseEvent);
    if (!CLICKS.has(event.type)) return false;
    this.#clicked ||= received;
    return !received && this.#hasMoved();
  }

  #follow({ clientX: x, clientY: y }: MouseEvent): void {
    this.#pointer ??= { x, y };
    this.#frameMoved ||= x !== this.#pointer.x || y !== this.#pointer.y;
  }

  #wasReplaced(): boolean {
    return this.#outlivedPress?.isConnected === false && this.#locate() !== undefined;
  }

  #hasMoved(): boolean {
    if (this.#frameMoved) return true;
    if (!this.element.isConnected || this.#pressedAt === undefined) return false;
    const { x, y } = this.element.getBoundingClientRect();
    return x !== this.#pressedAt.x || y !== this.#pressedAt.y;
  }
}
