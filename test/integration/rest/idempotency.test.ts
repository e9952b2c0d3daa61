import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CommandEngine } from "../../../src/db/engine.js";
import { engineKindOf } from "../../../src/db/engines.js";
import type { Generator } from "../../../src/generation/ports.js";
import { TestClient, type Message } from "../../support/client.js";
import { FakePool } from "../../support/fake-browser.js";
import { createToken } from "../../support/logins.js";
import { silentLog } from "../../support/silent-log.js";
import { startApp, type TestApp } from "../../support/test-app.js";
import { databaseUrlIn } from "../../support/test-databases.js";

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
  const environment = { DATABASE_URL: await databaseUrlIn(folder), ARTIFACTS_DIR: join(folder, "own") };
  testApp = await startApp(environment, { pool: new FakePool() });
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

type Client = CommandEngine["client"];

/** Works on the server's database as a command beside it does. */
async function onDatabase<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const { databaseUrl: url } = testApp;
  const { client, close } = await (await engineKindOf(url)).openForCommand({ url, log: silentLog });
  try {
    return await work(client);
  } finally {
    await close();
  }
}

const storedRuns = () => onDatabase(({ run }) => run.findMany());

type Headers = Record<string, string>;

/** The answer to a request that is made on a connection of its own. */
async function answerTo(message: object, headers: Headers = {}): Promise<Message> {
  const client = await TestClient.connect(testApp.address, headers);
  client.send({ ...message, request_id: `r${++requests}` });
  const ends = ["execution_complete", "all_steps_complete", "generation_complete"];
  const answer = await client.next(({ type }) => ends.includes(type) || type.endsWith("_error"));
  client.close();
  return answer;
}

async function generate(body: object, headers: Headers = {}): Promise<{ status: number; json: Message }> {
  const response = await fetch(`http://${testApp.address}/api/test-cases/generate`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, json: (await response.json()) as Message };
}

const conflict = (differences: string) =>
  `This idempotency_key has been used for another request: ${differences}. A new request needs a new key.`;

test("a key starts nothing else: another request with it is a conflict that says what differs", async () => {
  const { caseId, stepIds } = await testApp.createCase([
    [{ action: "log", message: "1" }],
    [{ action: "log", message: "2" }],
  ]);
  const first = { type: "execute_step", step_id: stepIds[0], idempotency_key: KEY };
  const { run_id } = await answerTo(first);
  const others: [object, string][] = [
    [{ ...first, step_id: stepIds[1] }, "'step_id' differs"],
    [{ ...first, retries: 1, video: true }, "'retries', 'video' differ"],
    [{ ...first, priority: 9 }, "'priority' differs"],
    [{ ...first, step_timeout: 5, run_timeout: 5 }, "'step_timeout', 'run_timeout' differ"],
    [{ type: "execute_all", test_case_id: caseId, idempotency_key: KEY }, "'type' differs"],
  ];
  for (const [request, differences] of others) {
    expect(await answerTo(request)).toMatchObject({
      type: "execution_error",
      code: "conflict",
      error: conflict(differences),
    });
  }
  // A request that says the same in more words is the same request.
  expect(await answerTo({ ...first, retries: 0, priority: 5 })).toMatchObject({ run_id });
  const all = { type: "execute_all", test_case_id: caseId, idempotency_key: `${KEY}a` };
  const { run_id: runOfCase } = await answerTo(all);
  expect(await answerTo({ ...all, on_failure: "stop" })).toMatchObject({ run_id: runOfCase });
  expect(await answerTo({ ...all, on_failure: "continue" })).toMatchObject({
    error: conflict("'on_failure' differs"),
  });
  expect(await testApp.get("/api/stats")).toMatchObject({ runs: { total: 2 } });
});

test("variables of a request have to be the same, and neither they nor its key are stored", async () => {
  const first = {
    type: "execute_step",
    step_id: await createStep(),
    idempotency_key: KEY,
    variables: { PASSWORD: "hunter2" },
  };
  const { run_id } = await answerTo(first);
  expect(await answerTo(first)).toMatchObject({ run_id });
  expect(await answerTo({ ...first, variables: { PASSWORD: "hunter3" } })).toMatchObject({
    code: "conflict",
    error: conflict("'variables' differs"),
  });

  const stored = JSON.stringify(await storedRuns());
  expect(stored).toContain('"step_id\\":');
  expect(stored).not.toContain("hunter2");
  expect(stored).not.toContain(KEY);
});

