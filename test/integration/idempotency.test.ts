import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TestClient } from "../support/client.js";
import { FakePool } from "../support/fake-browser.js";
import { startApp, type TestApp } from "../support/test-app.js";

const KEY = "0123456789abcdef0123456789abcdef";
const HOUR_MS = 3_600_000;

let folder: string;
let testApp: TestApp;
let requests = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-test-"));
  await start();
});

afterEach(async () => {
  vi.useRealTimers();
  await testApp.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  testApp = await startApp({ DATABASE_URL: `file:${join(folder, "own.db")}` }, { pool: new FakePool() });
}

async function createStep(): Promise<number> {
  const { stepIds } = await testApp.createCase([[{ action: "log", message: "Hello" }]]);
  return stepIds[0] ?? 0;
}

/** Asks on a connection of its own. @returns the run that answers */
async function runOf(stepId: number, key: string): Promise<unknown> {
  const client = await TestClient.connect(testApp.address);
  client.send({ type: "execute_step", step_id: stepId, idempotency_key: key, request_id: `r${++requests}` });
  const { run_id: runId } = await client.next("execution_complete");
  client.close();
  return runId;
}

async function caseOf(key: string): Promise<unknown> {
  const client = await TestClient.connect(testApp.address);
  client.send({ type: "generate_test_case", description: "Open http://a.test.", idempotency_key: key });
  const { test_case_id: caseId } = await client.next("generation_complete");
  client.close();
  return caseId;
}

function hoursLater(hours: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + hours * HOUR_MS });
}

test("a request that comes twice at the same time starts one run", async () => {
  const stepId = await createStep();
  const runs = await Promise.all(Array.from({ length: 5 }, () => runOf(stepId, KEY)));
  expect(new Set(runs).size).toBe(1);
  expect(await testApp.get("/api/stats")).toMatchObject({ runs: { total: 1 } });
});

test("another key starts another run", async () => {
  const stepId = await createStep();
  expect(await runOf(stepId, KEY)).not.toBe(await runOf(stepId, `${KEY}x`));
});

test("a key is remembered for 24 hours, also by a server that was started again", async () => {
  const stepId = await createStep();
  const runId = await runOf(stepId, KEY);
  const caseId = await caseOf(KEY);
  await testApp.close();
  hoursLater(23.9);
  await start();
  expect(await runOf(stepId, KEY)).toBe(runId);
  expect(await caseOf(KEY)).toBe(caseId);
});

test("a key is forgotten after 24 hours, and may be used again", async () => {
  const stepId = await createStep();
  const runId = await runOf(stepId, KEY);
  const caseId = await caseOf(KEY);
  hoursLater(24.1);
  const [secondRun, secondCase] = [await runOf(stepId, KEY), await caseOf(KEY)];
  expect(secondRun).not.toBe(runId);
  expect(secondCase).not.toBe(caseId);
  expect(await runOf(stepId, KEY)).toBe(secondRun);
  expect(await caseOf(KEY)).toBe(secondCase);
});
