import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { firstOf } from "../../../src/async/first-of.js";

const never = new AbortController().signal;

/** A work that ends only by being given up, and tells of it. */
function lasting() {
  const given: { up: unknown } = { up: undefined };
  const work = (until: AbortSignal) =>
    new Promise<never>((_resolve, reject) => {
      until.addEventListener("abort", () => {
        given.up = until.reason;
        reject(until.reason as Error);
      });
    });
  return { given, work };
}

test("the first to settle decides, and the other is given up", async () => {
  const { given, work } = lasting();
  expect(await firstOf(never, work, () => Promise.resolve("first"))).toBe("first");
  expect(given.up).toBeInstanceOf(DOMException);
});

test("the first may be one that fails", async () => {
  const { given, work } = lasting();
  await expect(firstOf(never, work, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(given.up).toBeInstanceOf(DOMException);
});

test("the signal's reason is thrown, whatever a work makes of it", async () => {
  const controller = new AbortController();
  const first = firstOf(controller.signal, (until) => delay(60_000, undefined, { signal: until }));
  controller.abort(new Error("enough"));
  await expect(first).rejects.toThrow("enough");
});

test("all are given up with the signal's reason", async () => {
  const controller = new AbortController();
  const works = [lasting(), lasting()];
  const first = firstOf(controller.signal, ...works.map(({ work }) => work));
  const reason = new Error("cancelled");
  controller.abort(reason);
  await expect(first).rejects.toBe(reason);
  expect(works.map(({ given }) => given.up)).toEqual([reason, reason]);
});