test("a key that an earlier version has stored as it is still counts", async () => {
  const stepId = await createStep();
  const runId = await runOf(stepId, KEY);
  await onDatabase(({ run }) => run.updateMany({ data: { idempotencyKey: KEY } }));
  expect(await runOf(stepId, KEY)).toBe(runId);
});

test("of two different requests that come with a key at the same time one is carried out", async () => {
  const stepIds = [await createStep(), await createStep()];
  const answers = await Promise.all(
    stepIds.map((step_id) => answerTo({ type: "execute_step", step_id, idempotency_key: KEY })),
  );
  expect(answers.map(({ type }) => type).sort()).toEqual(["execution_complete", "execution_error"]);
  const texts = ["Open http://a.test.", "Open http://b.test."];
  const cases = await Promise.all(
    texts.map((description) => generate({ description, idempotency_key: KEY })),
  );
  expect(cases.map(({ status }) => status).sort()).toEqual([201, 409]);
});

test("a key of a generation answers over the WebSocket and REST alike, and for one description only", async () => {
  const description = "Open http://a.test.";
  const made = await Promise.all(
    Array.from({ length: 3 }, () => generate({ description, idempotency_key: KEY })),
  );
  const test_case_id = made[0]?.json["test_case_id"];
  for (const { status, json } of made) expect([status, json["test_case_id"]]).toEqual([201, test_case_id]);
  const again = { type: "generate_test_case", description, idempotency_key: KEY };
  expect(await answerTo(again)).toMatchObject({ type: "generation_complete", test_case_id });

  const other = "Open http://b.test.";
  expect(await answerTo({ ...again, description: other })).toMatchObject({
    type: "generation_error",
    code: "conflict",
    error: `Failed to generate test case: ${conflict("'description' differs")}`,
  });
  const refusal = await generate({ description: other, idempotency_key: KEY });
  expect(refusal).toMatchObject({ status: 409, json: { error: { code: "conflict" } } });
  expect(await generate({ description, idempotency_key: "short" })).toMatchObject({
    status: 400,
    json: { error: { field: "idempotency_key" } },
  });
});

test("two principals use the same key, each for a run and a case of its own", async () => {
  const stepId = await createStep();
  const [ann, bob] = [
    await createToken(testApp, ["run", "author"]),
    await createToken(testApp, ["run", "author"]),
  ];
  const run = { type: "execute_step", step_id: stepId, idempotency_key: KEY };
  const runs = [await answerTo(run, ann.headers), await answerTo(run, bob.headers)];
  expect(runs[0]?.["run_id"]).not.toBe(runs[1]?.["run_id"]);
  expect(await answerTo(run, ann.headers)).toMatchObject({ run_id: runs[0]?.["run_id"] });

  const texts = { [ann.token]: "Open http://a.test.", [bob.token]: "Open http://b.test." };
  const cases = [];
  for (const { token, headers } of [ann, bob, ann, bob]) {
    const { status, json } = await generate({ description: texts[token], idempotency_key: KEY }, headers);
    expect(status).toBe(201);
    cases.push(json["test_case_id"]);
  }
  expect(cases.slice(2)).toEqual(cases.slice(0, 2));
  expect(new Set(cases).size).toBe(2);
});

test("a client that goes away does not stop a generation that it has given a key", async () => {
  await testApp.close();
  let begin: () => void = () => undefined;
  let finish: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const steps = [{ description: "Open", expectedResult: "", commands: [] }];
  const generateCase = async () => {
    begin();
    await finished;
    return { steps, warnings: [] };
  };
  const generator: Generator = {
    name: "openai",
    generateCase,
    generateStep: () => Promise.reject(new Error("none")),
  };
  testApp = await startApp({}, { pool: new FakePool(), generator });
  const body = { description: "Open it", idempotency_key: KEY };
  const leaving = new AbortController();
  const left = fetch(`http://${testApp.address}/api/test-cases/generate`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: leaving.signal,
  });
  await begun;
  leaving.abort();
  await expect(left).rejects.toThrow();
  const back = generate(body);
  finish();
  expect(await back).toMatchObject({ status: 201, json: { success: true } });
  expect(await testApp.get("/api/stats")).toMatchObject({ test_cases: { total: 1 } });
});
