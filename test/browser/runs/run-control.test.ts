import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { TestClient, type Message } from "../../support/client.js";
import { observedPool } from "../../support/observed-pool.js";
import { realPool } from "../../support/real-browser.js";
import { startApp, type TestApp } from "../../support/test-app.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

let site: TinySite;
let testApp: TestApp;
let client: TestClient;
let failures = 0;
/** Called when a picture is asked for. */
let onPicture: () => void = () => undefined;

beforeAll(async () => {
  site = await startTinySite({
    "/": () => `<button id=b onclick="this.textContent = Number(this.textContent) + 1">0</button>`,
    "/hang": () => `<p id=p>Alive</p><script>setTimeout(() => { for (;;); }, 200)</script>`,
    "/unreliable": () => (failures-- > 0 ? "<h1>Try again</h1>" : "<h1>Welcome</h1>"),
    // Never answered.
    "/slow": () => undefined,
  });
  const { pool } = realPool({ size: 1 });
  const onCall = (method: string) => {
    if (method === "screenshot") onPicture();
  };
  testApp = await startApp(
    { COMMAND_TIMEOUT: "20", SCREENSHOTS: "off" },
    { pool: observedPool(pool, { onCall }) },
  );
});
afterAll(async () => {
  await testApp.close();
  await site.close();
});
beforeEach(async () => {
  client = await TestClient.connect(testApp.address);
});
afterEach(() => {
  client.close();
});

const open = (path = "/") => ({ action: "navigate", url: site.url + path });
const CLICK = { action: "click", locator_type: "id", locator_value: "b" };
const count = (expected_text: string) => ({
  action: "verify_text",
  locator_type: "id",
  locator_value: "b",
  expected_text,
  match: "equals",
});
const heading = (expected_text: string, timeout = 0.3) => ({
  action: "verify_text",
  locator_type: "tag",
  locator_value: "h1",
  expected_text,
  timeout,
});

async function start(script: object[], options: object = {}): Promise<string> {
  const { stepIds } = await testApp.createCase([script]);
  client.send({ type: "execute_step", step_id: stepIds[0], request_id: "run", ...options });
  const { run_id } = await client.next(({ type }) => type === "execution_started" || type === "queued");
  return String(run_id);
}

const verdictOf = (runId: string) =>
  client.next(({ type, run_id }) => type === "execution_complete" && run_id === runId);

/** Cancels and expects the verdict within a second. */
async function cancel(runId: string): Promise<Message> {
  const asked = performance.timeOrigin + performance.now();
  client.send({ type: "cancel", run_id: runId });
  const complete = await verdictOf(runId);
  const heard = performance.timeOrigin + performance.now();
  const madeAfter = Date.parse(String(complete["ts"])) - asked;
  expect(heard - asked, `milliseconds; the verdict was made after ${madeAfter}`).toBeLessThan(1_000);
  expect(complete).toMatchObject({ status: "error", error_message: "Cancelled" });
  return complete;
}

const begun = (number: number) => (message: Message) =>
  message.type === "progress" && message["step"] === number;

describe("cancel takes at most a second while a run", () => {
  test("waits in the queue, behind one that waits in the page", async () => {
    const first = await start([open(), { ...count("never"), timeout: 60 }]);
    await client.next(begun(2));
    const { stepIds } = await testApp.createCase([[open()]]);
    client.send({ type: "execute_step", step_id: stepIds[0] });
    const { run_id } = await client.next("queued");
    await cancel(String(run_id));
    await cancel(first);
  });

  test("opens a page that never answers", async () => {
    const runId = await start([open("/slow")]);
    await client.next(begun(1));
    await cancel(runId);
  });

  test("waits a fixed time", async () => {
    const runId = await start([open(), { action: "wait", duration: 60 }]);
    await client.next(begun(2));
    await cancel(runId);
  });

  test("is paused", async () => {
    const runId = await start([open(), { action: "pause" }]);
    await client.next("paused");
    await cancel(runId);
  });

  test("works with a page that hangs", async () => {
    const runId = await start([open("/hang"), { action: "wait", duration: 0.5 }, heading("never", 60)]);
    await client.next(begun(3));
    await cancel(runId);
  });

  test("captures evidence of a page that hangs", async () => {
    const capturing = new Promise<void>((resolve) => (onPicture = resolve));
    const script = [open("/hang"), { action: "wait", duration: 0.5 }, heading("never", 60)];
    const runId = await start(script, { step_timeout: 1 });
    await capturing;
    expect(client.received.some(({ type }) => type === "execution_complete")).toBe(false);
    await cancel(runId);
  });

  test("and the browser is as good as new for the next", async () => {
    expect(await verdictOf(await start([open(), CLICK, count("1")]))).toMatchObject({ status: "passed" });
  });
});

