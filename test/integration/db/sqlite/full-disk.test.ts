import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TestClient, type Message } from "../../../support/client.js";
import { FakePool } from "../../../support/fake-browser.js";
import { scratchFolder, type ScratchFolder } from "../../../support/scratch-folder.js";
import { CAN_MOUNT, mountSmallDisk, type SmallDisk } from "../../../support/small-disk.js";
import { startApp, storedEvents, type TestApp } from "../../../support/test-app.js";

let scratch: ScratchFolder;
let disk: SmallDisk | undefined;
let testApp: TestApp | undefined;

beforeEach(async () => {
  scratch = await scratchFolder();
});
afterEach(async () => {
  await testApp?.close();
  disk?.remove();
  await scratch.remove();
});

test.runIf(CAN_MOUNT)(
  "on a full disk the server is not ready and says so; a run has its verdict once there is room, with every event (needs root, for a disk of its own)",
  { timeout: 60_000 },
  async () => {
    const folder = join(scratch.path, "disk");
    disk = mountSmallDisk(folder, 40);
    const pool = new FakePool(1);
    testApp = await startApp(
      { DATABASE_URL: `file:${join(folder, "test.db")}`, DISK_MIN_FREE: "0" },
      { pool },
    );
    const { address } = testApp;
    const waits = Array.from({ length: 40 }, () => ({ action: "wait", duration: 0.05 }));
    const { caseId } = await testApp.createCase([waits]);
    const client = await TestClient.connect(address);
    client.send({ type: "execute_all", test_case_id: caseId, request_id: "a" });
    await client.next("progress");
    disk.fill();

    const create = () =>
      fetch(`http://${address}/api/test-cases`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name: "large", description: "x".repeat(500_000) }),
      });
    const refused = await create();
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({
      error: { code: "database_unavailable", message: expect.stringContaining("the disk is full") },
    });
    const ready = await fetch(`http://${address}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.text()).toContain("the disk is full");

    disk.empty();

    const end = await client.next(
      ({ type, request_id }) => type === "all_steps_complete" && request_id === "a",
    );
    expect(end).toMatchObject({ status: "error" });
    const events = await storedEvents<Message>(address, String(end["run_id"]));
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
    const received = client.received.filter(({ seq }) => seq !== undefined);
    expect(received.map(({ seq }) => seq)).toEqual(events.map(({ seq }) => seq));
    expect((await create()).status).toBe(201);
    await expect.poll(async () => (await fetch(`http://${address}/readyz`)).status).toBe(200);
    client.close();
  },
);
