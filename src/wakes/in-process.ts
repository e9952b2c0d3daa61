import type { Topic, Wakes } from "./ports.js";

/** Wakes those who wait in this process: all that there are where a database has one server. */
export class InProcessWakes implements Wakes {
  readonly #listeners = new Map<Topic, Set<() => void>>();

  wake(...topics: readonly Topic[]): void {
    for (const topic of topics) for (const onWake of [...(this.#listeners.get(topic) ?? [])]) onWake();
  }

  /** Wakes everybody. */
  wakeAll(): void {
    this.wake(...this.#listeners.keys());
  }

  listen(topic: Topic, onWake: () => void): () => void {
    // A function of its own for each call, so that one who listens twice is woken twice and ends one of both.
    const listener = () => {
      onWake();
    };
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(topic) === listeners) this.#listeners.delete(topic);
    };
  }
}
