import { describe, expect } from "vitest";
import WebSocket from "ws";
import { ServerMessage } from "../../../src/protocol/messages.js";
import { sharedAppTest } from "../../support/app-fixtures.js";
import { TestClient, type Message } from "../../support/client.js";
import { FakePool } from "../../support/fake-browser.js";

// The fake stands at the browser's port; test/browser runs the same flow in Chromium.
const OPEN = [{ action: "navigate", url: "http://app.test/" }];
const CLICK = [{ action: "click", locator_type: "id", locator_value: "there", description: "Click login" }];

const test = sharedAppTest()
  .override("pool", () => {
    const pool = new FakePool(2);
    pool.page.elements.set("there", "There");
    return pool;
  })
  .extend("isInjected", false)
  .extend("injected", ({ testApp, clients }) => async (): Promise<TestClient> => {
    let client: TestClient | undefined;
    await testApp.app.server.injectWS(
      "/ws/execute-step",
      {},
      { onInit: (socket) => (client = new TestClient(socket)) },
    );
    if (!client) throw new Error("no socket");
    clients.all.push(client);
    return client;
  })
  .extend(
    "open",
    ({ isInjected, injected, connect }) =>
      () =>
        isInjected ? injected() : connect(),
  );

describe.each([
  ["a real socket", false],
  ["an injected socket", true],
])("through %s", (_way, isInjected) => {
  test.override("isInjected", isInjected);

  test("a step runs, and every message is one of the protocol", async ({ testApp, open }) => {
    const { stepIds } = await testApp.createCase([OPEN, CLICK]);
    const client = await open();
    client.send({ type: "execute_step", step_id: stepIds[1], request_id: "r-1" });
    const complete = await client.next("execution_complete");
    expect(complete).toMatchObject({
      status: "passed",
      step_id: stepIds[1],
      error_message: null,
      request_id: "r-1",
    });
    for (const message of client.received) ServerMessage.parse(message);
    expect(client.received.map(({ seq }) => seq)).toEqual(
      client.received.map((_message, index) => index + 1),
    );
    expect(new Set(client.received.map(({ run_id }) => run_id)).size).toBe(1);
    expect(client.received.find(({ type }) => type === "status_update")).toMatchObject({
      message: "Executing Step 1 (Login) + Step 2...",
    });
    expect(client.received.filter(({ type }) => type === "progress").at(-1)).toMatchObject({
      step: 2,
      total: 2,
      action: "click",
      message: "Click login",
    });
    const picture = client.received.find(({ type }) => type === "screenshot");
    expect(Buffer.from(String(picture?.["image"]), "base64").toString()).toMatch(/^picture/);
  });

  test("a bad frame is answered, and the connection goes on", async ({ open }) => {
    const client = await open();
    client.send("not json");
    expect(await client.next("execution_error")).toMatchObject({ code: "invalid_json", step_id: null });
    client.send({ type: "execute_step", step_id: 999_999, request_id: "r-2" });
    expect(await client.next(({ request_id }) => request_id === "r-2")).toMatchObject({
      type: "execution_error",
      error: "Step not found",
      code: "step_not_found",
      step_id: 999_999,
    });
  });
});

test("what the client was told is what REST tells", async ({ testApp, connect }) => {
  const { caseId, stepIds } = await testApp.createCase([OPEN, CLICK]);
  const client = await connect();
  client.send({ type: "execute_all", test_case_id: caseId });
  const complete = await client.next("all_steps_complete");
  expect(complete).toMatchObject({ test_case_id: caseId, status: "passed", passed: 2 });
  expect(client.received[0]).toMatchObject({ type: "progress", message: "Initializing browser..." });

  const stored = await testApp.get<{ steps: Message[] }>(`/api/test-cases/${caseId}`);
  expect(stored.steps).toMatchObject(
    stepIds.map((id, index) => ({
      id,
      execution_status: "passed",
      actual_result: `Result ${index + 1}`,
      error_message: null,
    })),
  );
  const response = await fetch(`http://${testApp.address}/api/runs/${String(complete["run_id"])}/events`);
  const events = (await response.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Message);
  expect(events).toEqual(
    client.received.map((message) => (message.type === "screenshot" ? { ...message, image: "" } : message)),
  );
  const picture = events.find(({ type }) => type === "screenshot");
  const image = await fetch(`http://${testApp.address}${String(picture?.["url"])}`);
  expect(image.headers.get("content-type")).toBe("image/jpeg");
  expect(await image.text()).toMatch(/^picture/);
});

test("several runs on one connection never mix up their ids", async ({ testApp, connect }) => {
  const { stepIds } = await testApp.createCase([OPEN, CLICK, CLICK, CLICK]);
  const client = await connect();
  for (const [index, step_id] of stepIds.entries()) {
    client.send({ type: "execute_step", step_id, request_id: `r-${index}` });
  }
  for (const [index, step_id] of stepIds.entries()) {
    const complete = await client.next(
      (message) => message["request_id"] === `r-${index}` && message.type === "execution_complete",
    );
    expect(complete["step_id"]).toBe(step_id);
    const own = client.received.filter(({ run_id }) => run_id === complete["run_id"]);
    expect(own.every((message) => message["request_id"] === `r-${index}`)).toBe(true);
    expect(own.map(({ seq }) => seq)).toEqual(own.map((_message, position) => position + 1));
  }
});

