import { randomUUID } from "node:crypto";
import { join } from "node:path";
import pg from "pg";
import { describe, expect } from "vitest";
import { openDatabase, type Database } from "../../../../src/db/index.js";
import { locationOf } from "../../../../src/db/postgres/location.js";
import { readMigrations } from "../../../../src/db/migrations.js";
import { migrate, MIGRATIONS_FOLDER } from "../../../../src/db/postgres/migrate.js";
import { connectionTo } from "../../../../src/db/postgres/pool.js";
import { LEASE_MS, LeaseLostError } from "../../../../src/execution/ports.js";
import type { RunEvent } from "../../../../src/protocol/messages.js";
import { ended } from "../../../support/ended.js";
import { databaseUrlTest } from "../../../support/scratch-fixtures.js";
import { silentLog } from "../../../support/silent-log.js";

const test = databaseUrlTest
  /** A server on the database, one of several. */
  .extend("open", ({ folder, url }, { onCleanup }) => {
    const opened: Database[] = [];
    onCleanup(async () => {
      for (const database of opened) await ended("a database", database.close());
    });
    return async () => {
      const database = await openDatabase({ url, artifactsDir: join(folder, "artifacts"), log: silentLog });
      opened.push(database);
      return database;
    };
  })
  /** A session of the database below everything that a server puts around it. */
  .extend("session", async ({ url }, { onCleanup }) => {
    const client = new pg.Client(url);
    await client.connect();
    onCleanup(() => ended("a connection to PostgreSQL", client.end()));
    return client;
  });

async function startedRun(
  { testCaseStore, executionStore }: Database,
  createdAt = new Date(),
): Promise<string> {
  const { id: testCaseId } = await testCaseStore.createTestCase({ name: "case", steps: [] });
  const run = { id: randomUUID(), kind: "case", testCaseId, testStepId: null, onFailure: "stop" } as const;
  await executionStore.createRun({ ...run, requestId: null, createdAt });
  return run.id;
}

function batch(runId: string, seq: number) {
  const event: RunEvent = { type: "queued", position: 1, run_id: runId, seq, ts: new Date().toISOString() };
  return { events: [event], steps: [], runs: [] };
}

/** Resolves when a session of the database waits for a lock. */
async function untilSomebodyWaits(session: pg.Client): Promise<void> {
  const waiting = "SELECT COUNT(*)::int AS count FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
  await expect
    .poll(async () => (await session.query<{ count: number }>(waiting)).rows[0]?.count, { interval: 10 })
    .toBeGreaterThan(0);
}

describe("several servers on one database", () => {
  test("start at the same time, migrate it once and share one folder of artifacts", async ({
    folder,
    url,
    session,
  }) => {
    await session.query("DROP SCHEMA public CASCADE");
    await session.query("CREATE SCHEMA public");
    const open = () => openDatabase({ url, artifactsDir: join(folder, "artifacts"), log: silentLog });

    const databases = await Promise.all([open(), open(), open()]);

    const { rows } = await session.query<{ name: string }>(
      "SELECT migration_name AS name FROM _prisma_migrations ORDER BY migration_name",
    );
    expect(rows.map(({ name }) => name)).toEqual(readMigrations(MIGRATIONS_FOLDER).map(({ name }) => name));
    const marks = await session.query("SELECT mark FROM artifact_folder");
    expect(marks.rows).toHaveLength(1);
    for (const database of databases) await database.close();
  });

  test("do not take each other's runs while the leases hold", async ({ open }) => {
    const [first, second] = [await open(), await open()];
    const runId = await startedRun(first);

    expect(await second.executionStore.takeAbandonedRuns("start", new Date())).toEqual([]);

    await first.executionStore.append(batch(runId, 1));
    expect(await second.runReader.findEvents(runId, { afterSeq: 0, limit: 9 })).toHaveLength(1);
  });
});

describe("events are written only under the lease", () => {
  test("a takeover that is under way is waited for, and refuses them", async ({ open, session }) => {
    const { executionStore, ...first } = await open();
    const runId = await startedRun({ executionStore, ...first });
    await session.query("BEGIN");
    await session.query("UPDATE runs SET owner = 'other', lease_number = 2 WHERE id = $1", [runId]);

    const appended = executionStore.append(batch(runId, 1)).then(
      () => "stored",
      (error: unknown) => error,
    );
    await untilSomebodyWaits(session);
    await session.query("COMMIT");

    expect(await appended).toBeInstanceOf(LeaseLostError);
    const { rows } = await session.query("SELECT 1 FROM run_events");
    expect(rows).toEqual([]);
  });

  test("a takeover that comes to nothing lets them through", async ({ open, session }) => {
    const { executionStore, ...first } = await open();
    const runId = await startedRun({ executionStore, ...first });
    await session.query("BEGIN");
    await session.query("UPDATE runs SET owner = 'other', lease_number = 2 WHERE id = $1", [runId]);

    const appended = executionStore.append(batch(runId, 1));
    await untilSomebodyWaits(session);
    await session.query("ROLLBACK");

    await expect(appended).resolves.toBeUndefined();
  });

  test("a run is taken once by three servers that look at the same time", async ({ open }) => {
    const [first, ...others] = [await open(), await open(), await open(), await open()];
    const runId = await startedRun(first);
    const over = new Date(Date.now() + LEASE_MS + 1);

    const taken = await Promise.all(
      others.map(({ executionStore }) => executionStore.takeAbandonedRuns("later", over)),
    );

    expect(taken.flat().map(({ id }) => id)).toEqual([runId]);
    await expect(first.executionStore.append(batch(runId, 1))).rejects.toBeInstanceOf(LeaseLostError);
  });
});

