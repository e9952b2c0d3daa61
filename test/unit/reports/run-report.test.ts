import { expect, test } from "vitest";
import type { StoredRun, StoredTestCase } from "../../../src/cases/ports.js";
import type { RunEventBody } from "../../../src/protocol/messages.js";
import { reportOf } from "../../../src/reports/run-report.js";

const BEGAN = Date.UTC(2026, 0, 13, 10, 0);

const RUN: StoredRun = {
  id: "run-1",
  kind: "case",
  testCaseId: 1,
  testStepId: null,
  status: "failed",
  onFailure: "stop",
  requestId: null,
  environment: null,
  browser: null,
  browserVersion: null,
  principal: "ada",
  errorMessage: null,
  attempts: 1,
  flaky: false,
  createdAt: new Date(BEGAN),
  startedAt: new Date(BEGAN),
  finishedAt: new Date(BEGAN + 1_000),
};

const CASE = {
  id: 1,
  name: "Orders",
  steps: [{ id: 11, stepNumber: 1, description: "Log in", expectedResult: "A greeting" }],
} as StoredTestCase;

/** Events of the run, each so many milliseconds after its beginning. */
async function report(...events: [ms: number, body: RunEventBody][]) {
  const stamped = events.map(([ms, body], index) => {
    const ts = new Date(BEGAN + ms).toISOString();
    return { ...body, run_id: "run-1", seq: index + 1, ts };
  });
  async function* batches() {
    // As they come from the database: a few at a time.
    for (let from = 0; from < stamped.length; from += 2) yield stamped.slice(from, from + 2);
  }
  return await reportOf(RUN, CASE, batches());
}

const started = (step_id = 11): RunEventBody => ({ type: "execution_started", step_id });
const progress = (step: number, message: string): RunEventBody => ({
  type: "progress",
  step_id: 11,
  step,
  total: 2,
  action: "click",
  message,
});
const complete = (more: object): RunEventBody => ({
  type: "execution_complete",
  step_id: 11,
  status: "passed",
  message: "",
  execution_time_ms: 500,
  error_message: null,
  actual_result: null,
  artifacts: [],
  checks: 0,
  attempt: 1,
  flaky: false,
  ...more,
});

test("tells of each step its commands, their times, pictures and logs", async () => {
  const { steps } = await report(
    [0, started()],
    [5, progress(0, "Initializing browser...")],
    [10, progress(1, "Click Save")],
    [110, progress(2, "Look for Saved")],
    [120, { type: "screenshot", step_id: 11, step: 1, image: "", url: "/api/artifacts/a" }],
    [130, { type: "log", step_id: 11, step: 2, level: "warning", message: "Slow" }],
    [900, complete({})],
  );
  expect(steps).toMatchObject([
    {
      id: 11,
      number: 1,
      description: "Log in",
      expectedResult: "A greeting",
      status: "passed",
      durationMs: 500,
      commands: [
        { number: 1, message: "Click Save", durationMs: 100, pictures: ["/api/artifacts/a"], logs: [] },
        // Until the step's own end, not until its evidence was stored.
        { number: 2, durationMs: 390, logs: [{ level: "warning", message: "Slow" }] },
      ],
    },
  ]);
});

test("tells what was seen when a step did not pass, apart from what its commands kept", async () => {
  const { steps, video } = await report(
    [0, started()],
    [10, progress(1, "Download")],
    [
      20,
      { type: "artifact", step_id: 11, step: 1, kind: "download", name: "a.csv", url: "/api/artifacts/d" },
    ],
    [30, { type: "artifact", step_id: 11, step: 0, kind: "video", name: null, url: "/api/artifacts/v" }],
    [
      40,
      complete({
        status: "failed",
        error_message: "Command 1 failed",
        artifacts: [
          { kind: "download", url: "/api/artifacts/d" },
          { kind: "screenshot", url: "/api/artifacts/s" },
          { kind: "video", url: "/api/artifacts/v" },
        ],
      }),
    ],
  );
  expect(video).toBe("/api/artifacts/v");
  expect(steps[0]).toMatchObject({
    status: "failed",
    errorMessage: "Command 1 failed",
    commands: [{ artifacts: [{ kind: "download", name: "a.csv", url: "/api/artifacts/d" }] }],
    evidence: [{ kind: "screenshot", url: "/api/artifacts/s" }],
  });
});

test("tells of the last attempt, and why those before it did not pass", async () => {
  const failure: RunEventBody = {
    type: "attempt_failed",
    step_id: 11,
    attempt: 1,
    attempts: 2,
    status: "error",
    error_message: "The browser was lost.",
    artifacts: [],
  };
  const { steps, failedAttempts } = await report(
    [0, started()],
    [10, progress(1, "First try")],
    [20, failure],
    [30, started()],
    [40, progress(1, "Second try")],
    [50, complete({ attempt: 2, flaky: true, checks: 1 })],
  );
  expect(failedAttempts).toEqual([
    { attempt: 1, status: "error", errorMessage: "The browser was lost.", evidence: [] },
  ]);
  expect(steps).toMatchObject([{ flaky: true, checks: 1, commands: [{ message: "Second try" }] }]);
});

test("tells of a run under way, and of a step that was deleted since", async () => {
  const { steps } = await report([0, started(99)]);
  expect(steps).toMatchObject([{ id: 99, number: undefined, status: "running", durationMs: null }]);
});
