/** A place in the queue of runs. */
export interface QueuedJob {
  /** Runs that have to start before this one, itself included; 0 once it has started. */
  readonly position: number;
  /** Takes the job out of the queue. @returns whether it had not started yet */
  remove(): boolean;
}

/** Decides when a run may start. */
export interface RunQueue {
  /** Whether as many jobs wait as may wait. */
  readonly isFull: boolean;
  /** Puts a job in line. It starts at once when nothing else has to start or end before. */
  add(job: () => Promise<void>): QueuedJob;
}

/** First come, first served, inside this process. */
export class InProcessQueue implements RunQueue {
  readonly #concurrency: number;
  readonly #capacity: number;
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = 0;

  /**
   * @param options.concurrency how many jobs may run at the same time
   * @param options.capacity how many jobs may wait
   */
  constructor(options: { concurrency: number; capacity: number }) {
    this.#concurrency = options.concurrency;
    this.#capacity = options.capacity;
  }

  get isFull(): boolean {
    return this.#running >= this.#concurrency && this.#waiting.length >= this.#capacity;
  }

  add(job: () => Promise<void>): QueuedJob {
    this.#waiting.push(job);
    this.#startNext();
    const waiting = this.#waiting;
    return {
      get position() {
        return waiting.indexOf(job) + 1;
      },
      remove: () => {
        const index = waiting.indexOf(job);
        if (index >= 0) waiting.splice(index, 1);
        return index >= 0;
      },
    };
  }

  #startNext(): void {
    while (this.#running < this.#concurrency) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      this.#running++;
      // A job deals with its own errors; the queue only has to learn that it ended.
      const ended = () => {
        this.#running--;
        this.#startNext();
      };
      job().then(ended, ended);
    }
  }
}
