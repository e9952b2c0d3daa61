import { expect, test } from "vitest";
import type { GenerationEnd, GenerationRun, GenerationTask } from "../../../src/execution/ports.js";
import { Bench, step } from "./set-up.js";

const COMPLETE: GenerationEnd = {
  event: {
    type: "generation_complete",
    success: true,
    test_case_id: 1,
    test_case_name: "Case",
    steps_count: 1,
    redirect_url: "/test-case/1",
    steps: [{ step_number: 1, verified: true }],
    generator: "plain-english",
    warnings: [],
    format: "text",
    test_cases: [
      {
        ...{ test_case_id: 1, test_case_name: "Case", steps_count: 1 },
        ...{ redirect_url: "/test-case/1", verified: true },
      },
    ],
  },
  verdict: "passed",
  errorMessage: null,
};

const SUBJECT = { testCaseId: null, testStepId: null, asked: { type: "generate_test_case" } };

function task(perform: (run: GenerationRun) => Promise<GenerationEnd>): GenerationTask {
  return { perform, explain: (reason) => `Failed: ${reason}` };
}

function hang({ signal }: GenerationRun): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => {
      reject(signal.reason as Error);
    });
  });
}

test("a generation works in a session of the pool, and its last event brings the verdict", async () => {
  const bench = new Bench([]);
  const work = task(async (run) => {
    const outcome = await run.inSession((session) =>
      session.step((one) => one.perform([{ action: "log", message: "hello" }], [])),
    );
    expect(outcome).toEqual({ verdict: "passed" });
    return COMPLETE;
  });
  const runId = await bench.execution.startGeneration(work, SUBJECT, bench.request());
  expect(await bench.next("generation_complete")).toMatchObject({
    type: "generation_complete",
    run_id: runId,
  });
  expect(bench.runner.done).toEqual(["hello"]);
  expect(bench.store.runs.get(runId)).toMatchObject({ kind: "generation", status: "passed" });
});

test("one that waits in the queue is cancelled without a browser", async () => {
  const bench = new Bench([]);
  await bench.execution.startGeneration(task(hang), SUBJECT, bench.request());
  const second = await bench.execution.startGeneration(task(hang), SUBJECT, bench.request());
  bench.execution.cancel(second);
  expect(await bench.next("generation_error")).toMatchObject({
    type: "generation_error",
    run_id: second,
    error: "Failed: Cancelled",
    code: "generation_stopped",
  });
  await bench.execution.stop();
});

test("one that a killed server left behind ends as an error, and says whether a case was saved", async () => {
  const bench = new Bench([step(11, 1, "[]")]);
  const left = { kind: "generation", testStepId: null, onFailure: "continue", requestId: null } as const;
  const createdAt = new Date();
  await bench.store.createRun({ ...left, id: "with", testCaseId: 1, createdAt });
  await bench.store.createRun({ ...left, id: "without", testCaseId: null, createdAt });
  await bench.execution.recover();
  const errors = bench.store.events.map((event) => [event.run_id, "error" in event ? event.error : ""]);
  expect(errors).toEqual([
    ["with", "Server restarted. Before that, test case 1 was saved."],
    ["without", "Server restarted. Nothing was saved."],
  ]);
  await bench.execution.stop();
});
