import { beforeEach, describe, expect, test } from "vitest";
import type { StepRecord } from "../../../src/execution/ports.js";
import { InProcessQueue } from "../../../src/execution/queue/queue.js";
import { ExecutionService } from "../../../src/execution/service.js";
import { RunEvent, type OnFailure } from "../../../src/protocol/messages.js";
import { performScript } from "../../../src/runner/perform-script.js";
import { pictureTakers } from "../../../src/runner/secrets/pictures.js";
import { RunVariables } from "../../../src/runner/variables.js";
import { FakePool } from "../../support/fake-browser.js";
import { MemoryArtifacts, MemoryStore } from "../../support/memory-store.js";
import { silentLog } from "../../support/silent-log.js";
import { step, TextVideo } from "./set-up.js";

const pictures = pictureTakers();

const OPEN = '[{"action":"navigate","url":"http://app.test/"}]';
const click = (id: string) =>
  JSON.stringify([{ action: "click", locator_type: "id", locator_value: id, timeout: 0.01 }]);

const SETTINGS = {
  screenshots: "inline",
  video: "off",
  commandTimeoutMs: 50,
  dialogs: "fail",
  stepTimeoutMs: 60_000,
  runTimeoutMs: 60_000,
  allowedHosts: [],
  uploadsDir: undefined,
} as const;

let store: MemoryStore;
let pool: FakePool;
let artifacts: MemoryArtifacts;
let execution: ExecutionService;
let events: RunEvent[];
let wake: (() => void)[];

function setUp(steps: StepRecord[], poolSize = 1) {
  store = new MemoryStore(steps);
  pool = new FakePool(poolSize);
  pool.page.elements.set("there", "There");
  artifacts = new MemoryArtifacts();
  events = [];
  wake = [];
  execution = new ExecutionService({
    store,
    artifacts,
    pool,
    queue: new InProcessQueue({ concurrency: poolSize, capacity: 2 }),
    performScript,
    takePicture: pictures.takePicture,
    takeFrame: pictures.takeVideoFrame,
    newVideo: (write) => new TextVideo(write),
    newVariables: () => new RunVariables({ env: {}, secrets: {} }),
    settings: SETTINGS,
    log: silentLog,
  });
}

beforeEach(() => {
  setUp([
    step(11, 1, OPEN),
    step(12, 2, click("there")),
    step(13, 3, click("missing")),
    step(14, 4, click("there")),
  ]);
});

const request = () => ({
  onEvent: (event: RunEvent) => {
    events.push(RunEvent.parse(event));
    for (const resolve of wake.splice(0)) resolve();
  },
  onBroken: () => {
    throw new Error("the run broke");
  },
});

/** The events of a run up to the one that satisfies the predicate. */
async function until(predicate: (event: RunEvent) => boolean): Promise<RunEvent> {
  for (;;) {
    const found = events.find(predicate);
    if (found) return found;
    await new Promise<void>((resolve) => wake.push(resolve));
  }
}

async function runStep(stepId: number) {
  await execution.startStep(stepId, request());
  return await until(({ type }) => type === "execution_complete");
}

async function runCase(onFailure: OnFailure = "stop") {
  await execution.startCase(1, onFailure, request());
  return await until(({ type }) => type === "all_steps_complete");
}

const statuses = () => events.flatMap((event) => (event.type === "execution_complete" ? [event.status] : []));
const titles = () => events.flatMap((event) => (event.type === "status_update" ? [event.message] : []));

