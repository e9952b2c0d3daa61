/**
 * Longest time between two looks when nothing in the document changes and no frame is drawn, as in a tab in
 * the background. In milliseconds.
 */
const IDLE_LOOK_MS = 100;

/** What counts as a change of the document. */
const CHANGES = { subtree: true, childList: true, attributes: true, characterData: true };

/** Tells when to look again: at each frame, at each change of the document, and now and then. */
export class PageActivity {
  /**
   * Moments for which frames were drawn so far; a window that has just opened may draw two for one moment, between
   * which nothing moves. A hidden tab draws none, so nothing moves there and an idle look counts as one.
   */
  frame = 0;
  /** What `frame` was when the document last changed; -1 when it has not. */
  lastChange = -1;
  #wake: () => void = () => undefined;
  readonly #observed = new Set<Node>();
  readonly #observer = new MutationObserver(() => {
    this.lastChange = this.frame;
    this.#wake();
  });
  /** The moment of the last frame, in milliseconds. */
  #moment = -Infinity;
  #frameRequest = this.#requestFrame();

  constructor() {
    this.#observer.observe(document, CHANGES);
  }

  /**
   * Watches the shadow roots around an element too, whose changes are none of the document's. Where they are not
   * known yet, each frame is looked at anyway.
   */
  include(element: Element): void {
    let root = element.getRootNode();
    while (root instanceof ShadowRoot) {
      if (!this.#observed.has(root)) this.#observer.observe(root, CHANGES);
      this.#observed.add(root);
      root = root.host.getRootNode();
    }
  }

  next(remainingMs: number): Promise<void> {
    return new Promise((resolve) => {
      const idle = () => {
        if (document.hidden) this.frame++;
        this.#wake();
      };
      const timer = setTimeout(idle, Math.min(IDLE_LOOK_MS, Math.max(remainingMs, 0)));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  stop(): void {
    cancelAnimationFrame(this.#frameRequest);
    this.#observer.disconnect();
  }

  #requestFrame(): number {
    return requestAnimationFrame((moment) => {
      if (moment !== this.#moment) this.frame++;
      this.#moment = moment;
      this.#frameRequest = this.#requestFrame();
      this.#wake();
    });
  }
}
