import { describe, expect } from "vitest";
import { LEASE_MS } from "../../../../src/execution/ports.js";
import type { Message } from "../../../support/client.js";
import { severalServersTest as test, waits } from "../../../support/several-servers.js";
import { createCase, storedEvents } from "../../../support/test-app.js";

// Servers as processes of their own on one database.

/** Longest time until a test has what it waits for: processes start, and a lease may have to be over, in milliseconds. */
const TIMEOUT_MS = LEASE_MS + 90_000;

/** The other server, so that runs stay with the one that took their requests. */
const CARRIES_OUT_NOTHING = { ROLE: "server" };

describe("a run of another server", { timeout: TIMEOUT_MS }, () => {
  test("is watched as it happens, with its pictures", async ({ start, connect }) => {
    const [owner, other] = await Promise.all([start(), start(CARRIES_OUT_NOTHING)]);
    const { stepIds } = await createCase(owner.address, [waits(20, 0.05)]);
    const [starter, watcher] = [await connect(owner), await connect(other)];
    const delays: number[] = [];
    watcher.socket.on("message", (data: Buffer) => {
      const { type, ts } = JSON.parse(data.toString()) as Message;
      if (type === "progress") delays.push(Date.now() - Date.parse(String(ts)));
    });

    starter.send({ type: "execute_step", step_id: stepIds[0] });
    const runId = String((await starter.next("execution_started"))["run_id"]);
    watcher.send({ type: "subscribe", run_id: runId, after_seq: 0 });

    expect(await watcher.next("subscribed")).toMatchObject({ live: true });
    expect(await watcher.next("subscription_complete")).toMatchObject({ run_id: runId });
    const heard = watcher.received.filter(({ seq }) => seq !== undefined);
    const stored = await storedEvents<Message>(other.address, runId);
    expect(heard.map(({ seq }) => seq)).toEqual(stored.map(({ seq }) => seq));
    // Without wakes half of them would be a second late.
    expect(delays.sort((one, more) => one - more)[Math.floor(delays.length / 2)]).toBeLessThan(500);
    const pictures = heard.filter(({ type, image }) => type === "screenshot" && image !== "");
    expect(pictures.length).toBeGreaterThan(0);
    expect(Buffer.from(String(pictures.at(-1)?.["image"]), "base64").toString()).toContain("picture");
  });

  test("that is killed gets one verdict, which those who watch on another server hear", async ({
    start,
    connect,
  }) => {
    const [owner, other] = await Promise.all([start(), start(CARRIES_OUT_NOTHING)]);
    const { caseId } = await createCase(owner.address, [waits(2, 0.05), waits(50, 1)]);
    const [starter, watcher] = [await connect(owner), await connect(other)];
    starter.send({ type: "execute_all", test_case_id: caseId });
    const runId = String((await starter.next("execution_complete"))["run_id"]);
    watcher.send({ type: "subscribe", run_id: runId, after_seq: 0 });
    await watcher.next("execution_complete");

    await owner.end("SIGKILL");

    const end = await watcher.next("all_steps_complete");
    expect(end).toMatchObject({ status: "error", passed: 1, error: 1 });
    await watcher.next("subscription_complete");
    const events = await storedEvents<Message>(other.address, runId);
    expect(events.filter(({ type }) => type === "all_steps_complete")).toHaveLength(1);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
  });
});

/** Asks over REST. */
async function post(address: string, path: string): Promise<{ status: number; code: string | undefined }> {
  const response = await fetch(`http://${address}${path}`, { method: "POST" });
  const { error } = (await response.json()) as { error?: { code: string } };
  return { status: response.status, code: error?.code };
}

describe("control of a run of another server", { timeout: TIMEOUT_MS }, () => {
  test("is answered as on its own one, over the WebSocket and over REST", async ({ start, connect }) => {
    const [owner, other] = await Promise.all([start(), start(CARRIES_OUT_NOTHING)]);
    const { stepIds } = await createCase(owner.address, [waits(500, 0.02)]);
    const [starter, watcher] = [await connect(owner), await connect(other)];
    starter.send({ type: "execute_step", step_id: stepIds[0] });
    const runId = String((await starter.next("progress"))["run_id"]);
    const control = (type: string) => {
      watcher.send({ type, run_id: runId, request_id: type });
    };
    const answered = (type: string) => watcher.next((message) => message["request_id"] === type);
    const heldAgain = (count: number) =>
      expect
        .poll(() => starter.received.filter(({ type }) => type === "paused").length, { timeout: 10_000 })
        .toBe(count);

    control("resume");
    expect(await answered("resume")).toMatchObject({ type: "execution_error", code: "run_not_paused" });
    control("pause");
    expect(await answered("pause")).toMatchObject({ type: "pause_accepted", run_id: runId });
    await heldAgain(1);
    control("step");
    expect(await answered("step")).toMatchObject({ type: "step_accepted" });
    await heldAgain(2);
    expect(await post(other.address, `/api/runs/${runId}/resume`)).toMatchObject({ status: 202 });
    expect(await post(other.address, `/api/runs/${runId}/step`)).toMatchObject({ code: "run_not_paused" });
    control("cancel");
    expect(await answered("cancel")).toMatchObject({ type: "cancel_accepted" });
    expect(await starter.next("execution_complete")).toMatchObject({ error_message: "Cancelled" });
    expect(await post(other.address, `/api/runs/${runId}/cancel`)).toMatchObject({
      status: 404,
      code: "run_not_found",
    });
  });

  test("whose server stands still says so, and is not carried out behind the client's back", async ({
    start,
    connect,
  }) => {
    const [owner, other] = await Promise.all([start(), start(CARRIES_OUT_NOTHING)]);
    const { stepIds } = await createCase(owner.address, [waits(500, 0.05)]);
    const [starter, watcher] = [await connect(owner), await connect(other)];
    starter.send({ type: "execute_step", step_id: stepIds[0] });
    const runId = String((await starter.next("progress"))["run_id"]);

    process.kill(owner.pid, "SIGSTOP");
    watcher.send({ type: "cancel", run_id: runId, request_id: "first" });
    expect(await watcher.next(({ request_id }) => request_id === "first")).toMatchObject({
      code: "run_unreachable",
      error: expect.stringContaining("another server ends the run"),
    });
    process.kill(owner.pid, "SIGCONT");
    const heard = starter.received.length;
    await expect.poll(() => starter.received.length).toBeGreaterThan(heard + 5);
    expect(starter.received.some(({ type }) => type === "execution_complete")).toBe(false);

    watcher.send({ type: "cancel", run_id: runId, request_id: "again" });
    expect(await watcher.next(({ request_id }) => request_id === "again")).toMatchObject({
      type: "cancel_accepted",
    });
    await starter.next("execution_complete");
  });
});
