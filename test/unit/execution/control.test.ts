import { describe, expect, test } from "vitest";
import type { BrowserSession } from "../../../src/execution/ports.js";
import { FakePool } from "../../support/fake-browser.js";
import { hang, script } from "../../support/fake-runner.js";
import { Bench, latch, step } from "./set-up.js";

/** A pool without a browser to spare. */
class BusyPool extends FakePool {
  readonly asked = latch();

  override acquire(signal: AbortSignal): Promise<BrowserSession> {
    this.asked.open();
    return new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
  }
}

/** A pool that gives its browser when the test lets it, so that a run can be paused before it begins. */
class PatientPool extends FakePool {
  readonly free = latch();

  override async acquire(signal: AbortSignal): Promise<BrowserSession> {
    await this.free.opened;
    return await super.acquire(signal);
  }
}

/** A run that is paused before its first command. */
async function paused(...names: string[]): Promise<{ bench: Bench; runId: string }> {
  const pool = new PatientPool(1);
  const bench = new Bench([step(11, 1, script(...names))], { pool });
  const runId = await bench.startStep(11);
  bench.execution.pause(runId);
  pool.free.open();
  expect(await bench.next("paused")).toMatchObject({ step: 0 });
  return { bench, runId };
}

const cancelled = { status: "error", error_message: "Cancelled" };

describe("cancel ends a run that", () => {
  test("waits in the queue", async () => {
    const bench = new Bench([step(11, 1, script("hang")), step(12, 2, script("b"))]);
    bench.runner.behaviours.set("hang", hang);
    const first = await bench.startStep(11);
    const waiting = await bench.startStep(11);
    await bench.next("queued");
    bench.execution.cancel(waiting);
    expect(await bench.next("execution_complete", ({ run_id }) => run_id === waiting)).toMatchObject(
      cancelled,
    );
    expect(bench.pool.acquired).toBe(1);
    bench.execution.cancel(first);
    await bench.execution.stop();
  });

  test("waits for a browser", async () => {
    const pool = new BusyPool(1);
    const bench = new Bench([step(11, 1, script("a"))], { pool });
    const runId = await bench.startStep(11);
    await pool.asked.opened;
    bench.execution.cancel(runId);
    expect(await bench.next("execution_complete")).toMatchObject(cancelled);
    await bench.execution.stop();
  });

  test("is between two commands", async () => {
    const bench = new Bench([step(11, 1, script("a", "b"))]);
    bench.runner.behaviours.set("a", ({ signal }) => {
      // Aborted while no command waits for anything.
      void Promise.resolve().then(() => bench.execution.cancel(bench.events[0]?.run_id ?? ""));
      expect(signal.aborted).toBe(false);
      return undefined;
    });
    await bench.startStep(11);
    expect(await bench.next("execution_complete")).toMatchObject(cancelled);
    expect(bench.runner.done).not.toContain("b");
  });

  test("is inside a command", async () => {
    const bench = new Bench([step(11, 1, script("hang"))]);
    bench.runner.behaviours.set("hang", hang);
    const runId = await bench.startStep(11);
    await bench.next("progress");
    bench.execution.cancel(runId);
    expect(await bench.next("execution_complete")).toMatchObject({ ...cancelled, artifacts: [] });
    await bench.execution.stop();
    expect(bench.pool.open).toBe(0);
  });

  test("is paused", async () => {
    const { bench, runId } = await paused("a");
    bench.execution.cancel(runId);
    expect(await bench.next("execution_complete")).toMatchObject(cancelled);
    expect(bench.runner.done).toEqual([]);
    expect(bench.all("resumed")).toEqual([]);
  });

  test("has its evidence captured, even when that hangs", async () => {
    const capturing = latch();
    const bench = new Bench([step(11, 1, script("fails"))], {
      takePicture: (_page, _secrets, signal) => {
        capturing.open();
        return new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
        });
      },
    });
    bench.runner.behaviours.set("fails", () => "it fails");
    const runId = await bench.startStep(11);
    await capturing.opened;
    const started = performance.now();
    bench.execution.cancel(runId);
    expect(await bench.next("execution_complete")).toMatchObject(cancelled);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test("has a large file saved", async () => {
    const bench = new Bench([step(11, 1, script("keeps"))]);
    const saving = latch();
    bench.artifacts.beforeSave = () => {
      saving.open();
      return new Promise(() => undefined);
    };
    bench.runner.behaviours.set("keeps", ({ keep }) => {
      keep({ kind: "download", name: "large.iso", path: "/large.iso" });
      return undefined;
    });
    const runId = await bench.startStep(11);
    await saving.opened;
    bench.execution.cancel(runId);
    expect(await bench.next("execution_complete")).toMatchObject(cancelled);
  });

  test("gives its session back between two attempts", async () => {
    const closing = latch();
    class SlowlyClosingPool extends FakePool {
      override async acquire(signal: AbortSignal): Promise<BrowserSession> {
        const session = await super.acquire(signal);
        const close = async () => {
          closing.open();
          await closed.opened;
          await session.close();
        };
        return { page: session.page, lost: session.lost, close };
      }
    }
    const closed = latch();
    const bench = new Bench([step(11, 1, script("fails"))], { pool: new SlowlyClosingPool(1) });
    bench.runner.behaviours.set("fails", () => "it fails");
    const runId = await bench.startStep(11, { retries: 1 });
    await closing.opened;
    bench.execution.cancel(runId);
    expect(await bench.next("execution_complete")).toMatchObject({ ...cancelled, attempt: 2 });
    closed.open();
    await bench.execution.stop();
    expect(bench.pool.open).toBe(0);
  });
});