describe("a single step", () => {
  test("runs step 1 first, counts its commands, and passes", async () => {
    const complete = await runStep(12);
    expect(events.map(({ type }) => type)).toEqual([
      "execution_started",
      "status_update",
      "progress",
      "progress",
      "screenshot",
      "screenshot",
      "execution_complete",
    ]);
    expect(titles()).toEqual(["Executing Step 1 (Login) + Step 2..."]);
    expect(
      events.flatMap((event) => (event.type === "progress" ? [[event.step, event.total, event.action]] : [])),
    ).toEqual([
      [1, 2, "navigate"],
      [2, 2, "click"],
    ]);
    expect(complete).toMatchObject({ status: "passed", error_message: null, actual_result: "Result 2" });
    expect(pool.page.calls).toEqual(["navigate http://app.test/", "click 1,2"]);
    await execution.stop();
    expect(pool).toMatchObject({ acquired: 1, open: 0 });
  });

  test("is saved when the client hears of it", async () => {
    await runStep(12);
    expect(store.results).toMatchObject([{ stepId: 12, verdict: "passed", actualResult: "Result 2" }]);
    expect([...store.runs.values()]).toMatchObject([{ status: "passed" }]);
    expect(store.running).toEqual([12]);
  });

  test("step 1 runs alone", async () => {
    await runStep(11);
    expect(titles()).toEqual(["Executing Step 1 (Login)..."]);
    expect(pool.page.calls).toEqual(["navigate http://app.test/"]);
  });

  test.each([
    ["is missing", []],
    ["has no script", [step(11, 1, null)]],
    ["has an empty script", [step(11, 1, " ")]],
  ])("runs alone when step 1 %s", async (_case, login) => {
    setUp([...login, step(12, 2, click("there"))]);
    expect(await runStep(12)).toMatchObject({ status: "passed" });
    expect(titles()).toEqual(["Executing Step 2..."]);
  });

  test("fails with the command, its locator, what was expected and what was seen", async () => {
    const complete = await runStep(13);
    expect(complete).toMatchObject({
      status: "failed",
      message: "Step failed",
      error_message:
        "Command 1 (click) on id 'missing': expected an element that can be clicked within 0.01 s, but there is no such element.",
      actual_result: null,
    });
    expect(complete.type === "execution_complete" && complete.artifacts.map(({ kind }) => kind)).toEqual([
      "screenshot",
      "page_source",
      "console",
      "network",
      "commands",
    ]);
    expect(artifacts.saved.map(({ mediaType }) => mediaType)).toContain("text/html");
  });

  test("is an error when its login does not pass, for it could not be judged", async () => {
    setUp([step(11, 1, click("missing")), step(12, 2, click("there"))]);
    const complete = await runStep(12);
    expect(complete).toMatchObject({ status: "error", step_id: 12 });
    expect(complete.type === "execution_complete" && complete.error_message).toMatch(
      /^Step 1 \(Login\) did not pass: Command 1 \(click\)/,
    );
    expect(pool.page.calls).toEqual([]);
  });
});

describe("a case", () => {
  test("runs every step once, in the order of their numbers, in one session", async () => {
    setUp([step(12, 2, click("there")), step(11, 1, OPEN), step(15, 5, click("there"))]);
    const complete = await runCase();
    expect(events[0]).toMatchObject({
      type: "progress",
      message: "Initializing browser...",
      step: 0,
      seq: 1,
    });
    expect(statuses()).toEqual(["passed", "passed", "passed"]);
    expect(titles()).toEqual(["Executing Step 1 (Login)...", "Executing Step 2...", "Executing Step 5..."]);
    expect(complete).toMatchObject({ test_case_id: 1, status: "passed", passed: 3, skipped: 0 });
    await execution.stop();
    expect(pool).toMatchObject({ acquired: 1, open: 0 });
  });

  test("stops at the first step that is not passed and reports the rest as skipped", async () => {
    const complete = await runCase();
    expect(statuses()).toEqual(["passed", "passed", "failed", "skipped"]);
    expect(complete).toMatchObject({ status: "failed", passed: 2, failed: 1, skipped: 1 });
    expect(store.results.map(({ stepId }) => stepId)).toEqual([11, 12, 13]);
  });

  test("goes on after a failure when asked to", async () => {
    const complete = await runCase("continue");
    expect(statuses()).toEqual(["passed", "passed", "failed", "passed"]);
    expect(complete).toMatchObject({ status: "failed", passed: 3, failed: 1, skipped: 0 });
  });

  test.each([
    ["stop", ["passed", "error", "skipped"]],
    ["continue", ["passed", "error", "passed"]],
  ] as const)("goes on to a step without a script, which is an error (%s)", async (onFailure, verdicts) => {
    setUp([step(11, 1, OPEN), step(12, 2, null), step(13, 3, click("there"))]);
    const complete = await runCase(onFailure);
    expect(statuses()).toEqual(verdicts);
    expect(complete).toMatchObject({ status: "error", error: 1 });
    expect(events.find((event) => event.type === "execution_complete" && event.step_id === 12)).toMatchObject(
      {
        error_message: "The step has no script. Add a JSON array of commands, or generate one.",
        checks: 0,
      },
    );
  });

  test("never passes a step with a sentence that was not understood", async () => {
    const unknown = { action: "not_understood", text: "Dance", reason: "no command says this" };
    setUp([step(11, 1, OPEN), step(12, 2, JSON.stringify([unknown]))]);
    await runCase("continue");
    expect(statuses()).toEqual(["passed", "error"]);
    expect(store.results.find(({ stepId }) => stepId === 12)).toMatchObject({
      verdict: "error",
      errorMessage:
        "Command 1 (not_understood): expected “Dance” to be understood, but no command says this.",
    });
  });

  test("says how many commands check something", async () => {
    const check = { action: "verify_element_present", locator_type: "id", locator_value: "there" };
    setUp([step(11, 1, OPEN), step(12, 2, JSON.stringify([check, check]))]);
    const complete = await runCase();
    expect(events.flatMap((event) => (event.type === "execution_complete" ? [event.checks] : []))).toEqual([
      0, 2,
    ]);
    expect(complete).toMatchObject({ checks: 2 });
  });

  test("numbers its events without gaps", async () => {
    await runCase("continue");
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
  });
});