describe("changes at the same time", () => {
  test("a case is not deleted while a run of it is being saved", async ({ open, session }) => {
    const { testCaseStore } = await open();
    const { id } = await testCaseStore.createTestCase({ name: "case", steps: [] });
    await session.query("BEGIN");
    await session.query(
      `INSERT INTO runs (id, kind, test_case_id, on_failure, created_at) VALUES ($1, 'case', $2, 'stop', now())`,
      [randomUUID(), id],
    );

    const deleted = testCaseStore.deleteTestCase(id).then(
      () => "deleted",
      (error: unknown) => error,
    );
    await untilSomebodyWaits(session);
    await session.query("COMMIT");

    expect(await deleted).toMatchObject({ code: "conflict", message: expect.stringContaining("under way") });
  });

  test("steps that are added and moved by several servers have every number once", async ({ open }) => {
    const [one, two] = [(await open()).testCaseStore, (await open()).testCaseStore];
    const storeOf = (index: number) => (index % 2 === 0 ? one : two);
    const { id: testCaseId } = await one.createTestCase({ name: "case", steps: [] });
    const steps = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        storeOf(index).addStep(testCaseId, { description: `${index}` }),
      ),
    );

    await Promise.all(
      steps.map((step, index) =>
        storeOf(index).updateStep({ testCaseId, stepId: step.id }, { stepNumber: 1 }),
      ),
    );

    const found = await one.findTestCase(testCaseId);
    expect(found?.steps.map(({ stepNumber }) => stepNumber)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe("values that PostgreSQL has no place for", () => {
  test("U+0000 becomes U+FFFD in texts, and stays in events", async ({ open }) => {
    const { testCaseStore, executionStore, runReader, ...rest } = await open();
    const { id } = await testCaseStore.createTestCase({ name: "a\u0000b", steps: [] });
    expect(await testCaseStore.findTestCase(id)).toMatchObject({ name: "a\uFFFDb" });
    const runId = await startedRun({ testCaseStore, executionStore, runReader, ...rest });
    const [event] = batch(runId, 1).events;
    const message = {
      ...event,
      type: "log",
      message: "\u0000 \ud800 'quoted' \\ {1,2} NULL",
    } as unknown as RunEvent;

    await executionStore.append({ events: [message], steps: [], runs: [] });

    expect(await runReader.findEvents(runId, { afterSeq: 0, limit: 9 })).toEqual([message]);
  });

  test("an id beyond every row's finds nothing, and a search finds large and small letters", async ({
    open,
  }) => {
    const { testCaseStore, executionStore } = await open();
    await testCaseStore.createTestCase({ name: "Log IN", steps: [] });

    expect(await executionStore.findStep(Number.MAX_SAFE_INTEGER)).toBeUndefined();
    expect(await testCaseStore.findTestCase(2 ** 31)).toBeUndefined();
    await expect(testCaseStore.deleteTestCase(2 ** 40)).rejects.toMatchObject({
      code: "test_case_not_found",
    });
    const query = { limit: 5, before: Number.MAX_SAFE_INTEGER, search: "log in", tag: undefined };
    expect(await testCaseStore.listTestCases(query)).toHaveLength(1);
  });
});

describe("migrations", () => {
  test("are recorded as Prisma does, and one that was edited or is unknown stops the start", async ({
    url,
    open,
    session,
  }) => {
    const { rows } = await session.query("SELECT * FROM _prisma_migrations");
    expect(rows[0]).toMatchObject({ checksum: expect.stringMatching(/^[0-9a-f]{64}$/), logs: null });
    expect(await connectionTo(locationOf(url), (connection) => migrate(connection))).toEqual([]);

    await session.query("UPDATE _prisma_migrations SET checksum = 'other'");
    await expect(open()).rejects.toThrow(/was applied to this database with another content/);
    await session.query("UPDATE _prisma_migrations SET migration_name = '2999_later'");
    await expect(open()).rejects.toThrow(/does not know\. Start the version that wrote it/);
  });
});
