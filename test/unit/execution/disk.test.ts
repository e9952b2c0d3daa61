import { expect, test } from "vitest";
import { AppError } from "../../../src/protocol/errors.js";
import { hang, script } from "../../support/fake-runner.js";
import { FakePool } from "../../support/fake-browser.js";
import { Bench, step } from "./set-up.js";

const MB = 1_000_000;

test("a run that the server cannot take is refused with the reason, and nothing of it is saved", async () => {
  let isFull = true;
  const admit = async () => {
    if (isFull) throw new AppError("disk_full", "The server's disk is nearly full.");
  };
  const bench = new Bench([step(1, 1, script("look"))], { admit });
  await expect(bench.startStep(1)).rejects.toMatchObject({ code: "disk_full" });
  expect(bench.store.runs.size).toBe(0);
  isFull = false;
  await bench.startStep(1, { idempotencyKey: "once" });
  expect(await bench.next("execution_complete")).toMatchObject({ status: "passed" });
  // A run that was started before needs no space.
  isFull = true;
  await bench.startStep(1, { idempotencyKey: "once" });
  expect(bench.store.runs.size).toBe(1);
});

test("runs under way are ended when there is a shortage; those that wait are carried out", async () => {
  const bench = new Bench([step(1, 1, script("hang")), step(2, 2, script("look"))]);
  bench.runner.behaviours.set("hang", hang);
  const first = await bench.startStep(1);
  const second = await bench.startStep(2);
  await bench.next("progress");
  bench.runner.behaviours.delete("hang");
  bench.execution.endUnderWay(new Error("The server's disk is full."));
  expect(await bench.next("execution_complete", ({ run_id }) => run_id === first)).toMatchObject({
    status: "error",
    error_message: "The server's disk is full.",
  });
  expect(await bench.next("execution_complete", ({ run_id }) => run_id === second)).toMatchObject({
    status: "passed",
  });
});

test("a run whose browser puts too much on the disk ends at once, and is not tried again", async () => {
  const pool = new FakePool(1);
  let profile = 0;
  let looks = 0;
  pool.diskUse = async () => {
    looks++;
    return { downloads: 0, profile };
  };
  const bench = new Bench([step(1, 1, script("hang"))], { pool, runMaxDiskBytes: 10 * MB });
  bench.runner.behaviours.set("hang", hang);
  await bench.startStep(1, { retries: 2 });
  await bench.next("progress");
  await expect.poll(() => looks).toBeGreaterThan(0);
  profile = 11 * MB;
  expect(await bench.next("execution_complete")).toMatchObject({
    status: "error",
    error_message: expect.stringContaining("what else its browser keeps 11 MB") as string,
    attempt: 1,
  });
  // Its page would write on while it is looked at.
  expect(bench.artifacts.saved).toEqual([]);
  await expect.poll(() => pool.open).toBe(0);
});