test("a client that disconnects does not stop its run", async ({ testApp, pool, connect }) => {
  const { caseId, stepIds } = await testApp.createCase([OPEN]);
  let release: () => void = () => undefined;
  pool.page.hold = new Promise((resolve) => (release = resolve));
  const client = await connect();
  client.send({ type: "execute_step", step_id: stepIds[0] });
  const { run_id } = await client.next("progress");
  client.close();
  await client.untilClosed();
  release();
  pool.page.hold = undefined;
  await expect.poll(() => testApp.get(`/api/runs/${String(run_id)}`)).toMatchObject({ status: "passed" });
  const stored = await testApp.get<{ steps: Message[] }>(`/api/test-cases/${caseId}`);
  expect(stored.steps).toMatchObject([{ execution_status: "passed" }]);
});

test("a sentence that is not understood is a step that never passes, and the others run", async ({
  connect,
  testApp,
}) => {
  const client = await connect();
  const description = "1. Open http://app.test/\n2. Dance with me\n3. Wait 0 seconds";
  client.send({ type: "generate_test_case", description });
  const complete = await client.next("generation_complete");
  const warnings = ["Not understood: “Dance with me”."];
  expect(complete).toMatchObject({ steps_count: 3, warnings });
  const id = complete["test_case_id"];
  const stored = await testApp.get<{ steps: Message[] }>(`/api/test-cases/${String(id)}`);
  expect(stored).toMatchObject({
    warnings,
    checks: 0,
    steps: [
      { warnings: [] },
      { description: "Dance with me", warnings, not_understood: [{ text: "Dance with me" }] },
      { warnings: [] },
    ],
  });
  client.send({ type: "execute_all", test_case_id: id, on_failure: "continue" });
  expect(await client.next("all_steps_complete")).toMatchObject({
    status: "error",
    passed: 2,
    error: 1,
    checks: 0,
  });
});

test("a case is generated from plain English, then runs", async ({ connect, testApp }) => {
  const client = await connect();
  const description =
    "Open http://app.test/. Type tomsmith into Username. Click the Login button. Check that the page shows Welcome.";
  client.send({ type: "generate_test_case", description, request_id: "g" });
  const complete = await client.next("generation_complete");
  expect(client.received.slice(0, 4)).toMatchObject([
    {
      type: "generation_progress",
      step: 1,
      total: 4,
      progress: 10,
      generator: "plain-english",
      request_id: "g",
    },
    { step: 2, progress: 30 },
    { step: 3, progress: 70 },
    { step: 4, progress: 100 },
  ]);
  expect(complete).toMatchObject({
    success: true,
    request_id: "g",
    redirect_url: `/test-case/${String(complete["test_case_id"])}`,
  });
  expect(complete["test_case_name"]).toMatch(/^Generated Test Case - \d{4}-\d\d-\d\d \d\d:\d\d$/);
  for (const message of client.received) ServerMessage.parse(message);
  const stored = await testApp.get<{ steps: Message[]; generator: string }>(
    `/api/test-cases/${String(complete["test_case_id"])}`,
  );
  expect(stored.generator).toBe("plain-english");
  expect(stored.steps).toHaveLength(Number(complete["steps_count"]));
  expect(stored.steps[0]?.["selenium_script"]).toContain("from selenium import webdriver");
});

describe("sockets that are refused or closed", () => {
  test.for([1024 * 1024 + 1, 8 * 1024 * 1024])(
    "a frame of %d bytes closes its socket only, with its own code",
    async (size, { connect }) => {
      const [greedy, other] = [await connect(), await connect()];
      greedy.send("x".repeat(size));
      expect(await greedy.untilClosed()).toEqual({ code: 4413, reason: "Frame larger than 1 MiB" });
      other.send("[]");
      expect(await other.next("execution_error")).toMatchObject({ code: "invalid_json" });
    },
  );

  test("a binary frame closes its socket", async ({ connect }) => {
    const client = await connect();
    client.socket.send(Buffer.from([1, 2, 3]));
    expect(await client.untilClosed()).toMatchObject({ code: 4400 });
  });

  test.for(["https://evil.example", "http://localhost.evil.example", "null"])(
    "a page of %s may not connect",
    async (origin, { testApp }) => {
      await expect(TestClient.connect(testApp.address, { origin })).rejects.toThrow("403");
    },
  );

  test.for(["http://localhost:3000", "http://127.0.0.1:5173", "http://[::1]:8080"])(
    "a page of %s may",
    async (origin, { clients, testApp }) => {
      clients.all.push(await TestClient.connect(testApp.address, { origin }));
    },
  );

  test("a foreign name for this machine is refused (DNS rebinding)", async ({ testApp }) => {
    await expect(TestClient.connect(testApp.address, { host: "evil.example" })).rejects.toThrow("403");
  });

  test("another path is not found", async ({ testApp }) => {
    const socket = new WebSocket(`ws://${testApp.address}/ws/other`);
    const error = await new Promise<Error>((resolve) => socket.once("error", resolve));
    expect(error.message).toContain("404");
  });
});
