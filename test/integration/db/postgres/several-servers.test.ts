import { describe, expect } from "vitest";
import { LEASE_MS } from "../../../../src/execution/ports.js";
import type { Message } from "../../../support/client.js";
import { severalServersTest as test, waits } from "../../../support/several-servers.js";
import { createCase, storedEvents } from "../../../support/test-app.js";
import { requirePassed } from "../../../support/whole-runs.js";

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

describe("runs that wait", { timeout: TIMEOUT_MS }, () => {
  test("are taken by whichever server has room, and watched where they were started", async ({
    start,
    connect,
  }) => {
    const [busy, other] = await Promise.all([start({ BROWSER_POOL_SIZE: "1" }), start()]);
    const { caseId } = await createCase(busy.address, [waits(100, 0.05), waits(1, 0.05)]);
    const client = await connect(busy);
    const ids = ["a", "b", "c"];
    for (const id of ids) client.send({ type: "execute_all", test_case_id: caseId, request_id: id });

    await requirePassed({ address: other.address, client, requestIds: ids, steps: 2 });
    const pictures = client.received.filter(({ type }) => type === "screenshot");
    expect(new Set(pictures.map(({ request_id }) => request_id))).toEqual(new Set(ids));
    expect(pictures.every(({ image }) => image !== "")).toBe(true);
  });

  test("go through a server that carries out none to workers that take no requests", async ({
    start,
    connect,
  }) => {
    const [server, worker] = await Promise.all([start({ ROLE: "server" }), start({ ROLE: "worker" })]);
    const { caseId, stepIds } = await createCase(server.address, [waits(2, 0.05)]);
    const client = await connect(server);
    client.send({ type: "execute_all", test_case_id: caseId, request_id: "a" });
    await requirePassed({ address: server.address, client, requestIds: ["a"], steps: 1 });

    client.send({ type: "execute_step", step_id: stepIds[0], variables: { A: "1" }, request_id: "own" });
    expect(await client.next(({ request_id }) => request_id === "own")).toMatchObject({
      code: "invalid_message",
      error: expect.stringContaining("ROLE=server"),
    });
    expect((await fetch(`http://${worker.address}/healthz`)).status).toBe(200);
    for (const path of ["/api/test-cases", "/openapi.json", "/", "/ws/execute-step"])
      expect((await fetch(`http://${worker.address}${path}`)).status).toBe(404);
  });

  test("outlive the server that took their requests, and the one that was carrying one out gives it up once", async ({
    start,
    connect,
  }) => {
    const [doomed, heir] = await Promise.all([start({ BROWSER_POOL_SIZE: "1" }), start({ ROLE: "server" })]);
    const { caseId } = await createCase(doomed.address, [waits(10, 0.2)]);
    const [starter, watcher] = [await connect(doomed), await connect(heir)];
    starter.send({ type: "execute_all", test_case_id: caseId, request_id: "under way" });
    const underWay = await starter.next("progress");
    starter.send({ type: "execute_all", test_case_id: caseId, request_id: "waiting" });
    const waiting = await starter.next(
      ({ type, request_id }) => type === "queued" && request_id === "waiting",
    );
    for (const { run_id } of [underWay, waiting]) watcher.send({ type: "subscribe", run_id, after_seq: 0 });
    await expect.poll(() => watcher.received.filter(({ type }) => type === "subscribed").length).toBe(2);

    await doomed.end("SIGKILL");
    await start({ ROLE: "worker" });

    const endOf = (run: Message) =>
      watcher.next(({ type, run_id }) => type === "all_steps_complete" && run_id === run["run_id"]);
    expect(await endOf(waiting)).toMatchObject({ status: "passed" });
    expect(await endOf(underWay)).toMatchObject({ status: "error" });
    for (const { run_id } of [underWay, waiting]) {
      const events = await storedEvents<Message>(heir.address, String(run_id));
      expect(events.filter(({ type }) => type === "all_steps_complete")).toHaveLength(1);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
    }
  });

  test("are cancelled on any server, and positions are told", async ({ start, connect }) => {
    const [owner, other] = await Promise.all([start({ BROWSER_POOL_SIZE: "1" }), start({ ROLE: "server" })]);
    const { caseId } = await createCase(owner.address, [waits(500, 0.05)]);
    const [starter, watcher] = [await connect(other), await connect(other)];
    for (const id of ["a", "b", "c"]) {
      starter.send({ type: "execute_all", test_case_id: caseId, request_id: id });
      await starter.next(
        ({ request_id, type }) => request_id === id && type === (id === "a" ? "progress" : "queued"),
      );
    }
    const queued = starter.received.filter(({ type, request_id }) => type === "queued" && request_id === "c");
    expect(queued.at(-1)).toMatchObject({ position: 2 });
    const runOf = (id: string) => starter.received.find(({ request_id }) => request_id === id)?.["run_id"];

    expect(await post(owner.address, `/api/runs/${String(runOf("c"))}/cancel`)).toMatchObject({
      status: 202,
    });
    const end = await starter.next(
      ({ type, request_id }) => type === "all_steps_complete" && request_id === "c",
    );
    expect(end).toMatchObject({ status: "error" });
    for (const id of ["b", "a"]) watcher.send({ type: "cancel", run_id: runOf(id) });
    await starter.next(({ type, request_id }) => type === "all_steps_complete" && request_id === "a");
    await starter.next(({ type, request_id }) => type === "all_steps_complete" && request_id === "b");
  });
});
