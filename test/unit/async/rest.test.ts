import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Rest } from "../../../src/async/rest.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a rest lasts its time", async () => {
  const done = vi.fn();
  void new Rest().take(50).then(done);
  await vi.advanceTimersByTimeAsync(49);
  expect(done).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(done).toHaveBeenCalled();
});

test("a rest that is ended leaves no timer, and the next one lasts its own time", async () => {
  const rest = new Rest();
  const first = rest.take(50);
  rest.end();
  await first;
  expect(vi.getTimerCount()).toBe(0);
  const done = vi.fn();
  void rest.take(20).then(done);
  await vi.advanceTimersByTimeAsync(19);
  expect(done).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(done).toHaveBeenCalled();
});
