import { setTimeout as delay } from "node:timers/promises";

/** The promise, or the reason of the first signal that is aborted before it settles. */
export async function abortable<T>(promise: Promise<T>, ...signals: (AbortSignal | undefined)[]): Promise<T> {
  const watched = signals.filter((signal) => signal !== undefined);
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    const listeners = watched.map((signal) => {
      const listener = () => {
        reject(signal.reason as Error);
      };
      if (signal.aborted) listener();
      else signal.addEventListener("abort", listener, { once: true });
      return { signal, listener };
    });
    stop = () => {
      for (const { signal, listener } of listeners) signal.removeEventListener("abort", listener);
    };
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    stop();
    // The loser of the race may still reject, and nobody else listens.
    promise.catch(() => undefined);
    aborted.catch(() => undefined);
  }
}

/** Tells if a signal is aborted: of its property TypeScript takes it that it stays as it was found over an `await`. */
export function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Waits for a time in milliseconds, or rejects with the signal's reason, which Node's own timers keep to themselves. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    signal.throwIfAborted();
  }
}

/** Wakes everyone who waits for the next change of a value, with the new value. */
export class Change<T = void> {
  readonly #waiting = new Set<(value: T) => void>();

  notify(value: T): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake(value);
  }

  /** Resolves at the next change, or rejects with the signal's reason. */
  async next(signal: AbortSignal): Promise<T> {
    let wake: (value: T) => void = () => undefined;
    const changed = new Promise<T>((resolve) => {
      wake = resolve;
      this.#waiting.add(wake);
    });
    try {
      return await abortable(changed, signal);
    } finally {
      this.#waiting.delete(wake);
    }
  }
}