describe("pause", () => {
  test("holds a run before its next command until it is resumed", async () => {
    const bench = new Bench([step(11, 1, script("a", "b"))]);
    const inFirst = latch();
    const goOn = latch();
    bench.runner.behaviours.set("a", async () => {
      inFirst.open();
      await goOn.opened;
      return undefined;
    });
    const runId = await bench.startStep(11);
    await inFirst.opened;
    bench.execution.pause(runId);
    goOn.open();
    expect(await bench.next("paused")).toMatchObject({
      step_id: 11,
      step: 1,
      message: "Paused by a client.",
    });
    expect(bench.runner.done).toEqual(["a"]);
    bench.execution.resume(runId);
    expect(await bench.next("execution_complete")).toMatchObject({ status: "passed" });
    const order = bench.events.map(({ type }) => type);
    expect(order.indexOf("resumed")).toBeGreaterThan(order.indexOf("paused"));
    expect(bench.all("resumed")).toMatchObject([{ step_id: 11, step: 1 }]);
  });

  test("before the run has a browser holds it before its first command", async () => {
    const { bench, runId } = await paused("a");
    expect(bench.runner.done).toEqual([]);
    bench.execution.resume(runId);
    await bench.next("execution_complete");
    expect(bench.runner.done).toEqual(["a"]);
  });

  test("holds from one step of a case to the next", async () => {
    const bench = new Bench([step(11, 1, script("a")), step(12, 2, script("b"))]);
    const runId = await bench.startCase();
    bench.runner.behaviours.set("a", () => {
      bench.execution.pause(runId);
      return undefined;
    });
    expect(await bench.next("paused")).toMatchObject({ step_id: 12, step: 0 });
    bench.execution.resume(runId);
    expect(await bench.next("all_steps_complete")).toMatchObject({ status: "passed" });
  });

  test("by the script holds inside the command that asks for it", async () => {
    const bench = new Bench([step(11, 1, script("pauses", "b", "c"))]);
    bench.runner.behaviours.set("pauses", async ({ gate, signal }) => {
      gate.hold("Look at the basket");
      await gate.pass(signal);
      return undefined;
    });
    const runId = await bench.startStep(11);
    expect(await bench.next("paused")).toMatchObject({ step: 1, message: "Look at the basket" });
    bench.execution.step(runId);
    expect(await bench.next("paused", ({ step: number }) => number === 2)).toMatchObject({
      message: "Paused after one command.",
    });
    expect(bench.runner.done).toEqual(["pauses", "b"]);
    bench.execution.resume(runId);
    await bench.next("execution_complete");
    expect(bench.runner.done).toEqual(["pauses", "b", "c"]);
  });

  test("step lets one command run at a time", async () => {
    const { bench, runId } = await paused("a", "b", "c");
    for (const number of [0, 1, 2]) {
      await bench.next("paused", (event) => event.step === number);
      expect(bench.runner.done).toHaveLength(number);
      bench.execution.step(runId);
    }
    expect(await bench.next("execution_complete")).toMatchObject({ status: "passed" });
  });

  test("a run that is not paused can be neither resumed nor stepped, one that is over not even paused", async () => {
    const bench = new Bench([step(11, 1, script("hang"))]);
    bench.runner.behaviours.set("hang", hang);
    const runId = await bench.startStep(11);
    await bench.next("progress");
    const notPaused = expect.objectContaining({ code: "run_not_paused" }) as Error;
    expect(() => bench.execution.resume(runId)).toThrow(notPaused);
    expect(() => bench.execution.step(runId)).toThrow(notPaused);
    bench.execution.cancel(runId);
    await bench.next("execution_complete");
    const notFound = expect.objectContaining({ code: "run_not_found" }) as Error;
    for (const control of ["pause", "resume", "step", "cancel"] as const) {
      expect(() => bench.execution[control](runId)).toThrow(notFound);
      expect(() => bench.execution[control]("nothing")).toThrow(notFound);
    }
  });

  test("stopping the server ends a paused run", async () => {
    const { bench } = await paused("a");
    await bench.execution.stop();
    expect(bench.all("execution_complete")).toMatchObject([{ error_message: "Server stopping" }]);
  });
});

