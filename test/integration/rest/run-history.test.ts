import { describe, expect } from "vitest";
import type { RunEvent, RunEventBody, Verdict } from "../../../src/protocol/messages.js";
import { restTest } from "../../support/rest-fixtures.js";

const START = Date.UTC(2026, 0, 13, 10, 0);

interface PlannedRun {
  id: string;
  verdict: Verdict;
  /** Its time, in milliseconds. @defaultValue 1000 */
  ms?: number;
  flaky?: boolean;
  events?: (stepId: number) => RunEventBody[];
}

const test = restTest()
  .extend("testCase", async ({ server }) => {
    const steps = [{ description: "Place the order" }];
    const { json } = await server.request("POST", "/api/test-cases", { name: "Shop", steps });
    return { id: json.id as number, stepId: json.steps[0].id as number };
  })
  .extend("saveRuns", ({ server, testCase }) => async (...planned: PlannedRun[]): Promise<void> => {
    const { executionStore } = server.scratch.database;
    for (const [index, { id, verdict, ms = 1000, flaky = false, events }] of planned.entries()) {
      const createdAt = new Date(START + index * 60_000);
      const about = { kind: "case", testCaseId: testCase.id, testStepId: null } as const;
      await executionStore.createRun({ id, ...about, onFailure: "stop", requestId: null, createdAt });
      await executionStore.startRun(id, createdAt);
      const stamped = (events?.(testCase.stepId) ?? []).map((event, at): RunEvent => {
        const ts = new Date(createdAt.getTime() + at * 100).toISOString();
        return { ...event, run_id: id, seq: at + 1, ts };
      });
      const ended = { runId: id, verdict, errorMessage: null, attempts: flaky ? 2 : 1, flaky };
      const finishedAt = new Date(createdAt.getTime() + ms);
      await executionStore.append({ events: stamped, steps: [], runs: [{ ...ended, finishedAt }] });
    }
  });

const progress = (stepId: number, step: number, message: string): RunEventBody => ({
  type: "progress",
  step_id: stepId,
  step,
  total: 2,
  action: "click",
  message,
});

const complete = (
  stepId: number,
  status: Verdict,
  { error = null, urls = [] }: { error?: string | null; urls?: string[] } = {},
): RunEventBody => ({
  type: "execution_complete",
  step_id: stepId,
  status,
  message: "",
  execution_time_ms: 300,
  error_message: error,
  actual_result: null,
  artifacts: urls.map((url) => ({ kind: "page_source", url })),
  checks: 1,
  attempt: 1,
  flaky: false,
});

const steps =
  (status: Verdict, ...messages: string[]) =>
  (stepId: number) => [
    { type: "execution_started", step_id: stepId } as const,
    ...messages.map((message, index) => progress(stepId, index + 1, message)),
    complete(stepId, status, { error: status === "passed" ? null : "nothing came" }),
  ];

describe("a run", () => {
  test("has its steps with their commands, and its artifacts with theirs", async ({ server, testCase }) => {
    const { artifactStore, executionStore } = server.scratch.database;
    const about = { kind: "case", testCaseId: testCase.id, testStepId: null } as const;
    const createdAt = new Date(START);
    await executionStore.createRun({ id: "r", ...about, onFailure: "stop", requestId: null, createdAt });
    const bytes = Buffer.from("x");
    const artifact = { runId: "r", stepId: testCase.stepId, bytes };
    const picture = await artifactStore.save({ ...artifact, kind: "screenshot", mediaType: "image/jpeg" });
    const source = await artifactStore.save({ ...artifact, kind: "page_source", mediaType: "text/html" });
    const bodies: RunEventBody[] = [
      { type: "execution_started", step_id: testCase.stepId },
      progress(testCase.stepId, 1, "Click Buy"),
      { type: "screenshot", step_id: testCase.stepId, step: 1, image: "", url: picture },
      progress(testCase.stepId, 2, "Click Pay"),
      complete(testCase.stepId, "failed", { error: "nothing came", urls: [source] }),
    ];
    const events = bodies.map((body, index): RunEvent => {
      const ts = new Date(START + index * 100).toISOString();
      return { ...body, run_id: "r", seq: index + 1, ts };
    });
    await executionStore.append({ events, steps: [], runs: [] });

    const { json } = await server.request("GET", "/api/runs/r");

    expect(json.steps).toEqual([
      {
        test_step_id: testCase.stepId,
        step_number: 1,
        description: "Place the order",
        expected_result: "",
        status: "failed",
        error_message: "nothing came",
        started_at: "2026-01-13T10:00:00.000Z",
        duration_ms: 300,
        flaky: false,
        checks: 1,
        commands: [
          {
            number: 1,
            action: "click",
            message: "Click Buy",
            started_at: expect.any(String),
            duration_ms: 200,
          },
          {
            number: 2,
            action: "click",
            message: "Click Pay",
            started_at: expect.any(String),
            duration_ms: 0,
          },
        ],
      },
    ]);
    const place = { test_step_id: testCase.stepId, step_number: 1, attempt: 1 };
    const byKind = json.artifacts.sort((one: { kind: string }, other: { kind: string }) =>
      one.kind.localeCompare(other.kind),
    );
    expect(byKind).toMatchObject([
      { url: source, ...place, command: { number: 2, action: "click", message: "Click Pay" } },
      { url: picture, ...place, command: { number: 1, action: "click", message: "Click Buy" } },
    ]);
  });
});

