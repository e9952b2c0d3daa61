/**
 * Longest time between two looks when nothing in the document changes and no frame is drawn, as in a tab in
 * the background. In milliseconds.
 */
const IDLE_LOOK_MS = 100;

/** Kinds of mutations that count as a change of the document. */
const CHANGES = { subtree: true, childList: true, attributes: true, characterData: true };

/** Tells when to look again: at each frame, at each change of the document, and now and then. */
export class PageActivity {
  /**
   * Number of moments for which frames were drawn so far; a window that has just opened may draw two for one moment,
   * between which nothing moves. A hidden tab draws none, so nothing moves there and an idle look counts as one.
   */
  frame = 0;
  /** Value of `frame` when the document last changed; -1 when it has not. */
  lastChange = -1;
  #wake: () => void = () => undefined;
  readonly #observed = new Set<Node>();
  readonly #observer = new MutationObserver(() => {
    this.lastChange = this.frame;
    this.#wake();
  });
  /** The moment of the last frame, in milliseconds. */
  #moment = -Infinity;
  #frameRequest: number | undefined;
  /** Value of `frame` at the last idle look. */
  #frameAtIdle = -1;
  readonly #drawings = new Drawings(() => {
    this.#drawn(Number(document.timeline.currentTime));
  });

  /**
   * Watches the shadow roots around an element too, as an observer of the document does not hear of their changes.
   * Where they are not known yet, each frame is looked at anyway.
   */
  include(element: Element): void {
    let root = element.getRootNode();
    while (root instanceof ShadowRoot) {
      if (!this.#observed.has(root)) this.#observer.observe(root, CHANGES);
      this.#observed.add(root);
      root = root.host.getRootNode();
    }
  }

  /**
   * Resolves when there is reason to look again. The document is watched from the first wait on: a request whose first
   * look is enough, as for most checks, has the browser draw no frame for it.
   */
  next(remainingMs: number): Promise<void> {
    if (this.#frameRequest === undefined) this.#watch();
    return new Promise((resolve) => {
      const idle = () => {
        if (document.hidden) this.frame++;
        else if (this.#frameAtIdle === this.frame) this.#drawings.watch();
        this.#frameAtIdle = this.frame;
        this.#wake();
      };
      const endTimer = after(Math.min(IDLE_LOOK_MS, Math.max(remainingMs, 0)), idle);
      this.#wake = () => {
        endTimer();
        resolve();
      };
    });
  }

  stop(): void {
    if (this.#frameRequest !== undefined) cancelAnimationFrame(this.#frameRequest);
    this.#observer.disconnect();
    this.#drawings.stop();
  }

  #watch(): void {
    this.#observer.observe(document, CHANGES);
    this.#frameRequest = this.#requestFrame();
  }

  #requestFrame(): number {
    return requestAnimationFrame((moment) => {
      this.#frameRequest = this.#requestFrame();
      this.#drawn(moment);
    });
  }

  #drawn(moment: number): void {
    if (moment !== this.#moment) this.frame++;
    this.#moment = moment;
    this.#wake();
  }
}

/**
 * Tells when frames are drawn where the application has ended our requests for them, as it can with every request and
 * every timer of its window. A ResizeObserver reports an element that it newly observes in the next frame.
 */
class Drawings {
  readonly #onDrawn: () => void;
  #observer: ResizeObserver | undefined;

  constructor(onDrawn: () => void) {
    this.#onDrawn = onDrawn;
  }

  watch(): void {
    if (this.#observer !== undefined) return;
    const observer = (this.#observer = new ResizeObserver(() => {
      this.#onDrawn();
      // The observer reports an element once more when it is observed anew, in the frame after this.
      observer.disconnect();
      void Promise.resolve().then(() => {
        if (this.#observer) observer.observe(document.documentElement);
      });
    }));
    observer.observe(document.documentElement);
  }

  stop(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
  }
}

/** Time by which a timer is late before it counts as ended by the application, in milliseconds. */
const LATER_MS = 50;

/**
 * Acts once after a time, even where the application ends every timer of its window.
 *
 * @returns a function that ends the wait
 */
function after(ms: number, act: () => void): () => void {
  let isOver = false;
  const end = () => {
    isOver = true;
    clearTimeout(timer);
  };
  const onTime = () => {
    if (isOver) return;
    end();
    act();
  };
  const timer = setTimeout(onTime, ms);
  // Old browsers have no scheduler.
  const { scheduler } = globalThis as { scheduler?: Scheduler };
  void scheduler?.postTask(onTime, { delay: ms + LATER_MS });
  return end;
}
