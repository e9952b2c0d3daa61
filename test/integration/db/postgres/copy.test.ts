import { randomUUID } from "node:crypto";
import { join } from "node:path";
import pg from "pg";
import { expect } from "vitest";
import { readMark } from "../../../../src/db/artifacts/folder/mark-file.js";
import { copyDatabase, openDatabase, type Database } from "../../../../src/db/index.js";
import type { RunEvent } from "../../../../src/protocol/messages.js";
import { carryOut } from "../../../support/command-line.js";
import { folderTest } from "../../../support/scratch-fixtures.js";
import { silentLog } from "../../../support/silent-log.js";
import { databaseUrlIn, dropDatabase } from "../../../support/test-databases.js";

/** More than a batch of rows. */
const EVENTS = 600;

const test = folderTest
  .extend("artifactsDir", ({ folder }) => join(folder, "artifacts"))
  /** An embedded database in which every table but those of logins has rows. */
  .extend("embedded", async ({ folder, artifactsDir }) => {
    const url = `file:${join(folder, "embedded.db")}`;
    const database = await openDatabase({ url, artifactsDir, webhooks: ["hook"], log: silentLog });
    await fill(database);
    await database.close();
    return url;
  })
  .extend("postgres", async ({ folder }, { onCleanup }) => {
    const url = await databaseUrlIn(folder);
    onCleanup(() => dropDatabase(url));
    return url;
  })
  .extend("openedAt", ({ artifactsDir }, { onCleanup }) => {
    const opened: Database[] = [];
    onCleanup(async () => {
      for (const database of opened) await database.close();
    });
    return async (url: string) => {
      const database = await openDatabase({ url, artifactsDir, log: silentLog });
      opened.push(database);
      return database;
    };
  });

async function fill(database: Database): Promise<void> {
  await database.environmentStore.createEnvironment({ name: "staging", variables: { b: "2", a: "1" } });
  const steps = [{ stepNumber: 1, description: "Ünï 🚀" }];
  const { id: testCaseId } = await database.testCaseStore.createTestCase({
    ...{ name: "gone", steps: [] },
  });
  await database.testCaseStore.deleteTestCase(testCaseId);
  const testCase = await database.testCaseStore.createTestCase({ name: "case", tags: ["b", "a"], steps });
  const now = new Date();
  await database.scheduleStore.createSchedule({
    ...{ id: randomUUID(), name: "nightly", testCaseId: testCase.id, testStepId: null, cron: "0 2 * * *" },
    ...{ timeZone: "Europe/Berlin", executeAt: null, environment: "staging", enabled: true, nextAt: now },
    ...{ options: { retries: 1 }, createdBy: "p", principal: "p", createdAt: now, updatedAt: now },
  });
  const run = { id: randomUUID(), kind: "case", testCaseId: testCase.id, testStepId: null } as const;
  await database.executionStore.createRun({
    ...run,
    onFailure: "stop",
    requestId: null,
    createdAt: new Date(),
  });
  const events = Array.from({ length: EVENTS }, (_, index): RunEvent => {
    return {
      type: "queued",
      position: index,
      run_id: run.id,
      seq: index + 1,
      ts: new Date(index).toISOString(),
    };
  });
  const verdict = {
    runId: run.id,
    verdict: "failed",
    errorMessage: "no button",
    attempts: 1,
    flaky: false,
  } as const;
  await database.executionStore.append({ events, steps: [], runs: [{ ...verdict, finishedAt: new Date() }] });
  await database.artifactStore.save({
    ...{ runId: run.id, stepId: testCase.steps[0]?.id ?? 0, kind: "screenshot", mediaType: "image/jpeg" },
    bytes: Buffer.from("picture"),
  });
  const entry = { at: new Date(), principal: "p", name: "n", address: "::1", action: "delete" };
  await database.auditStore.appendAudit([{ ...entry, target: "test_case 1" }]);
  const call = {
    at: new Date(),
    day: "2026-11-29",
    principal: "p",
    model: "m",
    cost: 0.1,
    is_estimate: false,
  };
  await database.aiUsageStore.addCall({ ...call, input_tokens: 1, output_tokens: 2 });
}

