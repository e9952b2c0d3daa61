import type { QueuedJob, QueueTicket, RunQueue } from "../execution/queue/queue.js";

/** A queue that tells how many jobs wait in it, and how long each has waited. */
export class WatchedQueue implements RunQueue {
  readonly #queue: RunQueue;
  readonly #onStart: (waitedSeconds: number) => void;
  #waiting = 0;
  #running = 0;

  constructor(queue: RunQueue, onStart: (waitedSeconds: number) => void) {
    this.#queue = queue;
    this.#onStart = onStart;
  }

  get waiting(): number {
    return this.#waiting;
  }

  get running(): number {
    return this.#running;
  }

  reserve(...request: Parameters<RunQueue["reserve"]>): ReturnType<RunQueue["reserve"]> {
    return this.#queue.reserve(...request);
  }

  add(start: () => Promise<void>, ticket?: QueueTicket): QueuedJob {
    const since = performance.now();
    this.#waiting++;
    const onMoved = () => {
      this.#waiting--;
      ticket?.onMoved?.();
    };
    const job = this.#queue.add(
      async () => {
        this.#waiting--;
        this.#running++;
        this.#onStart((performance.now() - since) / 1000);
        try {
          await start();
        } finally {
          this.#running--;
        }
      },
      { ...ticket, onMoved },
    );
    const removed = (isRemoved: boolean) => {
      if (isRemoved) this.#waiting--;
      return isRemoved;
    };
    const remove = () => {
      const removing = job.remove();
      return typeof removing === "boolean" ? removed(removing) : removing.then(removed);
    };
    return {
      get position() {
        return job.position;
      },
      remove,
      pause: () => {
        job.pause();
      },
      goOn: () => {
        job.goOn();
      },
    };
  }
}
