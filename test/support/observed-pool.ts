import type { WarmBrowserPool } from "../../src/browser/pool/pool.js";
import type { BrowserSession } from "../../src/execution/ports.js";

/** Told of every method of a page that a run calls. */
export interface PageObserver {
  onCall?: (method: string) => void;
  /** Only of those that did what they were asked to. */
  onDone?: (method: string) => void;
}

/** A pool whose pages tell what a run does with them, which no client hears. */
export function observedPool(pool: WarmBrowserPool, observer: PageObserver) {
  return {
    size: pool.size,
    warm: () => pool.warm(),
    check: (signal: AbortSignal) => pool.check(signal),
    close: () => pool.close(),
    acquire: async (signal: AbortSignal): Promise<BrowserSession> => {
      const { page, lost, close } = await pool.acquire(signal);
      const observedPage = new Proxy(page, {
        get(target, property) {
          const value: unknown = Reflect.get(target, property, target);
          if (typeof value !== "function") return value;
          const method = String(property);
          return (...values: unknown[]) => {
            observer.onCall?.(method);
            const result: unknown = value.apply(target, values);
            if (result instanceof Promise)
              void result.then(
                () => observer.onDone?.(method),
                () => undefined,
              );
            return result;
          };
        },
      });
      return { page: observedPage, lost, close };
    },
  };
}
