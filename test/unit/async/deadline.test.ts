import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Deadline } from "../../../src/async/deadline.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test("expires with its message when the time is over, and not before", () => {
  const deadline = new Deadline({ limitMs: 1_000, message: "too long" });
  vi.advanceTimersByTime(999);
  expect(deadline.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(deadline.signal.reason).toEqual(new Error("too long"));
});

test("does not run down while it is held, however often", () => {
  const deadline = new Deadline({ limitMs: 1_000, message: "too long" });
  for (let round = 0; round < 3; round++) {
    vi.advanceTimersByTime(300);
    deadline.hold();
    vi.advanceTimersByTime(60_000);
    deadline.goOn();
  }
  expect(deadline.elapsedMs).toBe(900);
  vi.advanceTimersByTime(99);
  expect(deadline.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(deadline.signal.aborted).toBe(true);
});

test("leaves no timer behind when it is held, also when that is done twice", () => {
  const deadline = new Deadline({ limitMs: 1_000, message: "too long" });
  deadline.hold();
  deadline.hold();
  expect(vi.getTimerCount()).toBe(0);
  deadline.goOn();
  deadline.goOn();
  expect(vi.getTimerCount()).toBe(1);
  deadline.hold();
});
