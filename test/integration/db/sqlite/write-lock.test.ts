import { setTimeout as delay } from "node:timers/promises";
import { describe, expect } from "vitest";
import { ownAppTest } from "../../../support/app-fixtures.js";
import { TestClient, type Message } from "../../../support/client.js";
import { FakePool } from "../../../support/fake-browser.js";
import { scratchFolder } from "../../../support/scratch-folder.js";
import { ServerProcess } from "../../../support/server-process.js";
import { createCase, getJson, storedEvents, type TestApp } from "../../../support/test-app.js";
import { requirePassed } from "../../../support/whole-runs.js";
import { holdWriteLock, type WriteLock } from "../../../support/write-lock.js";

// The lock is held by another process, as an open sqlite3 shell does it.

/** Longer than the driver would wait by itself, and than three of the event log's attempts. */
const LONG_MS = 10_000;

const test = ownAppTest()
  .override("pool", () => new FakePool(2))
  .extend("holdLock", ({}, { onCleanup }) => {
    const locks: WriteLock[] = [];
    onCleanup(async () => {
      for (const lock of locks) await lock.release();
    });
    return async (file: string): Promise<WriteLock> => {
      const lock = await holdWriteLock(file);
      locks.push(lock);
      return lock;
    };
  });

const fileOf = ({ databaseUrl }: TestApp) => databaseUrl.slice("file:".length);
const waits = (count: number, seconds: number) =>
  Array.from({ length: count }, () => ({ action: "wait", duration: seconds }));

async function readiness(address: string) {
  const response = await fetch(`http://${address}/readyz`);
  const body = (await response.json()) as { checks: { database: { ok: boolean; message?: string } } };
  return { status: response.status, database: body.checks.database };
}

// Each of them waits for the better part of its time.
describe.concurrent("a lock that is held for long", () => {
  test(
    "runs under way while the lock is held for ten seconds end with their verdicts and lose no event",
    { timeout: 60_000 },
    async ({ testApp, holdLock }) => {
      const { address } = testApp;
      const { caseId } = await testApp.createCase([waits(4, 0.3), waits(4, 0.3)]);
      const client = await TestClient.connect(address);
      client.send({ type: "execute_all", test_case_id: caseId, request_id: "a" });
      client.send({ type: "execute_all", test_case_id: caseId, request_id: "b" });
      await client.next(({ type, request_id }) => type === "progress" && request_id === "a");
      await client.next(({ type, request_id }) => type === "progress" && request_id === "b");
      const lock = await holdLock(fileOf(testApp));
      const heldAt = performance.now();
      const told = client.received.length;
      // A third run is accepted while the lock is held, and waits.
      client.send({ type: "execute_all", test_case_id: caseId, request_id: "c" });

      let longestPause = 0;
      let last = performance.now();
      const loop = setInterval(() => {
        longestPause = Math.max(longestPause, performance.now() - last);
        last = performance.now();
      }, 10);
      const meanwhile = await readiness(address);
      expect(meanwhile.status).toBe(503);
      expect(meanwhile.database.message).toMatch(
        /Another process holds the write lock of the database .*End what writes/,
      );
      expect(await getJson<{ test_cases: unknown[] }>(address, "/api/test-cases")).toBeDefined();
      await delay(LONG_MS - (performance.now() - heldAt));
      clearInterval(loop);
      // The server answered all the while. On a busy machine a timer comes late by itself.
      expect(longestPause).toBeLessThan(1_000);
      // Nothing is told that is not stored: at most the batch that was under way when the lock was taken.
      expect(client.received.slice(told).filter(({ seq }) => seq !== undefined).length).toBeLessThan(5);
      await lock.release();

      await requirePassed({ address, client, requestIds: ["a", "b", "c"], steps: 2 });
      expect((await readiness(address)).status).toBe(200);
      client.close();
    },
  );

  test(
    "a write that waits too long is refused with the reason, and nothing of it was done",
    { timeout: 60_000 },
    async ({ testApp, holdLock }) => {
      const { address } = testApp;
      const { stepIds } = await testApp.createCase([waits(1, 0.01)]);
      const lock = await holdLock(fileOf(testApp));
      const client = await TestClient.connect(address);
      client.send({ type: "execute_step", step_id: stepIds[0], request_id: "r" });
      const posted = await fetch(`http://${address}/api/test-cases`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name: "refused" }),
      });

      expect(posted.status).toBe(503);
      expect(posted.headers.get("retry-after")).toBe("5");
      expect(await posted.json()).toMatchObject({
        error: {
          code: "database_unavailable",
          message: expect.stringMatching(/write lock .* for \d+ s by now/),
        },
      });
      expect(await client.next("execution_error")).toMatchObject({
        code: "database_unavailable",
        error: expect.stringContaining("write lock"),
        request_id: "r",
      });
      await lock.release();
      expect(await getJson(address, "/api/stats")).toMatchObject({ test_cases: { total: 1 } });
      client.send({ type: "execute_step", step_id: stepIds[0], request_id: "again" });
      expect(await client.next("execution_complete")).toMatchObject({ status: "passed" });
      client.close();
    },
  );

  test(
    "the real server's runs end with their verdicts after a lock of ten seconds",
    { timeout: 120_000 },
    async ({ holdLock }) => {
      const scratch = await scratchFolder();
      const server = await ServerProcess.start(scratch.path, { BROWSER_POOL_SIZE: "2" });
      const { caseId } = await createCase(server.address, [waits(10, 0.1), waits(10, 0.1)]);
      const client = await TestClient.connect(server.address);
      for (const id of ["a", "b", "c"])
        client.send({ type: "execute_all", test_case_id: caseId, request_id: id });
      await client.next("progress");
      const lock = await holdLock(`${scratch.path}/test.db`);
      expect((await readiness(server.address)).database.ok).toBe(false);
      await delay(LONG_MS);
      await lock.release();

      await requirePassed({ address: server.address, client, requestIds: ["a", "b", "c"], steps: 2 });
      expect(server.output()).toContain("another process holds the database's write lock");
      expect(server.output()).toContain("the database's write lock is free again");
      expect(server.output()).not.toContain('"level":50');
      client.close();
      await server.stop();
      await scratch.remove();
    },
  );
});

