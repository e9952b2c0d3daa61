import { stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RESERVE_BYTES } from "../../../../src/disk/reserve.js";
import { TestClient, type Message } from "../../../support/client.js";
import { FakePool } from "../../../support/fake-browser.js";
import { scratchFolder, type ScratchFolder } from "../../../support/scratch-folder.js";
import { CAN_MOUNT, mountSmallDisk, type SmallDisk } from "../../../support/small-disk.js";
import { startApp, storedEvents, type TestApp } from "../../../support/test-app.js";

let scratch: ScratchFolder;
let folder: string;
let disk: SmallDisk | undefined;
let testApp: TestApp | undefined;
let address: string;
let client: TestClient;
const clients: TestClient[] = [];

beforeEach(async () => {
  scratch = await scratchFolder();
  folder = join(scratch.path, "disk");
});
afterEach(async () => {
  for (const each of clients.splice(0)) each.close();
  await testApp?.close();
  disk?.remove();
  await scratch.remove();
});

/** Starts a server whose database is on the small disk. */
async function start(): Promise<TestApp> {
  const DATABASE_URL = `file:${join(folder, "test.db")}`;
  testApp = await startApp({ DATABASE_URL, DISK_MIN_FREE: "0" }, { pool: new FakePool(1) });
  ({ address } = testApp);
  client = await TestClient.connect(address);
  clients.push(client);
  return testApp;
}

/** Starts a run of two seconds, and returns once its first command is done. */
async function startRun({ createCase }: TestApp): Promise<void> {
  const waits = Array.from({ length: 40 }, () => ({ action: "wait", duration: 0.05 }));
  const { caseId } = await createCase([waits]);
  client.send({ type: "execute_all", test_case_id: caseId, request_id: "a" });
  await client.next("progress");
}

/** Waits for the end of the run, which the full disk cut short, and finds every event of it stored once. */
async function expectWholeRun(): Promise<void> {
  const end = await client.next(
    ({ type, request_id }) => type === "all_steps_complete" && request_id === "a",
  );
  expect(end).toMatchObject({ status: "error" });
  const events = await storedEvents<Message>(address, String(end["run_id"]));
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
  const received = client.received.filter(({ seq }) => seq !== undefined);
  expect(received.map(({ seq }) => seq)).toEqual(events.map(({ seq }) => seq));
}

function createLargeCase(): Promise<Response> {
  return fetch(`http://${address}/api/test-cases`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "large", description: "x".repeat(500_000) }),
  });
}

const readiness = () => fetch(`http://${address}/readyz`);

test.runIf(CAN_MOUNT)(
  "on a full disk the server is not ready and says so; a run has its verdict once there is room, with every event (needs root, for a disk of its own)",
  { timeout: 60_000 },
  async () => {
    disk = mountSmallDisk(folder, 40);
    disk.fill(RESERVE_BYTES - 1_000_000);
    await startRun(await start());
    disk.fill();

    const refused = await createLargeCase();
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({
      error: { code: "database_unavailable", message: expect.stringContaining("the disk is full") },
    });
    const ready = await readiness();
    expect(ready.status).toBe(503);
    expect(await ready.text()).toContain("the disk is full");

    disk.empty();

    await expectWholeRun();
    expect((await createLargeCase()).status).toBe(201);
    await expect.poll(async () => (await readiness()).status).toBe(200);
  },
);

test.runIf(CAN_MOUNT)(
  "on a full disk a run has its verdict from the reserve, and no other begins before there is room (needs root, for a disk of its own)",
  { timeout: 60_000 },
  async () => {
    disk = mountSmallDisk(folder, 40);
    const app = await start();
    const reserved = async () => (await stat(join(folder, "test.db-reserve"))).size;
    await expect.poll(reserved).toBe(RESERVE_BYTES);
    await startRun(app);
    disk.fill();

    await expectWholeRun();
    const ready = await readiness();
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({
      checks: { disk: { ok: false, message: expect.stringContaining("nearly full") } },
    });
    const { caseId } = await app.createCase([[{ action: "wait", duration: 0.01 }]]);
    client.send({ type: "execute_all", test_case_id: caseId, request_id: "b" });
    expect(await client.next(({ request_id }) => request_id === "b")).toMatchObject({
      type: "execution_error",
      code: "disk_full",
    });

    disk.empty();

    await expect.poll(async () => (await readiness()).status).toBe(200);
    await expect.poll(reserved).toBe(RESERVE_BYTES);
  },
);