describe("the history of a case", () => {
  test("tells its last runs, pass rate, times and last pass", async ({ server, testCase, saveRuns }) => {
    const older = Array.from({ length: 8 }, (_, index) => ({
      id: `old-${index}`,
      verdict: "passed" as const,
    }));
    const newer = Array.from({ length: 10 }, (_, index) => ({
      id: `new-${index}`,
      verdict: "passed" as const,
      ms: 1500,
    }));
    await saveRuns(...older, ...newer, { id: "broken", verdict: "failed" }, { id: "lost", verdict: "error" });

    const { status, json } = await server.request("GET", `/api/test-cases/${testCase.id}/history`);

    expect(status).toBe(200);
    expect(json).toMatchObject({
      test_case_id: testCase.id,
      test_step_id: null,
      pass_rate: 0.9,
      flaky: false,
      changes: 1,
      duration: { recent_median_ms: 1500, trend: 1.5 },
      last_passed: { id: "new-9" },
      kept: { days: null, per_case: null },
    });
    expect(json.runs).toHaveLength(20);
    expect(json.runs[0]).toMatchObject({ id: "lost", status: "error", duration_ms: 1000 });
  });

  test("looks at fifty runs, and finds the last that passed before them", async ({
    server,
    testCase,
    saveRuns,
  }) => {
    const failed = Array.from({ length: 50 }, (_, index) => ({
      id: `f-${index}`,
      verdict: "failed" as const,
    }));
    await saveRuns({ id: "green", verdict: "passed" }, ...failed);
    const { json } = await server.request("GET", `/api/test-cases/${testCase.id}/history`);
    expect(json.runs).toHaveLength(50);
    expect(json).toMatchObject({ pass_rate: 0, last_passed: { id: "green" } });
  });

  test("marks a case that passes and fails by turns, or passes at a further attempt, as flaky", async ({
    server,
    testCase,
    saveRuns,
  }) => {
    const history = async () => (await server.request("GET", `/api/test-cases/${testCase.id}/history`)).json;
    expect(await history()).toMatchObject({ runs: [], pass_rate: null, flaky: false, last_passed: null });
    await saveRuns(
      { id: "a", verdict: "passed" },
      { id: "b", verdict: "failed" },
      { id: "c", verdict: "passed" },
    );
    expect(await history()).toMatchObject({ flaky: false, changes: 2 });
    await saveRuns({ id: "d", verdict: "passed", flaky: true });
    expect(await history()).toMatchObject({ flaky: true });
  });

  describe("of which not all is kept", () => {
    const limited = test.override("dependencies", { keptRuns: { days: 30, perCase: null } });

    limited("says beyond which limits runs are deleted", async ({ server, testCase }) => {
      const { json } = await server.request("GET", `/api/test-cases/${testCase.id}/history`);
      expect(json.kept).toEqual({ days: 30, per_case: null });
      const { text } = await server.request("GET", `/test-case/${testCase.id}`);
      expect(text).toContain(
        "Runs are deleted 30 days after they ended; flaky ones and the last that passed",
      );
    });
  });

  test("of a step that the case does not have is refused", async ({ server, testCase }) => {
    const { status, json } = await server.request(
      "GET",
      `/api/test-cases/${testCase.id}/history?test_step_id=4711`,
    );
    expect([status, json.error.code]).toEqual([404, "step_not_found"]);
  });
});

describe("two runs that are compared", () => {
  test("differ first at the command that ended otherwise", async ({ server, testCase, saveRuns }) => {
    await saveRuns(
      { id: "green", verdict: "passed", events: steps("passed", "Click Buy", "Click Pay") },
      { id: "red", verdict: "failed", events: steps("failed", "Click Buy", "Click Pay") },
    );
    const { status, json } = await server.request("GET", "/api/runs/red/comparison");
    expect(status).toBe(200);
    expect(json).toMatchObject({
      run: { id: "red" },
      other: { id: "green" },
      first_difference: {
        test_step_id: testCase.stepId,
        step_number: 1,
        number: 2,
        what: "outcome",
        run: { message: "Click Pay", status: "failed", error_message: "nothing came" },
        other: { message: "Click Pay", status: "passed", error_message: null },
      },
      steps: [{ run: { status: "failed" }, other: { status: "passed" } }],
    });
    expect(json.differences).toHaveLength(1);
  });

  test("differ where one has another command, or did not come to it", async ({ server, saveRuns }) => {
    await saveRuns(
      { id: "one", verdict: "passed", events: steps("passed", "Click Buy", "Click Pay") },
      { id: "two", verdict: "failed", events: steps("failed", "Click Bye") },
    );
    const { json } = await server.request("GET", "/api/runs/one/comparison?with=two");
    expect(json.differences).toMatchObject([
      { number: 1, what: "command", run: { message: "Click Buy" }, other: { message: "Click Bye" } },
      { number: 2, what: "missing", run: { message: "Click Pay" }, other: null },
    ]);
    const same = await server.request("GET", "/api/runs/one/comparison?with=one");
    expect(same.json).toMatchObject({ first_difference: null, differences: [] });
  });

  test("are runs of the same case, and there has to be one that passed", async ({ server, saveRuns }) => {
    const other = await server.request("POST", "/api/test-cases", { name: "Other", steps: [] });
    await saveRuns({ id: "red", verdict: "failed" });
    const about = { kind: "case", testCaseId: other.json.id as number, testStepId: null } as const;
    const rest = { onFailure: "stop", requestId: null, createdAt: new Date(START) } as const;
    await server.scratch.database.executionStore.createRun({ id: "elsewhere", ...about, ...rest });
    const none = await server.request("GET", "/api/runs/red/comparison");
    expect([none.status, none.json.error.code]).toEqual([404, "run_not_found"]);
    const strange = await server.request("GET", "/api/runs/red/comparison?with=elsewhere");
    expect([strange.status, strange.json.error.code]).toEqual([409, "conflict"]);
  });
});
