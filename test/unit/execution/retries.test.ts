import { describe, expect, test } from "vitest";
import type { BrowserSession } from "../../../src/execution/ports.js";
import { FakePool } from "../../support/fake-browser.js";
import { hang, script, type Behaviour } from "../../support/fake-runner.js";
import { Bench, latch, step } from "./set-up.js";

/** Fails so many times, then passes. */
function failing(times: number): Behaviour {
  let left = times;
  return () => (left-- > 0 ? `failure ${times - left}` : undefined);
}

describe("a step", () => {
  test("that passes at the second attempt is flaky, and says so everywhere", async () => {
    const bench = new Bench([step(11, 1, script("a", "flaky"))]);
    bench.runner.behaviours.set("flaky", failing(1));
    await bench.startStep(11, { retries: 2 });
    expect(await bench.next("execution_complete")).toMatchObject({
      status: "passed",
      attempt: 2,
      flaky: true,
      error_message: null,
    });
    expect(bench.all("attempt_failed")).toMatchObject([
      { step_id: 11, attempt: 1, attempts: 3, status: "failed", error_message: "failure 1" },
    ]);
    expect(bench.events.map(({ type }) => type)).toEqual([
      "execution_started",
      "status_update",
      "progress",
      "progress",
      "attempt_failed",
      "execution_started",
      "status_update",
      "progress",
      "progress",
      "execution_complete",
    ]);
    expect(bench.events.map(({ seq }) => seq)).toEqual(bench.events.map((_event, index) => index + 1));
    expect([...bench.store.runs.values()]).toMatchObject([
      { status: "passed", result: { attempts: 2, flaky: true } },
    ]);
    await bench.execution.stop();
    expect(bench.pool).toMatchObject({ acquired: 2, open: 0 });
  });

  test("keeps the evidence of each attempt", async () => {
    const bench = new Bench([step(11, 1, script("flaky"))]);
    bench.runner.behaviours.set("flaky", failing(2));
    await bench.startStep(11, { retries: 1 });
    const complete = await bench.next("execution_complete");
    const [failed] = bench.all("attempt_failed");
    const kinds = ["screenshot", "page_source", "console", "network", "commands"];
    expect(failed?.artifacts.map(({ kind }) => kind)).toEqual(kinds);
    expect(complete.artifacts.map(({ kind }) => kind)).toEqual(kinds);
    const urls = [...(failed?.artifacts ?? []), ...complete.artifacts].map(({ url }) => url);
    expect(new Set(urls).size).toBe(10);
  });

  test("that never passes ends with the verdict of its last attempt and is not flaky", async () => {
    const bench = new Bench([step(11, 1, script("fails"))]);
    bench.runner.behaviours.set("fails", failing(10));
    await bench.startStep(11, { retries: 2 });
    expect(await bench.next("execution_complete")).toMatchObject({
      status: "failed",
      error_message: "failure 3",
      attempt: 3,
      flaky: false,
    });
    expect(bench.all("attempt_failed").map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect([...bench.store.runs.values()]).toMatchObject([
      { status: "failed", result: { attempts: 3, flaky: false } },
    ]);
  });

  test("that passes at once is not tried again", async () => {
    const bench = new Bench([step(11, 1, script("a"))]);
    await bench.startStep(11, { retries: 5 });
    expect(await bench.next("execution_complete")).toMatchObject({ attempt: 1, flaky: false });
    expect(bench.pool.acquired).toBe(1);
  });

  test("begins each attempt with variables of its own", async () => {
    const bench = new Bench([step(11, 1, script("remembers"))]);
    const seen: (string | undefined)[] = [];
    bench.runner.behaviours.set("remembers", ({ variables }) => {
      seen.push(variables.get("basket"));
      variables.set("basket", "full");
      return seen.length === 1 ? "fails" : undefined;
    });
    await bench.startStep(11, { retries: 1 });
    await bench.next("execution_complete");
    expect(seen).toEqual([undefined, undefined]);
  });
});

describe("a case", () => {
  test("is tried again from its first step, and only what had failed is flaky", async () => {
    const bench = new Bench([
      step(11, 1, script("a")),
      step(12, 2, script("flaky")),
      step(13, 3, script("c")),
    ]);
    bench.runner.behaviours.set("flaky", failing(1));
    await bench.startCase("continue", { retries: 1 });
    expect(await bench.next("all_steps_complete")).toMatchObject({
      status: "passed",
      passed: 3,
      attempt: 2,
      flaky: true,
    });
    const verdicts = bench.all("execution_complete");
    expect(verdicts.map(({ step_id, attempt, flaky }) => [step_id, attempt, flaky])).toEqual([
      [11, 1, false],
      [11, 2, false],
      [12, 2, true],
      [13, 2, false],
    ]);
    expect(bench.all("progress").filter(({ action }) => action === "initialize")).toHaveLength(2);
  });

  test("goes on after a failure in its last attempt only", async () => {
    const bench = new Bench([step(11, 1, script("fails")), step(12, 2, script("b"))]);
    bench.runner.behaviours.set("fails", failing(9));
    await bench.startCase("continue", { retries: 1 });
    expect(await bench.next("all_steps_complete")).toMatchObject({
      status: "failed",
      failed: 1,
      passed: 1,
      flaky: false,
    });
    expect(bench.runner.done).toEqual(["fails", "fails", "b"]);
  });

  test("leaves no step running that no later attempt comes to", async () => {
    const bench = new Bench([step(11, 1, script("a")), step(12, 2, script("fails"))]);
    bench.runner.behaviours.set("fails", failing(9));
    let attempts = 0;
    bench.runner.behaviours.set("a", (context) => {
      if (++attempts === 1) return undefined;
      const [runId = ""] = bench.store.runs.keys();
      queueMicrotask(() => bench.execution.cancel(runId));
      return hang(context);
    });
    await bench.startCase("stop", { retries: 1 });
    await bench.next("all_steps_complete");
    const last = new Map(bench.store.results.map(({ stepId, verdict }) => [stepId, verdict]));
    expect(last).toEqual(
      new Map([
        [11, "error"],
        [12, "failed"],
      ]),
    );
  });
});

describe("a run is not tried again that", () => {
  test("was cancelled", async () => {
    const bench = new Bench([step(11, 1, script("hang"))]);
    bench.runner.behaviours.set("hang", hang);
    const runId = await bench.startStep(11, { retries: 5 });
    await bench.next("progress");
    bench.execution.cancel(runId);
    expect(await bench.next("execution_complete")).toMatchObject({ error_message: "Cancelled", attempt: 1 });
    expect(bench.all("attempt_failed")).toEqual([]);
  });

  test("was ended by a stop of the server", async () => {
    const bench = new Bench([step(11, 1, script("hang"))]);
    bench.runner.behaviours.set("hang", hang);
    await bench.startStep(11, { retries: 5 });
    await bench.next("progress");
    await bench.execution.stop();
    expect(bench.all("execution_complete")).toMatchObject([{ error_message: "Server stopping", attempt: 1 }]);
  });
});

test("a browser that could not be had is asked for again", async () => {
  class UnluckyPool extends FakePool {
    override async acquire(signal: AbortSignal): Promise<BrowserSession> {
      const first = this.failure === undefined;
      this.failure = new Error("No browser was found.");
      if (first) throw this.failure;
      this.failure = undefined;
      return await super.acquire(signal);
    }
  }
  const bench = new Bench([step(11, 1, script("a"))], { pool: new UnluckyPool(1) });
  await bench.startStep(11, { retries: 1 });
  expect(await bench.next("execution_complete")).toMatchObject({ status: "passed", flaky: true });
  expect(bench.all("attempt_failed")).toMatchObject([{ error_message: "No browser was found." }]);
});

test("a step that takes longer than its deadline is tried again", async () => {
  const bench = new Bench([step(11, 1, script("slow"))]);
  let attempts = 0;
  bench.runner.behaviours.set("slow", (context) => (++attempts === 1 ? hang(context) : undefined));
  await bench.startStep(11, { retries: 1, stepTimeoutMs: 40 });
  expect(await bench.next("execution_complete")).toMatchObject({ status: "passed", flaky: true });
});

test("after a kill in its second attempt, only that attempt counts", async () => {
  const bench = new Bench([step(11, 1, script("a")), step(12, 2, script("flaky")), step(13, 3, script("c"))]);
  const inSecond = latch();
  let attempts = 0;
  bench.runner.behaviours.set("flaky", (context) => {
    if (++attempts === 1) return "fails";
    inSecond.open();
    return hang(context);
  });
  await bench.startCase("stop", { retries: 1 });
  await inSecond.opened;
  await bench.next("progress", ({ step_id, seq }) => step_id === 12 && seq > 9);
  const before = bench.store.events.length;
  const restarted = new Bench([step(11, 1, script("a")), step(12, 2, script("b")), step(13, 3, script("c"))]);
  Object.defineProperty(restarted.store, "append", { value: bench.store.append.bind(bench.store) });
  const takeAbandonedRuns = bench.store.takeAbandonedRuns.bind(bench.store);
  Object.defineProperty(restarted.store, "takeAbandonedRuns", { value: takeAbandonedRuns });
  await restarted.execution.recover();
  expect(bench.store.events.slice(before)).toMatchObject([
    { type: "execution_complete", step_id: 12, status: "error", attempt: 2 },
    { type: "execution_complete", step_id: 13, status: "skipped", attempt: 2 },
    { type: "all_steps_complete", passed: 1, error: 1, skipped: 1, attempt: 2, flaky: false },
  ]);
  expect([...bench.store.runs.values()]).toMatchObject([{ result: { attempts: 2, flaky: false } }]);
});
