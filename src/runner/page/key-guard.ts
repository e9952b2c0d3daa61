import { isInForeignFrame } from "./frames.ts";

/**
 * Watches over keys that are about to be pressed in a frame. While a page still loads frames of other sites, Chromium
 * may give the focus, which a frame has, to the outermost document, though nothing in the page has asked for that. What
 * is pressed then reaches no element, and has to be pressed again.
 */
export class KeyGuard {
  #heard = 0;
  readonly #listener = ({ isTrusted }: Event) => {
    // A frame of another process hears keys also when it has lost the focus; they reach no element then.
    if (isTrusted && (document.hasFocus() || !isNothing(document.activeElement))) this.#heard++;
  };

  constructor() {
    addEventListener("keydown", this.#listener, { capture: true });
  }

  /**
   * @param pressed how many keys were
   * @returns whether some of them were lost. Those that a page itself sends elsewhere, by giving another element the
   * focus, are not; from a frame of another origin that cannot be told apart.
   */
  haveMissed(pressed: number): boolean {
    if (document.hasFocus() || this.#heard >= pressed) return false;
    return isInForeignFrame() || isNothing(top?.document.activeElement);
  }

  /** Ends the watch. */
  release(): void {
    removeEventListener("keydown", this.#listener, { capture: true });
  }
}

/** Whether an active element stands for none. */
function isNothing(active: Element | null | undefined): boolean {
  return active == null || active.localName === "body" || active.localName === "html";
}
