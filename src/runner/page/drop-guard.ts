/**
 * Watches over files that are dragged in from outside the browser. A page may keep an event to itself, so what it made of
 * one is read of the event afterwards.
 */
export class DropGuard {
  readonly isOver = false;
  #over: DragEvent | undefined;
  #isRefused = false;
  #dropped: DragEvent | undefined;
  #isLeft = false;
  readonly #begin = (event: DragEvent) => {
    if (event.type === "drop") this.#dropped = event;
    else this.#over = event;
    this.#isRefused = false;
  };
  readonly #end = (event: DragEvent) => {
    if (event.type === "dragover") this.#isRefused = event.dataTransfer?.dropEffect === "none";
    else if (!event.defaultPrevented) {
      this.#isLeft = true;
      // The browser would open the file in place of the page.
      event.preventDefault();
    }
  };

  constructor() {
    for (const type of ["dragover", "drop"] as const) {
      addEventListener(type, this.#begin, { capture: true });
      addEventListener(type, this.#end);
    }
  }

  /** @returns "taken" when the page takes the files, or has taken them; "refused" when not */
  confirm(): string {
    const event = this.#dropped ?? this.#over;
    const isTaken = event?.defaultPrevented === true && !this.#isRefused && !this.#isLeft;
    return isTaken ? "taken" : "refused";
  }

  /** Ends the watch. */
  release(): void {
    for (const type of ["dragover", "drop"] as const) {
      removeEventListener(type, this.#begin, { capture: true });
      removeEventListener(type, this.#end);
    }
  }
}
