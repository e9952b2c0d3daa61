import { expect } from "vitest";
import { restTest } from "../../support/rest-fixtures.js";

const START = Date.UTC(2026, 0, 13, 10, 0);

/** The time a number of minutes after the first run's. */
const minute = (minutes: number) => new Date(START + minutes * 60_000);

const test = restTest()
  .extend("cases", async ({ server }) => {
    const create = async (name: string) => {
      const steps = [{ description: "A" }];
      const { json } = await server.request("POST", "/api/test-cases", { name, steps });
      return { caseId: json.id as number, stepId: json.steps[0].id as number };
    };
    return [await create("first"), await create("second")] as const;
  })
  .extend("saveRuns", ({ server, cases }) => async (count: number): Promise<void> => {
    const { executionStore } = server.scratch.database;
    for (let number = 0; number < count; number++) {
      const { caseId: testCaseId, stepId } = cases[number % 2 === 0 ? 0 : 1];
      const isStep = number % 3 === 0;
      const id = `run-${number}`;
      await executionStore.createRun({
        id,
        kind: isStep ? "step" : "case",
        testCaseId,
        testStepId: isStep ? stepId : null,
        onFailure: "stop",
        requestId: null,
        principal: number < 4 ? "ada" : "ben",
        // Two runs begin in the same millisecond each.
        createdAt: minute(Math.floor(number / 2)),
      });
      const verdict = number % 5 === 0 ? "failed" : "passed";
      const ended = { runId: id, verdict, errorMessage: null, attempts: 1, flaky: number === 7 } as const;
      await executionStore.append({ events: [], steps: [], runs: [{ ...ended, finishedAt: minute(60) }] });
    }
  })
  .extend("idsOf", ({ server }) => async (path: string): Promise<string[]> => {
    const { json } = await server.request("GET", path);
    return (json.items as { id: string }[]).map(({ id }) => id);
  });

test("runs are listed newest first, page by page, each once", async ({ server, saveRuns }) => {
  await saveRuns(9);
  const seen: string[] = [];
  let cursor = "";
  do {
    const { status, json } = await server.request("GET", `/api/runs?limit=2${cursor}`);
    expect(status).toBe(200);
    seen.push(...json.items.map(({ id }: { id: string }) => id));
    cursor = json.next_cursor === null ? "" : `&cursor=${json.next_cursor}`;
  } while (cursor !== "");
  expect(seen).toEqual(["8", "7", "6", "5", "4", "3", "2", "1", "0"].map((number) => `run-${number}`));
});

test("runs are found by what is known of them", async ({ cases, saveRuns, idsOf }) => {
  await saveRuns(9);
  const [first, second] = cases;
  expect(await idsOf(`/api/runs?test_case_id=${second.caseId}`)).toEqual([
    "run-7",
    "run-5",
    "run-3",
    "run-1",
  ]);
  expect(await idsOf(`/api/test-cases/${second.caseId}/runs?kind=step`)).toEqual(["run-3"]);
  expect(await idsOf(`/api/runs?test_step_id=${first.stepId}`)).toEqual(["run-6", "run-0"]);
  expect(await idsOf("/api/runs?status=failed")).toEqual(["run-5", "run-0"]);
  expect(await idsOf("/api/runs?flaky=true")).toEqual(["run-7"]);
  expect(await idsOf("/api/runs?flaky=false&principal=ada")).toEqual(["run-3", "run-2", "run-1", "run-0"]);
  const from = minute(1).toISOString();
  expect(await idsOf(`/api/runs?since=${from}&until=${minute(2).toISOString()}`)).toEqual(["run-3", "run-2"]);
  expect(await idsOf(`/api/runs?since=${from}&status=failed&limit=1`)).toEqual(["run-5"]);
});

test("a case that is not there, a cursor of another list and a filter that is none are refused", async ({
  server,
}) => {
  expect((await server.request("GET", "/api/test-cases/4711/runs")).status).toBe(404);
  const cases = Buffer.from("id<5").toString("base64url");
  for (const query of [`cursor=${cases}`, "cursor=x", "flaky=perhaps", "status=green", "verdict=passed"]) {
    const { status, text } = await server.request("GET", `/api/runs?${query}`);
    expect([status, text]).toEqual([400, expect.stringContaining(query.split("=")[0] ?? "")]);
  }
});
