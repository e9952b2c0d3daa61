import type { Topic, Wakes } from "./ports.js";

/** A wait for a topic that loses no wake, also not one that comes between two waits. For one who waits. */
export class Alarm {
  readonly #stop: () => void;
  #isRung = false;
  #end: () => void = () => undefined;

  constructor(wakes: Wakes, topic: Topic) {
    this.#stop = wakes.listen(topic, () => {
      this.ring();
    });
  }

  /** Ends the wait under way, or the next one at once. */
  ring(): void {
    this.#isRung = true;
    this.#end();
  }

  /** Resolves at the first wake since the last wait, or when the time is over. @param ms the time, in milliseconds */
  async wait(ms: number): Promise<void> {
    if (!this.#isRung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms).unref();
        this.#end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#isRung = false;
  }

  /** Listens no more. */
  stop(): void {
    this.#stop();
  }
}
