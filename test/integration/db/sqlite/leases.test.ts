import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { openDatabase } from "../../../../src/db/index.js";
import { openForServer } from "../../../../src/db/sqlite/engine.js";
import type { RunResult } from "../../../../src/execution/ports.js";
import type { RunEvent } from "../../../../src/protocol/messages.js";
import { connectionTo } from "../../../support/raw-database.js";
import { folderTest } from "../../../support/scratch-fixtures.js";
import { silentLog } from "../../../support/silent-log.js";

folderTest("events are found by the runs' ids, however many runs there are", async ({ folder }) => {
  const engine = await openForServer({ url: `file:${join(folder, "test.db")}`, log: silentLog });
  const plan = await engine.client.$queryRaw<{ detail: string }[]>`
    EXPLAIN QUERY PLAN INSERT INTO run_events (run_id, seq, ts, type, payload)
    SELECT * FROM (VALUES ('r', 1, 1, 't', '{}'))
    WHERE 2 = (SELECT COUNT(*) FROM runs WHERE owner = 'a' AND (id, lease_number) IN (VALUES ('r', 1), ('s', 1)))`;
  await engine.close();
  const details = plan.map(({ detail }) => detail);

  expect(details).toContainEqual(expect.stringMatching(/^SEARCH runs USING INDEX .*\(id=\?\)$/));
  expect(details).not.toContainEqual(expect.stringMatching(/^SCAN runs/));
});

folderTest(
  "a server whose lock was taken writes nothing about its runs, before it has noticed",
  async ({ folder, onTestFinished }) => {
    const file = join(folder, "test.db");
    const open = async () => {
      const artifactsDir = join(folder, "artifacts");
      const database = await openDatabase({ url: `file:${file}`, artifactsDir, log: silentLog });
      onTestFinished(() => database.close());
      return database;
    };
    const { executionStore: first, testCaseStore } = await open();
    const { id: testCaseId } = await testCaseStore.createTestCase({ name: "case", steps: [] });
    const runId = randomUUID();
    const run = { id: runId, kind: "case", testCaseId, testStepId: null, onFailure: "stop" } as const;
    await first.createRun({ ...run, requestId: null, createdAt: new Date() });
    await rm(`${file}.lock`);
    const { executionStore: second } = await open();

    expect((await second.takeAbandonedRuns("start", new Date())).map(({ id }) => id)).toEqual([runId]);

    const event: RunEvent = {
      type: "queued",
      position: 1,
      run_id: runId,
      seq: 1,
      ts: new Date().toISOString(),
    };
    const verdict: RunResult = {
      ...{ runId, verdict: "passed", errorMessage: null, attempts: 1, flaky: false },
      finishedAt: new Date(),
    };
    await expect(first.append({ events: [event], steps: [], runs: [] })).rejects.toThrow(/taken/);
    await second.append({ events: [event], steps: [], runs: [verdict] });
    await expect(first.append({ events: [], steps: [], runs: [verdict] })).rejects.toThrow(/taken/);
    const { rows } = await connectionTo(file, (connection) =>
      connection.execute("SELECT COUNT(*) AS count, COUNT(DISTINCT owner) AS owners FROM run_events, runs"),
    );
    expect(rows[0]).toMatchObject({ count: 1, owners: 1 });
  },
);
