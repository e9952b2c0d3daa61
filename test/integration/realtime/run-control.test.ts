import { expect } from "vitest";
import { ServerMessage } from "../../../src/protocol/messages.js";
import { sharedAppTest } from "../../support/app-fixtures.js";
import type { TestClient } from "../../support/client.js";
import { type Message } from "../../support/client.js";
import { FakePool } from "../../support/fake-browser.js";

// The fake stands at the browser's port; test/browser/runs/run-control.test.ts does the same in Chromium.
const say = (message: string) => ({ action: "log", message });
const WAIT = { action: "wait", duration: 30 };
const FAIL = { action: "verify_variable", variable: "missing", expected_value: "x" };

const test = sharedAppTest()
  .override("environment", {
    SECRET_PASSWORD: "hunter2",
    SCRIPT_ENV: "GREETING",
    GREETING: "Hello",
    STEP_TIMEOUT: "20",
  })
  .override("pool", () => new FakePool(2))
  .extend(
    "start",
    ({ testApp, connect }) =>
      async (script: object[], options: object = {}): Promise<{ client: TestClient; runId: string }> => {
        const { stepIds } = await testApp.createCase([script]);
        const client = await connect();
        client.send({ type: "execute_step", step_id: stepIds[0], ...options });
        const { run_id } = await client.next("execution_started");
        return { client, runId: String(run_id) };
      },
  )
  .extend(
    "runOf",
    ({ testApp }) =>
      (runId: string) =>
        testApp.get<Message>(`/api/runs/${runId}`),
  );

test.afterEach(({ clients }) => {
  for (const client of clients.all) {
    for (const message of client.received) ServerMessage.parse(message);
  }
});

test("a run that pauses itself is stepped and resumed from another connection", async ({
  start,
  connect,
}) => {
  const { client, runId } = await start([
    { action: "pause", message: "Look" },
    say("one"),
    say("two"),
    say("three"),
  ]);
  expect(await client.next("paused")).toMatchObject({ step: 1, message: "Look" });
  const other = await connect();
  other.send({ type: "step", run_id: runId, request_id: "s" });
  expect(await other.next("step_accepted")).toEqual({
    type: "step_accepted",
    run_id: runId,
    request_id: "s",
  });
  await client.next(({ type, step }) => type === "paused" && step === 2);
  expect(client.received.filter(({ type }) => type === "log")).toMatchObject([{ message: "one" }]);
  other.send({ type: "resume", run_id: runId });
  expect(await other.next("resume_accepted")).toMatchObject({ run_id: runId });
  expect(await client.next("execution_complete")).toMatchObject({ status: "passed" });
  expect(client.received.filter(({ type }) => type === "log")).toMatchObject([
    { message: "one", level: "info" },
    { message: "two" },
    { message: "three" },
  ]);
});

test("a paused run is cancelled within a second", async ({ start }) => {
  const { client, runId } = await start([{ action: "pause" }]);
  await client.next("paused");
  const started = performance.now();
  client.send({ type: "cancel", run_id: runId });
  expect(await client.next("execution_complete")).toMatchObject({
    status: "error",
    error_message: "Cancelled",
  });
  expect(performance.now() - started).toBeLessThan(1_000);
});

test("controls of runs that cannot be controlled are answered with why", async ({ start }) => {
  const { client, runId } = await start([WAIT]);
  await client.next("progress");
  client.send({ type: "resume", run_id: runId, request_id: "r" });
  expect(await client.next(({ request_id }) => request_id === "r")).toMatchObject({
    type: "execution_error",
    code: "run_not_paused",
  });
  client.send({ type: "cancel", run_id: runId });
  await client.next("execution_complete");
  client.send({ type: "pause", run_id: runId, request_id: "p" });
  expect(await client.next(({ request_id }) => request_id === "p")).toMatchObject({ code: "run_not_found" });
});

test("deadlines: the request's holds, and one above the server's is refused", async ({ start, testApp }) => {
  const { client } = await start([WAIT], { step_timeout: 0.2 });
  expect(await client.next("execution_complete")).toMatchObject({
    status: "error",
    error_message: "The step took longer than its deadline of 0.2 s.",
  });
  const { stepIds } = await testApp.createCase([[WAIT]]);
  client.send({ type: "execute_step", step_id: stepIds[0], step_timeout: 21 });
  expect(await client.next("execution_error")).toMatchObject({
    code: "invalid_message",
    error: "'step_timeout': at most 20 s, which is this server's STEP_TIMEOUT.",
    step_id: stepIds[0],
  });
});

test("a run that never passes is tried as often as was asked for, and REST tells it", async ({
  start,
  runOf,
}) => {
  const { client, runId } = await start([FAIL], { retries: 2 });
  expect(await client.next("execution_complete")).toMatchObject({ attempt: 3, flaky: false });
  expect(client.received.filter(({ type }) => type === "attempt_failed")).toMatchObject([
    { attempt: 1, attempts: 3 },
    { attempt: 2, attempts: 3 },
  ]);
  expect(await runOf(runId)).toMatchObject({ attempts: 3, flaky: false });
});

test("scripts use the environment they may use, and secrets that nobody sees", async ({
  start,
  testApp,
  runOf,
}) => {
  const { client, runId } = await start([
    { action: "set_variable", variable: "name", value: "${secret.PASSWORD}" },
    say("${env.GREETING} ${name}"),
    { action: "verify_variable", variable: "name", expected_value: "other" },
  ]);
  const complete = await client.next("execution_complete");
  expect(client.received.find(({ type }) => type === "log")).toMatchObject({ message: "Hello ***" });
  expect(String(complete["error_message"])).toContain("***");
  const stored = await (await fetch(`http://${testApp.address}/api/runs/${runId}/events`)).text();
  expect(stored).toContain("Hello ***");
  expect(stored + JSON.stringify([client.received, await runOf(runId)])).not.toContain("hunter2");
});