describe("requests that cannot run start nothing", () => {
  test.each([
    ["step_not_found", "Step not found", () => execution.startStep(99, request())],
    ["test_case_not_found", "Test case not found", () => execution.startCase(99, "stop", request())],
  ])("%s", async (code, message, start) => {
    await expect(start()).rejects.toMatchObject({ code, message });
    expect(store.runs.size).toBe(0);
    expect(pool.acquired).toBe(0);
  });

  test.each([
    ["no_script", null, /no script/],
    ["invalid_script", "{", /not valid JSON/],
    ["python_script", "import time\ntime.sleep(5)", /Detected Python code/],
    ["invalid_script", '[{"action":"click"}]', /Command 1 \(click\) missing 'locator_type' field/],
  ])("a step with a bad script: %s", async (code, script, message) => {
    setUp([step(12, 2, script)]);
    const failure = { code, message: expect.stringMatching(message) as string };
    await expect(execution.startStep(12, request())).rejects.toMatchObject(failure);
    await expect(execution.startCase(1, "stop", request())).rejects.toMatchObject({ code });
    expect(store.runs.size).toBe(0);
  });

  test("a login with a bad script is named", async () => {
    setUp([step(11, 1, '[{"action":"jump"}]'), step(12, 2, click("there"))]);
    await expect(execution.startStep(12, request())).rejects.toMatchObject({
      code: "invalid_script",
      message: expect.stringMatching(
        /^Step 1 \(Login\) did not pass: Command 1 has unknown action "jump"/,
      ) as string,
    });
  });

  test("more runs than may wait", async () => {
    pool.page.hold = new Promise(() => undefined);
    for (let index = 0; index < 3; index++) await execution.startStep(11, request());
    await expect(execution.startStep(11, request())).rejects.toMatchObject({ code: "queue_full" });
    await execution.stop();
  });
});

