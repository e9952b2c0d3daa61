import { expect } from "vitest";
import type { Scope } from "../../../src/protocol/scopes.js";
import { ownAppTest } from "../../support/app-fixtures.js";
import type { TestClient } from "../../support/client.js";
import { type Message } from "../../support/client.js";
import { FakePool } from "../../support/fake-browser.js";
import { createToken } from "../../support/logins.js";

const CONTROLS = ["pause", "resume", "step", "cancel"] as const;

let asked = 0;
async function ask(client: TestClient, message: object): Promise<Message> {
  const requestId = `ask-${++asked}`;
  client.send({ ...message, request_id: requestId });
  return await client.next(({ request_id }) => request_id === requestId);
}

const test = ownAppTest()
  .override("pool", () => new FakePool(2))
  .extend("stepId", async ({ testApp }) => {
    const { stepIds } = await testApp.createCase([[{ action: "pause" }]]);
    return stepIds[0] ?? 0;
  })
  .extend("login", ({ testApp, connect }) => async (...scopes: Scope[]) => {
    const { name, headers } = await createToken(testApp, scopes);
    return { name, headers, client: await connect(headers) };
  })
  .extend("startPaused", ({ stepId }) => async (client: TestClient): Promise<string> => {
    client.send({ type: "execute_step", step_id: stepId });
    const { run_id } = await client.next("paused");
    return String(run_id);
  });

test("a token with the scope run controls no run of another principal, and is told the scope that can", async ({
  login,
  startPaused,
}) => {
  const [ann, bob] = [await login("run"), await login("run", "author")];
  const runId = await startPaused(ann.client);
  for (const type of CONTROLS) {
    expect(await ask(bob.client, { type, run_id: runId })).toMatchObject({
      type: "execution_error",
      code: "forbidden",
      error: `The run ${runId} is somebody else's: '${type}' needs a token with the scope 'admin'.`,
      run_id: runId,
    });
  }
  expect(ann.client.received.map(({ type }) => type)).not.toContain("resumed");
  // Watching is what the scope read is for, whoever started the run.
  expect(await ask(bob.client, { type: "subscribe", run_id: runId })).toMatchObject({ type: "subscribed" });
});

test("every connection of the run's own principal controls it, and the scope admin all", async ({
  login,
  connect,
  startPaused,
  stepId,
}) => {
  const [ann, admin] = [await login("run"), await login("admin")];
  const second = await connect(ann.headers);
  const runId = await startPaused(ann.client);
  expect(await ask(second, { type: "step", run_id: runId })).toMatchObject({ type: "step_accepted" });
  await ann.client.next("execution_complete");

  const third = await connect(ann.headers);
  third.send({ type: "execute_step", step_id: stepId });
  const { run_id: other } = await third.next("paused");
  expect(await ask(admin.client, { type: "cancel", run_id: other })).toMatchObject({
    type: "cancel_accepted",
  });
  expect(await third.next("execution_complete")).toMatchObject({ error_message: "Cancelled" });
});

test("a waiting run of somebody else can be cancelled as little as one under way", async ({
  login,
  startPaused,
  connect,
  stepId,
}) => {
  const [ann, bob] = [await login("run"), await login("run")];
  await startPaused(ann.client);
  const second = await connect(ann.headers);
  await startPaused(second);
  const third = await connect(ann.headers);
  third.send({ type: "execute_step", step_id: stepId });
  const { run_id } = await third.next("queued");
  expect(await ask(bob.client, { type: "cancel", run_id })).toMatchObject({ code: "forbidden" });
  expect(await ask(third, { type: "cancel", run_id })).toMatchObject({ type: "cancel_accepted" });
});

test("where nobody logs in, everybody controls every run as ever", async ({ connect, startPaused }) => {
  const [first, second] = [await connect(), await connect()];
  const runId = await startPaused(first);
  expect(await ask(second, { type: "cancel", run_id: runId })).toMatchObject({ type: "cancel_accepted" });
});

test("attempts that were refused are in the audit table, but not a flood of them", async ({
  login,
  startPaused,
  testApp,
}) => {
  const [ann, bob, admin] = [await login("run"), await login("run"), await login("admin")];
  const runId = await startPaused(ann.client);
  expect(await ask(bob.client, { type: "cancel", run_id: runId })).toMatchObject({ code: "forbidden" });
  expect(await ask(bob.client, { type: "generate_test_case", description: "x" })).toMatchObject({
    code: "forbidden",
  });
  const remove = () =>
    fetch(`http://${testApp.address}/api/test-cases/1`, { method: "DELETE", headers: bob.headers });
  expect((await remove()).status).toBe(403);
  const read = await fetch(`http://${testApp.address}/api/audit`, { headers: bob.headers });
  expect(read.status).toBe(403);
  const refusals = async () => {
    const response = await fetch(`http://${testApp.address}/api/audit?limit=200`, { headers: admin.headers });
    const { items } = (await response.json()) as { items: Record<string, string>[] };
    const of = items.filter(({ name }) => name === bob.name);
    return of.map(({ action, target }) => `${action} ${target}`).reverse();
  };
  const expected = [
    `cancel_refused run ${runId}`,
    "generate_test_case_refused null",
    "delete_test_case_refused test_case 1",
    "read_refused /api/audit",
  ];
  await expect.poll(refusals).toEqual(expected);
  for (let count = 0; count < 30; count++) await remove();
  await expect.poll(async () => (await refusals()).length).toBe(10);
});
