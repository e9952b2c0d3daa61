import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { InProcessQueue, type QueuedJob } from "../../../../src/execution/queue/queue.js";

function deferred() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

test("runs as many jobs at a time as it may, in the order in which they came", async () => {
  const queue = new InProcessQueue({ concurrency: 2, capacity: 10 });
  const order: number[] = [];
  const jobs = [0, 1, 2, 3].map((number) => {
    const { promise, resolve } = deferred();
    const job = queue.add(() => {
      order.push(number);
      return promise;
    });
    return { job, resolve };
  });
  expect(order).toEqual([0, 1]);
  expect(jobs.map(({ job }) => job.position)).toEqual([0, 0, 1, 2]);
  jobs[1]?.resolve();
  await new Promise(setImmediate);
  expect(order).toEqual([0, 1, 2]);
  expect(jobs[3]?.job.position).toBe(1);
});

test("a job that waits can be taken out, one that has started cannot", async () => {
  const queue = new InProcessQueue({ concurrency: 1, capacity: 10 });
  const { promise, resolve } = deferred();
  const first = queue.add(() => promise);
  let ran = false;
  const second = queue.add(() => {
    ran = true;
    return Promise.resolve();
  });
  expect(first.remove()).toBe(false);
  expect(second.remove()).toBe(true);
  resolve();
  await new Promise(setImmediate);
  expect(ran).toBe(false);
});

test("a job that rejects makes room like any other", async () => {
  const queue = new InProcessQueue({ concurrency: 1, capacity: 1 });
  queue.add(() => Promise.reject(new Error("broken")));
  let ran = false;
  queue.add(() => {
    ran = true;
    return Promise.resolve();
  });
  expect(() => queue.reserve("a")).toThrow(expect.objectContaining({ code: "queue_full" }));
  await new Promise(setImmediate);
  expect(ran).toBe(true);
  expect(() => queue.reserve("a")).not.toThrow();
});

/** Jobs that say when they start and end when the test says so. */
class Jobs {
  readonly started: string[] = [];
  readonly positions = new Map<string, number[]>();
  readonly jobs = new Map<string, QueuedJob>();
  readonly #ends = new Map<string, () => void>();

  readonly queue: InProcessQueue;

  constructor(queue: InProcessQueue) {
    this.queue = queue;
  }

  /** @param name its principal and a number, such as `a1` */
  add(name: string, priority?: number): QueuedJob {
    const told: number[] = [];
    this.positions.set(name, told);
    const start = () => {
      this.started.push(name);
      return new Promise<void>((resolve) => this.#ends.set(name, resolve));
    };
    const job = this.queue.add(start, {
      principal: name.slice(0, 1),
      priority,
      onPosition: (position) => told.push(position),
    });
    this.jobs.set(name, job);
    return job;
  }

  /** Ends each job as soon as it has started. @returns all of them in the order in which they have started */
  async endAll(): Promise<string[]> {
    // Each end may start a further one, which comes then.
    for (const name of this.started) await this.end(name);
    return this.started;
  }

  async end(name: string): Promise<void> {
    this.#ends.get(name)?.();
    await Promise.resolve();
    await Promise.resolve();
  }
}

/** Jobs of principals that come, with their priorities, and ends of jobs that are under way. */
const actions = fc.array(
  fc.tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom("a", "b", "c", "d") },
      { weight: 1, arbitrary: fc.constant("end" as const) },
    ),
    fc.integer({ min: 4, max: 6 }),
  ),
  { maxLength: 40 },
);

describe("priorities", () => {
  test("decide among a principal's jobs, and those with the same go in the order in which they came", async () => {
    const jobs = new Jobs(new InProcessQueue({ concurrency: 1, capacity: 10 }));
    jobs.add("a0");
    for (const [name, priority] of Object.entries({ a1: 0, a2: 5, a3: 9, a4: 5, a5: 9 }))
      jobs.add(name, priority);
    jobs.add("a6");
    expect(await jobs.endAll()).toEqual(["a0", "a3", "a5", "a2", "a4", "a6", "a1"]);
  });

  test("take no turn of another principal, and move no job back behind one", async () => {
    const jobs = new Jobs(new InProcessQueue({ concurrency: 1, capacity: 10 }));
    for (const name of ["a0", "a1", "a2", "b1", "b2"]) jobs.add(name);
    jobs.add("a3", 9);
    jobs.add("a4", 9);
    expect(await jobs.endAll()).toEqual(["a0", "b1", "a3", "b2", "a4", "a1", "a2"]);
  });

  test("never change whose turn it is", async () => {
    await fc.assert(
      fc.asyncProperty(actions, fc.integer({ min: 1, max: 3 }), async (steps, concurrency) => {
        const turnsOf = async (withPriorities: boolean) => {
          const jobs = new Jobs(new InProcessQueue({ concurrency, capacity: 100 }));
          let ended = 0;
          for (const [index, [step, priority]] of steps.entries()) {
            if (step !== "end") jobs.add(`${step}${index}`, withPriorities ? priority : undefined);
            else if (ended < jobs.started.length) await jobs.end(jobs.started[ended++] ?? "");
          }
          return (await jobs.endAll()).map((name) => name.slice(0, 1));
        };
        expect(await turnsOf(true)).toEqual(await turnsOf(false));
      }),
    );
  });
});