describe("runs that end early", () => {
  test("a cancelled run is an error, its session is gone, and its remaining steps are skipped", async () => {
    pool.page.hold = new Promise(() => undefined);
    const runId = await execution.startCase(1, "continue", request());
    await until(({ type }) => type === "progress");
    await until((event) => event.type === "progress" && event.action === "navigate");
    execution.cancel(runId);
    const complete = await until(({ type }) => type === "execution_complete");
    expect(complete).toMatchObject({ status: "error", error_message: "Cancelled" });
    expect(pool.open).toBe(0);
    expect(await until(({ type }) => type === "all_steps_complete")).toMatchObject({
      status: "error",
      skipped: 3,
    });
  });

  test("a run that is cancelled while it waits needs no browser", async () => {
    pool.page.hold = new Promise(() => undefined);
    await execution.startStep(11, request());
    const waiting = await execution.startStep(11, request());
    expect(await until(({ type }) => type === "queued")).toMatchObject({
      run_id: waiting,
      position: 1,
      seq: 1,
    });
    execution.cancel(waiting);
    const complete = await until((event) => event.run_id === waiting && event.type === "execution_complete");
    expect(complete).toMatchObject({ status: "error", error_message: "Cancelled" });
    expect(pool.acquired).toBe(1);
    await execution.stop();
  });

  test("a run that has ended cannot be cancelled", async () => {
    await runStep(12);
    const [runId = ""] = store.runs.keys();
    await new Promise(setImmediate);
    expect(() => {
      execution.cancel(runId);
    }).toThrow(expect.objectContaining({ code: "run_not_found" }) as Error);
  });

  test("a browser that dies is an error that names the command", async () => {
    pool.page.hold = new Promise(() => undefined);
    await execution.startStep(11, request());
    await until((event) => event.type === "progress");
    pool.lost.abort(new Error("The browser is gone: it crashed."));
    const complete = await until(({ type }) => type === "execution_complete");
    expect(complete).toMatchObject({
      status: "error",
      error_message: "Command 1 (navigate) could not be finished: The browser is gone: it crashed.",
    });
  });

  test("no browser is an error with the remedy", async () => {
    pool.failure = new Error("No browser was found. Run npm run setup:browser.");
    expect(await runStep(12)).toMatchObject({ status: "error", error_message: pool.failure.message });
  });

  test("stopping ends runs under way and waiting, and starts no more", async () => {
    pool.page.hold = new Promise(() => undefined);
    await execution.startStep(11, request());
    await execution.startStep(11, request());
    await until((event) => event.type === "progress");
    await execution.stop();
    expect([...store.runs.values()].map(({ result }) => result?.errorMessage)).toEqual([
      "Step 1: Server stopping",
      "Step 1: Server stopping",
    ]);
    await expect(execution.startStep(11, request())).rejects.toMatchObject({ code: "server_stopping" });
    expect(pool.open).toBe(0);
  });
});

test("a request that is being saved while the server stops becomes a run with a verdict", async () => {
  const starting = execution.startStep(11, request());
  const [runId] = await Promise.all([starting, execution.stop()]);
  expect(store.runs.get(runId)).toMatchObject({
    status: "error",
    result: { errorMessage: "Step 1: Server stopping" },
  });
});

describe("after a kill", () => {
  test("a case left running gets one verdict and an end of its events", async () => {
    pool.page.hold = new Promise(() => undefined);
    setUp([step(11, 1, click("there")), step(12, 2, OPEN), step(13, 3, OPEN)]);
    pool.page.hold = new Promise(() => undefined);
    await execution.startCase(1, "stop", request());
    await until((event) => event.type === "execution_started" && event.step_id === 12);
    const before = store.events.length;

    const restarted = new ExecutionService({
      store,
      artifacts,
      pool,
      queue: new InProcessQueue({ concurrency: 1, capacity: 1 }),
      performScript,
      takePicture: pictures.takePicture,
      takeFrame: pictures.takeVideoFrame,
      newVideo: (write) => new TextVideo(write),
      newVariables: () => new RunVariables({ env: {}, secrets: {} }),
      settings: SETTINGS,
      log: silentLog,
    });
    await restarted.recover();
    const added = store.events.slice(before).filter(({ type }) => type !== "progress");
    expect(added).toMatchObject([
      { type: "execution_complete", step_id: 12, status: "error", error_message: "Server restarted" },
      { type: "execution_complete", step_id: 13, status: "skipped" },
      { type: "all_steps_complete", status: "error", passed: 1, error: 1, skipped: 1 },
    ]);
    expect([...store.runs.values()]).toMatchObject([
      { status: "error", result: { verdict: "error", errorMessage: "Server restarted" } },
    ]);
  });

  test("a run that was waiting is an error too", async () => {
    await store.createRun({
      id: "waiting",
      kind: "step",
      testCaseId: 1,
      testStepId: 12,
      onFailure: "stop",
      requestId: null,
      createdAt: new Date(),
    });
    await execution.recover();
    expect(store.events).toMatchObject([
      {
        run_id: "waiting",
        seq: 1,
        type: "execution_complete",
        step_id: 12,
        error_message: "Server restarted",
      },
    ]);
    expect(store.results).toMatchObject([{ stepId: 12, verdict: "error" }]);
  });
});
