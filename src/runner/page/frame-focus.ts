import { isInForeignFrame } from "./frames.ts";

/**
 * Knows what has the focus in a frame. While a page still loads frames of other sites, Chromium may give it to the
 * outermost document, though nothing in the page has asked for that. Keys that are pressed then reach no element.
 */
export class FrameFocus {
  #hasBeenHere = document.hasFocus();
  #last: Element | null = document.activeElement;

  constructor() {
    addEventListener(
      "focus",
      (event) => {
        this.#hasBeenHere = true;
        const [target] = event.composedPath();
        if (target instanceof Element) this.#last = target;
      },
      { capture: true },
    );
    // A field that gives up the focus while its frame keeps it did so by itself.
    const look = () => {
      if (document.hasFocus() && isNothing(document.activeElement)) this.#last = null;
    };
    addEventListener("blur", () => setTimeout(look), { capture: true });
  }

  /** Remembers what has the focus now: a page may keep the events that tell of it from all listeners but its own. */
  note(): void {
    if (!document.hasFocus()) return;
    this.#hasBeenHere = true;
    if (!isNothing(document.activeElement)) this.#last = document.activeElement;
  }

  /**
   * True when the frame has had the focus and has lost it. That is not so where a page itself sends it elsewhere, by
   * giving another element the focus; in a frame of another origin the two cannot be told apart.
   */
  get isLost(): boolean {
    if (document.hasFocus() || !this.#hasBeenHere) return false;
    return isInForeignFrame() || isNothing(top?.document.activeElement);
  }

  /** True when keys that the frame hears reach something in it: one of another process hears them without focus too. */
  get isHere(): boolean {
    return document.hasFocus() || !isNothing(document.activeElement);
  }

  /** Gives a lost focus back to the element that had it last. */
  restore(): void {
    if (!this.isLost) return;
    const last = this.#last;
    if (last?.isConnected && (last instanceof HTMLElement || last instanceof SVGElement)) last.focus();
    if (!document.hasFocus()) window.focus();
  }
}

/** True for the active element of a document in which nothing has the focus. */
function isNothing(active: Element | null | undefined): boolean {
  return active == null || active.localName === "body" || active.localName === "html";
}
