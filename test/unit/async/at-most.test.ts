import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { atMost } from "../../../src/async/at-most.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what comes in time is the answer, and no timer stays", async () => {
  expect(await atMost(1_000, Promise.resolve("here"), "late")).toBe("here");
  expect(vi.getTimerCount()).toBe(0);
});

test("what does not come in time is answered for, with nothing unless told", async () => {
  const never = new Promise<string>(() => undefined);
  const answers = [atMost(1_000, never, "late"), atMost(1_000, never)];
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await Promise.all(answers)).toEqual(["late", undefined]);
});

test("a rejection in time is handed on", async () => {
  await expect(atMost(1_000, Promise.reject(new Error("lost")), "late")).rejects.toThrow("lost");
  expect(vi.getTimerCount()).toBe(0);
});

test("a rejection that comes too late disturbs nobody", async () => {
  let reject: (reason: Error) => void = () => undefined;
  const answer = atMost(1_000, new Promise((_resolve, no) => (reject = no)), "late");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await answer).toBe("late");
  // One that nobody handles would end the test run.
  reject(new Error("lost"));
  await vi.advanceTimersByTimeAsync(1);
});