/** Everything that people see of the one case and its run, and the run's id. */
async function contentOf({ testCaseStore, runReader, artifactStore, auditStore }: Database) {
  const [testCase] = await testCaseStore.listTestCases({
    limit: 9,
    before: undefined,
    search: undefined,
    tag: undefined,
  });
  const [run] = await runReader.listRuns({}, { limit: 9, before: undefined });
  const runId = run?.id ?? "";
  return {
    testCase: await testCaseStore.findTestCase(testCase?.id ?? 0),
    run,
    events: await runReader.findEvents(runId, { afterSeq: 0, limit: 9_999 }),
    artifacts: await artifactStore.listArtifacts(runId),
    audit: await auditStore.listAudit({ limit: 9, before: undefined }),
  };
}

test(
  "an embedded database goes to PostgreSQL and back, whole, with its folder of artifacts",
  { timeout: 180_000 },
  async ({ embedded, postgres, folder, artifactsDir, openedAt }) => {
    const line = ["db", "copy", "--from", embedded, "--to", postgres];
    const { said, remarked, code } = await carryOut(line, { environment: { ARTIFACTS_DIR: artifactsDir } });
    expect({ remarked, code }).toEqual({ remarked: "", code: 0 });
    expect(said).toContain(
      `1 testCase, 2 testCaseTag, 1 testStep, 1 schedule, 1 run, ${EVENTS} runEvent, 1 artifact`,
    );
    expect(said).toContain("belong to the copy now");
    expect(await readMark(artifactsDir)).toMatchObject({ database: expect.stringMatching(/^postgresql:/) });

    const onPostgres = await openedAt(postgres);
    const content = await contentOf(onPostgres);
    expect(content).toMatchObject({
      testCase: { id: 2, tags: ["a", "b"], steps: [{ description: "Ünï 🚀" }] },
      run: { status: "failed", errorMessage: "no button" },
      artifacts: [{ kind: "screenshot" }],
      audit: [{ target: "test_case 1" }],
    });
    expect(content.events.map(({ seq }) => seq)).toEqual(
      Array.from({ length: EVENTS }, (_, index) => index + 1),
    );
    // Numbers go on after those that were copied.
    expect(await onPostgres.testCaseStore.createTestCase({ name: "later", steps: [] })).toMatchObject({
      id: 3,
    });
    await onPostgres.testCaseStore.deleteTestCase(3);
    await onPostgres.close();

    const back = `file:${join(folder, "back.db")}`;
    const copied = await copyDatabase({ from: postgres, to: back, artifactsDir, log: silentLog });
    expect(copied).toMatchObject({ rows: { runEvent: EVENTS, webhookDelivery: 1 }, isFolderAdopted: true });
    expect(await contentOf(await openedAt(back))).toEqual(content);
    // Whoever had the folder before cannot use it any more.
    await expect(openedAt(embedded)).rejects.toThrow(/belongs to another database/);
  },
);

test("nothing is copied over what is there, to itself, or from under a server", async ({
  embedded,
  postgres,
  artifactsDir,
  openedAt,
}) => {
  const copy = (from: string, to: string) => copyDatabase({ from, to, artifactsDir, log: silentLog });
  await expect(copy(embedded, embedded)).rejects.toThrow(/copied to itself/);
  const server = await openedAt(embedded);
  await expect(copy(embedded, postgres)).rejects.toThrow(/is in use by the server with process id \d+/);
  await server.close();

  await copy(embedded, postgres);
  await expect(copy(embedded, postgres)).rejects.toThrow(
    /is not empty: it has 1 rows of environment\. Name a new/,
  );
  const onPostgres = await openedAt(postgres);
  await onPostgres.ping();
  await expect(copy(postgres, embedded)).rejects.toThrow(
    /is in use by servers at 127\.0\.0\.1\. Stop every server/,
  );
});

test("a copy that fails in the middle leaves the other database empty", async ({
  embedded,
  postgres,
  artifactsDir,
}) => {
  const session = new pg.Client(postgres);
  await session.connect();
  await session.query("ALTER TABLE run_events ADD CONSTRAINT few CHECK (seq < 550)");

  await expect(copyDatabase({ from: embedded, to: postgres, artifactsDir, log: silentLog })).rejects.toThrow(
    /constraint/,
  );

  for (const table of ["test_cases", "runs", "run_events", "artifact_folder"]) {
    expect((await session.query(`SELECT 1 FROM ${table}`)).rows).toEqual([]);
  }
  await session.end();
  expect(await readMark(artifactsDir)).toMatchObject({ database: expect.stringMatching(/embedded\.db$/) });
});
