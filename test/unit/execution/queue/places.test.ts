import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { InProcessQueue } from "../../../../src/execution/queue/queue.js";
import type { RequestedBrowser } from "../../../../src/execution/ports.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const FIREFOX = { browser: "firefox" } as const;

/** A queue for the places of another system, here of its chromes and firefoxes. */
function queueOf(free: { chrome: number; firefox: number; ahead: number }) {
  const started: string[] = [];
  const told: [name: string, position: number][] = [];
  const ends = new Map<string, () => void>();
  const placesFor = (browser: RequestedBrowser | undefined) =>
    free[browser?.browser === "firefox" ? "firefox" : "chrome"];
  const places = { placesFor, roomFor: placesFor, ahead: () => free.ahead };
  const queue = new InProcessQueue({ concurrency: 10, capacity: 100, waitingPerPrincipal: 2, places });
  const add = (name: string, browser?: RequestedBrowser) =>
    queue.add(
      () => {
        started.push(name);
        return new Promise<void>((resolve) => ends.set(name, resolve));
      },
      { browser, onPosition: (position) => told.push([name, position]) },
    );
  return { queue, add, started, told, ends };
}

test("a job starts once there is a place for its browser, and lets those pass that have one", () => {
  const free = { chrome: 1, firefox: 1, ahead: 0 };
  const { queue, add, started } = queueOf(free);
  add("chrome 1");
  const second = add("chrome 2");
  add("firefox", FIREFOX);
  expect(started).toEqual(["chrome 1", "firefox"]);
  expect(second.position).toBe(1);
  free.chrome = 2;
  queue.placesChanged();
  expect(started).toEqual(["chrome 1", "firefox", "chrome 2"]);
  expect(second.position).toBe(0);
});

test("positions count those who wait in the other system", async () => {
  const free = { chrome: 0, firefox: 0, ahead: 4 };
  const { queue, add, told } = queueOf(free);
  const job = add("chrome");
  expect(job.position).toBe(5);
  free.ahead = 1;
  queue.placesChanged();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told).toEqual([["chrome", 2]]);
});

test("a principal has no more jobs waiting than it may, where none could start at once", () => {
  const { queue, add } = queueOf({ chrome: 0, firefox: 1, ahead: 0 });
  add("chrome 1");
  add("chrome 2");
  expect(() => queue.reserve("")).toThrow("2 runs waiting");
  expect(() => queue.reserve("", FIREFOX)).not.toThrow();
});
