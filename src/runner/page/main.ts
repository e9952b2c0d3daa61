import { ClickGuard } from "./click-guard.ts";
import { Observation, type Activity } from "./conditions.ts";
import { InvalidLocator } from "./locate.ts";
import type { PageRequest, PageResult } from "./requests.ts";

/**
 * Longest time between two looks when nothing in the document changes and no frame is drawn, as in a tab in
 * the background. In milliseconds.
 */
const IDLE_LOOK_MS = 100;

/** Waits inside the page until the request's condition holds or its time is up. */
async function find(request: PageRequest): Promise<PageResult> {
  const deadline = performance.now() + request.timeoutMs;
  const observation = new Observation(request);
  const activity = new PageActivity();
  try {
    for (;;) {
      const result = observation.look(activity);
      if (result.outcome === "satisfied" && request.until === "clickable") guardClick(observation);
      if (result.outcome !== "unsatisfied" || performance.now() >= deadline) return result;
      await activity.next(deadline - performance.now());
    }
  } catch (error) {
    if (error instanceof InvalidLocator) return { outcome: "invalid-locator", reason: error.message };
    throw error;
  } finally {
    activity.stop();
  }
}

/** Tells when to look again: at each frame, at each change of the document, and now and then. */
class PageActivity implements Activity {
  /** Frames drawn so far. A hidden tab draws none, so nothing moves there and an idle look counts as one. */
  frame = 0;
  lastChange = -1;
  #wake: () => void = () => undefined;
  readonly #observer = new MutationObserver(() => {
    this.lastChange = this.frame;
    this.#wake();
  });
  #frameRequest = requestAnimationFrame(() => {
    this.#nextFrame();
  });

  constructor() {
    this.#observer.observe(document, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
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

  #nextFrame(): void {
    this.frame++;
    this.#frameRequest = requestAnimationFrame(() => {
      this.#nextFrame();
    });
    this.#wake();
  }
}

let guard: ClickGuard | undefined;

function guardClick({ element }: Observation): void {
  guard?.release();
  guard = element && new ClickGuard(element);
}

/** @returns what the click hit instead of the element it was meant for; nothing when it hit that */
function confirmClick(): string {
  const missedBy = guard?.release() ?? "";
  guard = undefined;
  return missedBy;
}

declare global {
  var stepwirePage: { find: (request: string) => Promise<string>; confirmClick: () => string } | undefined;
}

globalThis.stepwirePage = {
  find: async (request) => JSON.stringify(await find(JSON.parse(request) as PageRequest)),
  confirmClick,
};