describe("principals", () => {
  test("take turns, each with its own jobs in order", async () => {
    const jobs = new Jobs(new InProcessQueue({ concurrency: 1, capacity: 10 }));
    for (const name of ["a1", "a2", "a3", "a4", "b1", "b2", "c1"]) jobs.add(name);
    expect(await jobs.endAll()).toEqual(["a1", "b1", "c1", "a2", "b2", "a3", "a4"]);
  });

  test("who comes again and again with one job does not keep back who waits with several", async () => {
    const jobs = new Jobs(new InProcessQueue({ concurrency: 1, capacity: 10 }));
    for (const name of ["a0", "a1", "b0", "c0"]) jobs.add(name);
    for (let index = 0; !jobs.started.includes("a1"); index++) {
      expect(index).toBeLessThan(5);
      const name = jobs.started[index] ?? "";
      const again = jobs.end(name);
      if (!name.startsWith("a")) jobs.add(`${name}'`);
      await again;
    }
  });

  test("a position is the number of starts until it is the job's own, whatever was added and has started", async () => {
    await fc.assert(
      fc.asyncProperty(actions, fc.integer({ min: 1, max: 3 }), async (steps, concurrency) => {
        const jobs = new Jobs(new InProcessQueue({ concurrency, capacity: 100 }));
        let ended = 0;
        for (const [index, [step, priority]] of steps.entries()) {
          if (step !== "end") jobs.add(`${step}${index}`, priority);
          else if (ended < jobs.started.length) await jobs.end(jobs.started[ended++] ?? "");
        }
        const expected = [...jobs.jobs].map(([name, job]) => ({ name, position: job.position }));
        const before = jobs.started.length;
        while (ended < jobs.started.length) await jobs.end(jobs.started[ended++] ?? "");
        expect(jobs.started).toHaveLength(jobs.jobs.size);
        for (const { name, position } of expected) {
          expect(Math.max(0, jobs.started.indexOf(name) + 1 - before)).toBe(position);
        }
      }),
    );
  });

  test("may have only so many running, and the others go ahead meanwhile", async () => {
    const jobs = new Jobs(new InProcessQueue({ concurrency: 3, capacity: 10, runningPerPrincipal: 1 }));
    for (const name of ["a1", "a2", "a3", "b1"]) jobs.add(name);
    expect(jobs.started).toEqual(["a1", "b1"]);
    await jobs.end("a1");
    expect(jobs.started).toEqual(["a1", "b1", "a2"]);
  });

  test("may have only so many waiting, those about to be added included", () => {
    const limits = { concurrency: 1, capacity: 10, runningPerPrincipal: 1, waitingPerPrincipal: 2 };
    const queue = new InProcessQueue(limits);
    const jobs = new Jobs(queue);
    const releases = [queue.reserve("a"), queue.reserve("a"), queue.reserve("a")];
    expect(() => queue.reserve("a")).toThrow("You have 2 runs waiting");
    queue.reserve("b")();
    for (const [index, release] of releases.entries()) {
      jobs.add(`a${index}`);
      release();
      release();
    }
    expect(() => queue.reserve("a")).toThrow(expect.objectContaining({ code: "queue_full" }));
    void jobs.jobs.get("a2")?.remove();
    expect(() => queue.reserve("a")).not.toThrow();
  });

  test("share the capacity", () => {
    const queue = new InProcessQueue({ concurrency: 1, capacity: 1 });
    const jobs = new Jobs(queue);
    jobs.add("a1");
    jobs.add("b1");
    expect(() => queue.reserve("c")).toThrow("Too many runs are waiting");
  });
});

describe("positions that change", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("are announced, but at most every 250 ms", async () => {
    const jobs = new Jobs(new InProcessQueue({ concurrency: 1, capacity: 10 }));
    for (const name of ["a1", "a2", "a3", "a4", "a5"]) jobs.add(name);
    await jobs.end("a1");
    await jobs.end("a2");
    expect(jobs.positions.get("a5")).toEqual([]);
    vi.advanceTimersByTime(250);
    expect(Object.fromEntries(jobs.positions)).toEqual({ a1: [], a2: [], a3: [], a4: [1], a5: [2] });

    void jobs.jobs.get("a4")?.remove();
    vi.advanceTimersByTime(250);
    expect(jobs.positions.get("a5")).toEqual([2, 1]);
    await jobs.end("a3");
    vi.advanceTimersByTime(250);
    expect(jobs.positions.get("a5")).toEqual([2, 1]);
  });

  test("are announced to those whom a new principal's turn moves back", () => {
    const jobs = new Jobs(new InProcessQueue({ concurrency: 1, capacity: 10 }));
    for (const name of ["a1", "a2", "a3", "b1"]) jobs.add(name);
    vi.advanceTimersByTime(250);
    expect(Object.fromEntries(jobs.positions)).toEqual({ a1: [], a2: [2], a3: [3], b1: [] });
  });

  test("far back in a long queue only what matters is announced", async () => {
    const jobs = new Jobs(new InProcessQueue({ concurrency: 1, capacity: 1_000 }));
    for (let index = 0; index <= 500; index++) jobs.add(`a${index}`);
    for (let index = 0; index < 500; index++) {
      await jobs.end(`a${index}`);
      vi.advanceTimersByTime(250);
    }
    const told = jobs.positions.get("a500") ?? [];
    expect(told.length).toBeLessThan(60);
    expect(told.slice(-20)).toEqual(Array.from({ length: 20 }, (_, index) => 20 - index));
  });
});
