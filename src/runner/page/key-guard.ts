import type { FrameFocus } from "./frame-focus.ts";

/** Watches over keys that are about to be pressed in a frame, and have to be pressed again when it loses the focus. */
export class KeyGuard {
  readonly #focus: FrameFocus;
  #heard = 0;
  readonly #listener = ({ isTrusted, key }: KeyboardEvent) => {
    // The browser decides how often Shift comes along.
    if (isTrusted && key !== "Shift" && this.#focus.isHere) this.#heard++;
  };

  constructor(focus: FrameFocus) {
    this.#focus = focus;
    addEventListener("keydown", this.#listener, { capture: true });
  }

  /**
   * @param pressed how many keys were, without Shift
   * @returns whether some of them were lost
   */
  haveMissed(pressed: number): boolean {
    return this.#heard < pressed && this.#focus.isLost;
  }

  /** Ends the watch. */
  release(): void {
    removeEventListener("keydown", this.#listener, { capture: true });
  }
}
