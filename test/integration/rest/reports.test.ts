import { expect } from "vitest";
import type { RunEventBody } from "../../../src/protocol/messages.js";
import { Report } from "../../../src/protocol/report.js";
import { restTest } from "../../support/rest-fixtures.js";

const test = restTest().extend("addRun", ({ server }) => async (id: string, message: string | null) => {
  const steps = [
    {
      description: "See <b>",
      expected_result: "It is there",
      selenium_script_json: [{ action: "click", locator_type: "id", locator_value: "go" }],
    },
  ];
  const { json } = await server.request("POST", "/api/test-cases", { name: `Case of ${id}`, steps });
  const [testCaseId, stepId] = [json.id as number, json.steps[0].id as number];
  const { executionStore } = server.scratch.database;
  const createdAt = new Date("2026-01-13T10:30:00.000Z");
  const kind = { kind: "case", testStepId: null, onFailure: "stop", requestId: null } as const;
  await executionStore.createRun({ id, testCaseId, ...kind, createdAt });
  await executionStore.startRun(id, createdAt);
  const status = message === null ? "passed" : "failed";
  const bodies: RunEventBody[] = [
    { type: "execution_started", step_id: stepId },
    { type: "progress", step_id: stepId, step: 1, total: 1, action: "click", message: "Click go" },
    {
      type: "execution_complete",
      step_id: stepId,
      status,
      message: "done",
      execution_time_ms: 5,
      error_message: message,
      actual_result: null,
      artifacts: [],
      checks: 0,
      attempt: 1,
      flaky: false,
    },
  ];
  const ts = createdAt.toISOString();
  const events = bodies.map((body, index) => ({ ...body, run_id: id, seq: index + 1, ts }));
  const run = { runId: id, verdict: status, errorMessage: message, attempts: 1, flaky: false } as const;
  await executionStore.append({
    events,
    steps: [],
    runs: [{ ...run, finishedAt: new Date(createdAt.getTime() + 1_000) }],
  });
  return testCaseId;
});

test("a run is reported in each format", async ({ server, addRun }) => {
  await addRun("run-1", "It says <i>");
  const get = (format: string) => server.request("GET", `/api/runs/run-1/report?format=${format}`);
  const json = await get("json");
  expect(json.headers["content-type"]).toContain("application/json");
  const report = Report.parse(json.json);
  expect(report.summary).toMatchObject({ tests: 1, failed: 1 });
  expect(report.runs[0]).toMatchObject({
    name: "Case of run-1",
    status: "failed",
    error_message: "It says <i>",
    duration_ms: 1_000,
    steps: [{ number: 1, commands: [{ message: "Click go", locator: { type: "id", value: "go" } }] }],
  });
  const junit = await get("junit");
  expect(junit.headers["content-type"]).toContain("application/xml");
  expect(junit.text).toContain('<failure message="It says &lt;i&gt;" type="failed">');
  const html = await get("html");
  expect(html.headers).toMatchObject({
    "content-disposition": 'attachment; filename="report.html"',
    "x-content-type-options": "nosniff",
  });
  expect(html.text).toContain("It says &lt;i&gt;");
  expect((await get("github")).text).toContain("## Stepwire: 1 failed");
  expect(await get("pdf")).toMatchObject({ status: 400 });
});

test("many runs are reported together: those that are named, or those that are found", async ({
  server,
  addRun,
}) => {
  await addRun("run-1", null);
  const caseId = await addRun("run-2", "no");
  await addRun("run-3", null);
  const names = async (query: string) => {
    const { json } = await server.request("GET", `/api/reports?${query}`);
    return Report.parse(json).runs.map(({ id }) => id);
  };
  expect(await names("runs=run-3,run-1")).toEqual(["run-3", "run-1"]);
  expect(await names(`test_case_id=${caseId}`)).toEqual(["run-2"]);
  expect((await names("status=passed")).toSorted()).toEqual(["run-1", "run-3"]);
  expect(await names("limit=1")).toHaveLength(1);
  expect(await server.request("GET", "/api/reports?runs=run-9")).toMatchObject({ status: 404 });
});
