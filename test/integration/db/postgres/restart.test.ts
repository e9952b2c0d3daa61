import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { TestClient } from "../../../support/client.js";
import { FakePool } from "../../../support/fake-browser.js";
import { findPostgres, PostgresServer } from "../../../support/postgres-server.js";
import { createCase, startApp, type TestApp } from "../../../support/test-app.js";
import { requirePassed } from "../../../support/whole-runs.js";
import { scratchFolder, type ScratchFolder } from "../../../support/scratch-folder.js";

// A PostgreSQL of its own, which goes away and comes back under a server with runs.

let postgres: PostgresServer;
let folder: ScratchFolder;
let testApp: TestApp;

beforeAll(async () => {
  folder = await scratchFolder();
  // What it has confirmed has to outlive it here; the other tests do without.
  const settings = ["synchronous_commit=on"];
  postgres = await PostgresServer.start({ bin: (await findPostgres()) ?? "", settings });
});
afterAll(async () => {
  await postgres.stop();
  await folder.remove();
});

beforeEach(async () => {
  const environment = { DATABASE_URL: postgres.urlOf("postgres"), ARTIFACTS_DIR: `${folder.path}/artifacts` };
  testApp = await startApp(environment, { pool: new FakePool(2) });
});
afterEach(() => testApp.close());

const waits = (count: number) => Array.from({ length: count }, () => ({ action: "wait", duration: 0.2 }));

async function readiness(): Promise<{ status: number; message: string | undefined }> {
  const response = await fetch(`http://${testApp.address}/readyz`);
  const body = (await response.json()) as { checks: { database: { message?: string } } };
  return { status: response.status, message: body.checks.database.message };
}

describe.each([
  ["stopped", "fast"],
  ["killed", "immediate"],
] as const)("while PostgreSQL is %s and started again", (_how, mode) => {
  test(
    "the server is not ready, runs go on and lose no event, and what comes meanwhile waits",
    { timeout: 180_000 },
    async () => {
      const { address } = testApp;
      const { caseId } = await createCase(address, [waits(20), waits(20)]);
      const client = await TestClient.connect(address);
      for (const id of ["a", "b"]) client.send({ type: "execute_all", test_case_id: caseId, request_id: id });
      for (const id of ["a", "b"])
        await client.next(({ type, request_id }) => type === "progress" && request_id === id);

      await postgres.halt(mode);
      expect(await readiness()).toMatchObject({
        status: 503,
        message: expect.stringContaining("cannot be used"),
      });
      // It has no connection by now, so nothing of it can be carried out before PostgreSQL is back.
      client.send({ type: "execute_all", test_case_id: caseId, request_id: "c" });
      const created = createCase(address, [waits(1)]);
      await postgres.start();

      await expect.poll(readiness, { timeout: 5_000, interval: 50 }).toMatchObject({ status: 200 });
      expect((await created).stepIds).toHaveLength(1);
      await requirePassed({ address, client, requestIds: ["a", "b", "c"], steps: 2 });
      client.close();
    },
  );
});
