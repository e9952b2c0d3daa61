import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestClient, type Message } from "../../support/client.js";
import { scratchFolder } from "../../support/scratch-folder.js";
import { ServerProcess } from "../../support/server-process.js";
import { DiskOf, noSmallDisks, onSmallDisk } from "../../support/server-disk.js";
import { createCase, getJson, storedEvents } from "../../support/test-app.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

const WHERE = noSmallDisks === undefined ? "" : ` (skipped: ${noSmallDisks})`;

describe.skipIf(noSmallDisks !== undefined)(`a server whose disk gets full${WHERE}`, () => {
  let site: TinySite;
  let folder: { path: string; remove(): Promise<void> };
  let server: ServerProcess;
  let disk: DiskOf;
  let client: TestClient;

  beforeEach(async () => {
    site = await startTinySite({ "/": () => "<h1>Hello</h1>" });
    folder = await scratchFolder();
    const small = join(folder.path, "disk");
    await mkdir(small);
    const environment = { DISK_MIN_FREE: "20", BROWSER_POOL_SIZE: "2" };
    server = await ServerProcess.start(small, environment, { through: onSmallDisk(small, 100) });
    disk = new DiskOf(server.pid, small);
    client = await TestClient.connect(server.address);
  });
  afterEach(async () => {
    client.close();
    await server.stop();
    await folder.remove();
    await site.close();
  });

  const readiness = async () => {
    const response = await fetch(`http://${server.address}/readyz`);
    const { checks } = (await response.json()) as { checks: { disk: object } };
    return { status: response.status, checks };
  };
  const script = (...commands: object[]) => [{ action: "navigate", url: site.url }, ...commands];
  const start = (stepId: number | undefined, request_id: string) =>
    client.send({ type: "execute_step", step_id: stepId, request_id });
  const answerTo = (type: string, id: string) =>
    client.next((message) => message.type === type && message["request_id"] === id);
  const eventsOf = (runId: unknown) =>
    client.received.filter(({ run_id, seq }) => run_id === runId && seq !== undefined);

  test("by little and little: it is not ready and starts no runs, those under way go on, until there is space", async () => {
    const { stepIds } = await createCase(server.address, [
      script(
        { action: "wait", duration: 3 },
        { action: "verify_text", locator_type: "tag", locator_value: "h1", expected_text: "Hello" },
      ),
    ]);
    start(stepIds[0], "first");
    const { run_id } = await client.next((message) => message.type === "progress" && message["step"] === 2);
    disk.fill(10_000_000);

    expect(await readiness()).toMatchObject({
      status: 503,
      checks: {
        disk: {
          ok: false,
          message: expect.stringMatching(
            /\d MB are free for the database .*20 MB have to be \(DISK_MIN_FREE\)/,
          ),
        },
      },
    });
    start(stepIds[0], "second");
    expect(await answerTo("execution_error", "second")).toMatchObject({
      code: "disk_full",
      error: expect.stringContaining("disk is nearly full"),
    });
    expect(await answerTo("execution_complete", "first")).toMatchObject({ status: "passed" });
    expect(await storedEvents<Message>(server.address, String(run_id))).toHaveLength(eventsOf(run_id).length);

    disk.free();
    await expect.poll(readiness).toMatchObject({ status: 200, checks: { disk: { ok: true } } });
    start(stepIds[0], "third");
    expect(await answerTo("execution_complete", "third")).toMatchObject({ status: "passed" });
  });

  test("at once: runs under way end with their verdict, and nothing that was told is lost", async () => {
    const { stepIds } = await createCase(server.address, [
      script({ action: "wait", duration: 60 }),
      script({ action: "wait", duration: 60 }),
    ]);
    start(stepIds[0], "first");
    const { run_id } = await client.next((message) => message.type === "progress" && message["step"] === 2);
    // Made once there was nothing else to do.
    await expect.poll(() => disk.reserved()).toBeGreaterThan(0);
    disk.fill();
    expect(disk.freeBytes).toBeLessThan(5_000);

    const complete = await answerTo("execution_complete", "first");
    expect(complete).toMatchObject({
      status: "error",
      error_message: expect.stringMatching(/disk is (nearly )?full/),
    });
    start(stepIds[0], "second");
    expect(await answerTo("execution_error", "second")).toMatchObject({ code: "disk_full" });
    expect(await readiness()).toMatchObject({ status: 503, checks: { disk: { ok: false } } });

    const stored = await storedEvents<Message>(server.address, String(run_id));
    // Pictures are told inline, and stored by their address.
    const without = (event: Message) => ({ ...event, image: "" });
    expect(stored.map(without)).toEqual(eventsOf(run_id).map(without));
    expect(await getJson(server.address, `/api/runs/${String(run_id)}`)).toMatchObject({ status: "error" });

    disk.free();
    await expect.poll(readiness).toMatchObject({ status: 200 });
    await expect.poll(() => disk.reserved()).toBeGreaterThan(0);
  });
});