describe("deadlines", () => {
  test("a step that takes too long is an error with its evidence, and the others are skipped", async () => {
    const bench = new Bench([step(11, 1, script("hang")), step(12, 2, script("b"))]);
    bench.runner.behaviours.set("hang", hang);
    await bench.startCase("stop", { stepTimeoutMs: 50 });
    const complete = await bench.next("execution_complete", ({ step_id }) => step_id === 11);
    expect(complete).toMatchObject({
      status: "error",
      error_message: "The step took longer than its deadline of 0.05 s.",
    });
    expect(complete.artifacts.map(({ kind }) => kind)).toContain("page_source");
    expect(await bench.next("all_steps_complete")).toMatchObject({ status: "error", error: 1, skipped: 1 });
  });

  test("each step has its own", async () => {
    const bench = new Bench([step(11, 1, script("hang")), step(12, 2, script("b"))]);
    bench.runner.behaviours.set("hang", hang);
    await bench.startCase("continue", { stepTimeoutMs: 50 });
    expect(await bench.next("all_steps_complete")).toMatchObject({ error: 1, passed: 1, skipped: 0 });
  });

  test("a run that takes too long ends with the step under way, also when it may go on after failures", async () => {
    const bench = new Bench([
      step(11, 1, script("a")),
      step(12, 2, script("hang")),
      step(13, 3, script("b")),
    ]);
    bench.runner.behaviours.set("hang", hang);
    await bench.startCase("continue", { runTimeoutMs: 80, retries: 3 });
    expect(await bench.next("all_steps_complete")).toMatchObject({
      status: "error",
      passed: 1,
      error: 1,
      skipped: 1,
      attempt: 1,
    });
    expect(bench.all("execution_complete").map(({ error_message }) => error_message)).toEqual([
      null,
      "The run took longer than its deadline of 0.08 s.",
      expect.stringMatching(/^Skipped.*The run took longer/),
    ]);
  });

  test("the deadline of a run also ends the wait for a browser", async () => {
    const bench = new Bench([step(11, 1, script("a"))], { pool: new BusyPool(1) });
    await bench.startStep(11, { runTimeoutMs: 50 });
    expect(await bench.next("execution_complete")).toMatchObject({
      status: "error",
      error_message: "The run took longer than its deadline of 0.05 s.",
    });
  });

  test("a pause counts for the run's, not for the step's", async () => {
    const pool = new PatientPool(1);
    const bench = new Bench([step(11, 1, script("a", "b"))], { pool });
    const runId = await bench.startStep(11, { stepTimeoutMs: 50, runTimeoutMs: 300 });
    bench.execution.pause(runId);
    pool.free.open();
    const complete = await bench.next("execution_complete");
    expect(complete).toMatchObject({ error_message: "The run took longer than its deadline of 0.3 s." });
    // The time in which it was held is no time of the step.
    expect(complete.execution_time_ms).toBeLessThan(50);
  });

  test.each([
    ["step_timeout", { stepTimeoutMs: 60_001 }, /'step_timeout': at most 60 s.*STEP_TIMEOUT/],
    ["run_timeout", { runTimeoutMs: 60_001 }, /'run_timeout': at most 60 s.*RUN_TIMEOUT/],
  ])("a %s above the server's is refused, and nothing starts", async (_field, options, message) => {
    const bench = new Bench([step(11, 1, script("a"))]);
    const refusal = { code: "invalid_message", message: expect.stringMatching(message) as string };
    await expect(bench.startStep(11, options)).rejects.toMatchObject(refusal);
    await expect(bench.startCase("stop", options)).rejects.toMatchObject(refusal);
    expect(bench.store.runs.size).toBe(0);
  });
});
