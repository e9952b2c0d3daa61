import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { InProcessQueue, type QueuedJob, type QueueLimits } from "../../../../src/execution/queue/queue.js";

const HOLD_MS = 1_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Jobs named after their principal and a number, such as `a1`. One that is to give its place up ends at once. */
class Bench {
  readonly started: string[] = [];
  readonly warned: [name: string, leftMs: number][] = [];
  readonly gaveUp: [name: string, pausedMs: number][] = [];
  readonly #queue: InProcessQueue;
  readonly #jobs = new Map<string, QueuedJob>();
  readonly #ends = new Map<string, () => void>();

  constructor(limits: Partial<QueueLimits> = {}) {
    this.#queue = new InProcessQueue({ concurrency: 2, capacity: 100, pauseHoldMs: HOLD_MS, ...limits });
  }

  add(...names: string[]): void {
    for (const name of names) {
      const start = () => {
        this.started.push(name);
        return new Promise<void>((resolve) => this.#ends.set(name, resolve));
      };
      const onGiveUp = (pausedMs: number) => {
        this.gaveUp.push([name, Math.round(pausedMs)]);
        this.#ends.get(name)?.();
      };
      const onWarning = (leftMs: number) => this.warned.push([name, Math.round(leftMs)]);
      this.#jobs.set(name, this.#queue.add(start, { principal: name.slice(0, 1), onWarning, onGiveUp }));
    }
  }

  pause(...names: string[]): void {
    for (const name of names) this.#jobs.get(name)?.pause();
  }

  goOn(name: string): void {
    this.#jobs.get(name)?.goOn();
  }

  remove(name: string): void {
    void this.#jobs.get(name)?.remove();
  }

  async end(name: string): Promise<void> {
    this.#ends.get(name)?.();
    await vi.advanceTimersByTimeAsync(0);
  }
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test("the job that was paused first gives its place to a job of somebody else that has waited too long", async () => {
  const bench = new Bench();
  bench.add("a1", "a2");
  bench.pause("a2");
  await pass(10);
  bench.pause("a1");
  await pass(5_000);
  expect(bench.gaveUp).toEqual([]);
  bench.add("b1");
  await pass(HOLD_MS - 1);
  expect(bench.gaveUp).toEqual([]);
  await pass(1);
  expect(bench.gaveUp).toEqual([["a2", 6_010]]);
  expect(bench.started).toEqual(["a1", "a2", "b1"]);
  await pass(60_000);
  expect(bench.gaveUp).toHaveLength(1);
});

test("jobs of the same principal wait for as long as it likes", async () => {
  const bench = new Bench();
  bench.add("a1", "a2", "a3");
  bench.pause("a1", "a2");
  await pass(60_000);
  expect(bench.gaveUp).toEqual([]);
});

test("the place goes to who waited for it, not to the next job of who gave it up", async () => {
  const bench = new Bench({ concurrency: 1 });
  bench.add("c1");
  bench.add("a1", "c2", "a2", "a3");
  await bench.end("c1");
  expect(bench.started).toEqual(["c1", "a1"]);
  bench.pause("a1");
  bench.remove("c2");
  bench.add("b1");
  await pass(HOLD_MS);
  expect(bench.started).toEqual(["c1", "a1", "b1"]);
});

test("time before the pause does not count, nor does time before the last command that was let pass", async () => {
  const bench = new Bench({ concurrency: 1 });
  bench.add("a1", "b1");
  await pass(60_000);
  bench.pause("a1");
  await pass(HOLD_MS - 1);
  bench.goOn("a1");
  bench.pause("a1");
  await pass(HOLD_MS - 1);
  expect(bench.gaveUp).toEqual([]);
  await pass(1);
  expect(bench.gaveUp).toEqual([["a1", HOLD_MS]]);
});

test("a job that goes on, or whose claimant goes away, keeps its place", async () => {
  const bench = new Bench({ concurrency: 1 });
  bench.add("a1", "b1");
  bench.pause("a1");
  await pass(HOLD_MS - 1);
  bench.goOn("a1");
  await pass(HOLD_MS);
  bench.pause("a1");
  bench.remove("b1");
  await pass(60_000);
  expect(bench.gaveUp).toEqual([]);
});

test("a place at a time: the next paused job has the same time again, in which the queue may move", async () => {
  const bench = new Bench();
  bench.add("a1", "a2", "b1", "c1");
  bench.pause("a1", "a2");
  await pass(HOLD_MS);
  expect(bench.gaveUp.map(([name]) => name)).toEqual(["a1"]);
  await bench.end("b1");
  expect(bench.started).toEqual(["a1", "a2", "b1", "c1"]);
  await pass(60_000);
  expect(bench.gaveUp).toHaveLength(1);
  bench.add("b2");
  await pass(HOLD_MS);
  expect(bench.gaveUp.map(([name]) => name)).toEqual(["a1", "a2"]);
});

test("nobody gives a place up for a job that may not start anyway", async () => {
  const bench = new Bench({ runningPerPrincipal: 1 });
  bench.add("a1", "b1", "b2");
  bench.pause("a1");
  await pass(60_000);
  expect(bench.gaveUp).toEqual([]);
});

test("without a limit a paused job keeps its place", async () => {
  const bench = new Bench({ concurrency: 1, pauseHoldMs: undefined });
  bench.add("a1", "b1");
  bench.pause("a1");
  await pass(3_600_000);
  expect(bench.gaveUp).toEqual([]);
});

test("who is to give a place up is warned once, when half of the time is over", async () => {
  const bench = new Bench({ concurrency: 1 });
  bench.add("a1");
  bench.pause("a1");
  await pass(60_000);
  bench.add("b1");
  await pass(HOLD_MS / 2 - 1);
  expect(bench.warned).toEqual([]);
  await pass(1);
  bench.add("b2");
  await pass(HOLD_MS / 4);
  expect(bench.warned).toEqual([["a1", HOLD_MS / 2]]);
  bench.goOn("a1");
  bench.pause("a1");
  await pass(HOLD_MS);
  expect(bench.warned).toEqual([
    ["a1", HOLD_MS / 2],
    ["a1", HOLD_MS / 2],
  ]);
  expect(bench.gaveUp).toEqual([["a1", HOLD_MS]]);
});