test("a paused run is stepped command by command, and the page is where each has left it", async () => {
  const runId = await start([open(), { action: "pause", message: "Look" }, CLICK, CLICK, count("2")]);
  expect(await client.next("paused")).toMatchObject({ step: 2, message: "Look" });
  client.send({ type: "step", run_id: runId });
  await client.next(({ type, step }) => type === "paused" && step === 3);
  expect(client.received.filter(begun(4))).toEqual([]);
  client.send({ type: "step", run_id: runId });
  await client.next(({ type, step }) => type === "paused" && step === 4);
  client.send({ type: "resume", run_id: runId });
  expect(await verdictOf(runId)).toMatchObject({ status: "passed" });
});

test("a step that passes its deadline in a page that hangs is an error, and the next run passes", async () => {
  const script = [open("/hang"), { action: "wait", duration: 0.5 }, heading("never", 60)];
  const complete = await verdictOf(await start(script, { step_timeout: 1 }));
  expect(complete).toMatchObject({
    status: "error",
    error_message: "The step took longer than its deadline of 1 s.",
  });
  const kinds = (complete["artifacts"] as { kind: string }[]).map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(["console", "network", "commands"]));
  const { stepIds } = await testApp.createCase([[open(), CLICK, count("1")]]);
  client.send({ type: "execute_step", step_id: stepIds[0], request_id: "next" });
  const next = await client.next(
    ({ type, request_id }) => type === "execution_complete" && request_id === "next",
  );
  expect(next).toMatchObject({ status: "passed" });
});

test("a run that passes its deadline ends, and its pause does not help", async () => {
  const runId = await start([open(), { action: "pause" }], { run_timeout: 5 });
  await client.next("paused");
  expect(await verdictOf(runId)).toMatchObject({
    status: "error",
    error_message: "The run took longer than its deadline of 5 s.",
  });
});

test("a case that passes at its second attempt is flaky, and began again in a fresh session", async () => {
  failures = 1;
  const remember = { action: "click", locator_type: "id", locator_value: "b" };
  const { caseId } = await testApp.createCase([
    [open(), count("0"), remember, count("1")],
    [open("/unreliable"), heading("Welcome")],
  ]);
  client.send({ type: "execute_all", test_case_id: caseId, retries: 2 });
  const complete = await client.next("all_steps_complete");
  expect(complete).toMatchObject({ status: "passed", passed: 2, attempt: 2, flaky: true });
  const failed = await client.next("attempt_failed");
  expect(failed).toMatchObject({ attempt: 1, attempts: 3, status: "failed" });
  expect(failed["error_message"]).toContain("Try again");
  const [picture] = failed["artifacts"] as { kind: string; url: string }[];
  expect((await fetch(`http://${testApp.address}${picture?.url ?? ""}`)).status).toBe(200);
  expect(await testApp.get(`/api/runs/${String(complete["run_id"])}`)).toMatchObject({
    status: "passed",
    attempts: 2,
    flaky: true,
  });
  expect(await testApp.get("/api/stats")).toMatchObject({ runs: { flaky: 1 } });
});
