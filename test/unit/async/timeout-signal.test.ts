import { once } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { timeoutSignal } from "../../../src/async/timeout-signal.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

test("it is aborted with a TimeoutError after its time, not before", async () => {
  const signal = timeoutSignal(30);
  expect(signal.aborted).toBe(false);
  await once(signal, "abort");
  expect(signal.reason).toMatchObject({ name: "TimeoutError" });
});

test("it is aborted with an Error that says what took too long, if told", async () => {
  const signal = timeoutSignal(5, "The probe took 5 ms.");
  await once(signal, "abort");
  expect(signal.reason).toMatchObject({ name: "Error", message: "The probe took 5 ms." });
});

test("a signal made of it is aborted although nobody else holds it and memory is tidied", async () => {
  const aborted = once(AbortSignal.any([new AbortController().signal, timeoutSignal(50)]), "abort");
  collectGarbage();
  await new Promise(setImmediate);
  collectGarbage();
  await aborted;
});
