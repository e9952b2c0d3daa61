import { expect, test } from "vitest";
import { UnderWay } from "../../../src/async/under-way.js";

test("an end waits for everything that has begun, whatever comes of it, and takes nothing new", async () => {
  const underWay = new UnderWay(() => new Error("too late"));
  let finish: (text: string) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const good = underWay.carryOut(() => new Promise<string>((resolve) => (finish = resolve)));
  const bad = underWay.carryOut(() => new Promise<string>((_resolve, reject) => (fail = reject)));
  let hasEnded = false;
  const drained = underWay.drain().then(() => (hasEnded = true));

  let isDone = false;
  await expect(
    underWay.carryOut(async () => {
      isDone = true;
    }),
  ).rejects.toThrow("too late");
  expect(isDone).toBe(false);

  finish("done");
  expect(await good).toBe("done");
  expect(hasEnded).toBe(false);
  fail(new Error("in vain"));
  await expect(bad).rejects.toThrow("in vain");
  await drained;
});

test("an end waits for nothing where nothing is under way", async () => {
  await new UnderWay(() => new Error("too late")).drain();
});