test(
  "writes over REST wait for the lock, and work at once when it is gone",
  { timeout: 60_000 },
  async ({ testApp, holdLock }) => {
    const { address } = testApp;
    const lock = await holdLock(fileOf(testApp));
    const created = Promise.all([1, 2, 3].map(() => createCase(address, [waits(1, 0.01)])));
    const refused = await readiness(address);
    expect(refused.status).toBe(503);
    // Reading goes on.
    await getJson(address, "/api/stats");

    await lock.release();

    const cases = await created;
    expect(new Set(cases.map(({ caseId }) => caseId)).size).toBe(3);
    // Each kind of write: one statement, and transactions.
    const more = await createCase(address, [waits(1, 0.01), null]);
    const response = await fetch(`http://${address}/api/test-cases/${more.caseId}`, { method: "DELETE" });
    expect(response.status).toBe(200);
  },
);

test(
  "the server stops in time although the lock is held, and the next start gives the run its verdict",
  { timeout: 90_000 },
  async ({ holdLock }) => {
    const scratch = await scratchFolder();
    const environment = { BROWSER_POOL_SIZE: "1" };
    const server = await ServerProcess.start(scratch.path, environment);
    const { stepIds } = await createCase(server.address, [waits(200, 0.1)]);
    const client = await TestClient.connect(server.address);
    client.send({ type: "execute_step", step_id: stepIds[0] });
    const { run_id: runId } = await client.next("progress");
    const lock = await holdLock(`${scratch.path}/test.db`);

    const { code, ms } = await server.end("SIGTERM");

    expect(ms).toBeLessThan(6_000);
    expect(server.output()).not.toContain("cut off");
    expect(code).toBe(0);
    await lock.release();
    const next = await ServerProcess.start(scratch.path, environment);
    expect(await getJson(next.address, `/api/runs/${runId}`)).toMatchObject({
      status: "error",
      error_message: "Server restarted",
    });
    const events = await storedEvents<Message>(next.address, String(runId));
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
    await next.stop();
    await scratch.remove();
  },
);
