import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AppError, DatabaseUnavailableError } from "../../../src/protocol/errors.js";
import type { OnFailure } from "../../../src/protocol/messages.js";
import type { RunStatus } from "../../../src/protocol/statuses.js";
import type { RunStarter, ScheduledRunRequest, ScheduleRow } from "../../../src/schedules/ports.js";
import { Scheduler } from "../../../src/schedules/scheduler.js";
import { InProcessWakes } from "../../../src/wakes/in-process.js";
import { SCHEDULES } from "../../../src/wakes/ports.js";
import { silentLog } from "../../support/silent-log.js";
import { MemorySchedules } from "./memory-schedules.js";

const NOON = new Date("2026-11-30T12:00:00Z");
const MINUTE = 60_000;

/** Starts runs, one for each idempotency key, and keeps how they stand. */
class Runs implements RunStarter {
  readonly requests: (ScheduledRunRequest & { of: string })[] = [];
  readonly statuses = new Map<string, RunStatus>();
  /** Thrown instead of starting one. */
  error: Error | undefined;

  requireAllowed(): void {
    // Everything is.
  }

  startStep(stepId: number, request: ScheduledRunRequest): Promise<string> {
    return this.#start(`step ${stepId}`, request);
  }

  startCase(testCaseId: number, onFailure: OnFailure, request: ScheduledRunRequest): Promise<string> {
    return this.#start(`case ${testCaseId}, ${onFailure}`, request);
  }

  #start(of: string, request: ScheduledRunRequest): Promise<string> {
    if (this.error) return Promise.reject(this.error);
    this.requests.push({ ...request, of });
    const { idempotencyKey: key } = request;
    if (!this.statuses.has(key)) this.statuses.set(key, "running");
    return Promise.resolve(key);
  }
}

let store: MemorySchedules;
let runs: Runs;
let wakes: InProcessWakes;
let isGood: (principal: string) => Promise<boolean>;
let schedulers: Scheduler[];

beforeEach(() => {
  vi.useFakeTimers({ now: NOON });
  store = new MemorySchedules();
  runs = new Runs();
  wakes = new InProcessWakes();
  isGood = () => Promise.resolve(true);
  schedulers = [];
});
afterEach(async () => {
  await Promise.all(schedulers.map((scheduler) => scheduler.stop()));
  vi.useRealTimers();
});

function start(own: MemorySchedules = store): Scheduler {
  const scheduler = new Scheduler({
    store: own,
    runs,
    findRun: (id) => {
      const status = runs.statuses.get(id);
      return Promise.resolve(status && { status });
    },
    isGood: (principal) => isGood(principal),
    wakes,
    now: () => new Date(),
    log: silentLog,
  });
  schedulers.push(scheduler);
  scheduler.start();
  return scheduler;
}

const at = (minutes: number) => new Date(NOON.getTime() + minutes * MINUTE);
const keyAt = (minutes: number) => `s@${at(minutes).getTime()}`;

async function add(fields: Partial<ScheduleRow> = {}): Promise<void> {
  await store.createSchedule({
    id: "s",
    name: "Every ten minutes",
    testCaseId: 1,
    testStepId: null,
    cron: "*/10 * * * *",
    timeZone: "UTC",
    executeAt: null,
    environment: null,
    options: {},
    enabled: true,
    createdBy: "ada",
    principal: "ada",
    createdAt: NOON,
    updatedAt: NOON,
    nextAt: at(10),
    ...fields,
  });
}

const schedule = () => store.rows.get("s");
const pass = (minutes: number) => vi.advanceTimersByTimeAsync(minutes * MINUTE);

test("a run is started at the time, to the millisecond, with the options and in the name of the schedule", async () => {
  await add({
    environment: "staging",
    options: {
      on_failure: "continue",
      retries: 2,
      priority: 8,
      video: true,
      step_timeout: 5,
      browser: "firefox",
    },
  });
  start();
  await vi.advanceTimersByTimeAsync(10 * MINUTE - 1);
  expect(runs.requests).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(runs.requests).toEqual([
    {
      of: "case 1, continue",
      requestId: "schedule:s",
      principal: "ada",
      idempotencyKey: keyAt(10),
      environment: "staging",
      retries: 2,
      priority: 8,
      video: true,
      browser: "firefox",
      browserVersion: undefined,
      stepTimeoutMs: 5_000,
      runTimeoutMs: undefined,
    },
  ]);
  const last = { outcome: "started", runId: keyAt(10), code: null, message: null, at: at(10) };
  expect(schedule()).toMatchObject({ nextAt: at(20), last });
});

test("a step runs by itself, and a time that comes once has no next", async () => {
  await add({ testStepId: 7, cron: null, executeAt: at(3), nextAt: at(3) });
  start();
  await pass(30);
  expect(runs.requests.map(({ of }) => of)).toEqual(["step 7"]);
  expect(schedule()).toMatchObject({ nextAt: null, last: { outcome: "started", at: at(3) } });
});

test("a change is noticed at once, and without a wake within 15 seconds", async () => {
  start();
  await pass(1);
  await add({ nextAt: at(1) });
  wakes.wake(SCHEDULES);
  await vi.advanceTimersByTimeAsync(0);
  expect(runs.requests).toHaveLength(1);
  await add({ id: "other", nextAt: at(1) });
  await vi.advanceTimersByTimeAsync(15_000);
  expect(runs.requests).toHaveLength(2);
});

test("times that passed while no server was there are made up for by one run", async () => {
  await add({ nextAt: at(-95) });
  start();
  await vi.advanceTimersByTimeAsync(0);
  expect(runs.requests.map(({ idempotencyKey }) => idempotencyKey)).toEqual([keyAt(-95)]);
  expect(schedule()).toMatchObject({ nextAt: at(10), last: { at: at(-95) } });
});

test("several servers start one run for each time", async () => {
  await add();
  for (let server = 0; server < 3; server++) start();
  for (let time = 1; time <= 4; time++) {
    await pass(10);
    runs.statuses.set(keyAt(time * 10), "passed");
  }
  expect([...runs.statuses.keys()]).toEqual([10, 20, 30, 40].map(keyAt));
  expect(schedule()).toMatchObject({ nextAt: at(50), last: { at: at(40), outcome: "started" } });
});

describe("a server that is killed before the next time is stored", () => {
  test("has started the only run, which the next server finds", async () => {
    await add();
    const killed = new MemorySchedules();
    killed.rows.set("s", schedule() ?? expect.fail());
    killed.settle = () => Promise.reject(new Error("killed"));
    const first = start(killed);
    await pass(10);
    await first.stop();
    expect(schedule()).toMatchObject({ nextAt: at(10), last: null });
    runs.statuses.set(keyAt(10), "passed");

    start();
    await pass(5);

    expect([...runs.statuses.keys()]).toEqual([keyAt(10)]);
    expect(schedule()).toMatchObject({ nextAt: at(20), last: { runId: keyAt(10), outcome: "started" } });
  });
});

describe("a time at which the run before has not ended", () => {
  test.for(["queued", "running"] as const)("is skipped while it is %s", async (status) => {
    await add();
    start();
    await pass(10);
    runs.statuses.set(keyAt(10), status);
    await pass(10);
    expect(schedule()).toMatchObject({
      nextAt: at(30),
      last: { at: at(20), outcome: "skipped", runId: keyAt(10), message: expect.stringContaining(keyAt(10)) },
    });
    runs.statuses.set(keyAt(10), "failed");
    await pass(10);
    expect(runs.requests).toHaveLength(2);
    expect(schedule()?.last).toMatchObject({ outcome: "started", runId: keyAt(30) });
  });

  test("has its run noted where another server saw that the one before had ended", async () => {
    await add({ nextAt: at(0) });
    const seen = new MemorySchedules();
    seen.rows.set("s", schedule() ?? expect.fail());
    seen.settle = (...given) => store.settle(...given);
    seen.noteRun = (...given) => store.noteRun(...given);
    const skipped = { outcome: "skipped", runId: "before", code: null, message: "not ended" } as const;
    await store.settle({ scheduleId: "s", dueAt: at(0) }, skipped, at(10));
    start(seen);
    await vi.advanceTimersByTimeAsync(0);
    expect(schedule()).toMatchObject({
      nextAt: at(10),
      last: { at: at(0), outcome: "started", runId: keyAt(0) },
    });
  });
});

describe("a run that cannot be started", () => {
  test("is told with the code and the reason, and the next time is tried again", async () => {
    await add();
    runs.error = new AppError("no_script", "Step 2 has no script.");
    start();
    await pass(10);
    expect(schedule()).toMatchObject({
      nextAt: at(20),
      last: { outcome: "refused", runId: null, code: "no_script", message: "Step 2 has no script." },
    });
    runs.error = undefined;
    await pass(10);
    expect(schedule()?.last).toMatchObject({ outcome: "started", runId: keyAt(20) });
  });

  test("because the queue is full is tried until it is started", async () => {
    await add({ cron: null, executeAt: at(1), nextAt: at(1) });
    runs.error = new AppError("queue_full", "Too many runs are waiting.");
    start();
    await pass(2);
    expect(schedule()).toMatchObject({ nextAt: at(1), last: { outcome: "refused", code: "queue_full" } });
    runs.error = undefined;
    await pass(1);
    expect(schedule()).toMatchObject({ nextAt: null, last: { outcome: "started", runId: keyAt(1) } });
  });

  test.for([
    ["the server stops", new AppError("server_stopping", "The server is stopping.")],
    ["the database takes nothing", new DatabaseUnavailableError("The disk is full.")],
    ["of a fault", new Error("a bug")],
  ] as const)("because %s stays due, and keeps no other from its time", async ([, error]) => {
    await add({ nextAt: at(1) });
    await add({ id: "other", nextAt: at(2) });
    runs.error = error;
    start();
    await pass(1.5);
    expect(schedule()).toMatchObject({ nextAt: at(1), last: null });
    runs.error = undefined;
    await pass(1);
    expect(runs.requests.map(({ idempotencyKey }) => idempotencyKey)).toContain(keyAt(1));
    expect(runs.requests).toHaveLength(2);
  });

  test("in the name of a token that was revoked is refused, until somebody else changes the schedule", async () => {
    await add();
    isGood = (principal) => Promise.resolve(principal === "grace");
    start();
    await pass(10);
    expect(runs.requests).toEqual([]);
    expect(schedule()).toMatchObject({ nextAt: at(20), last: { outcome: "refused", code: "unauthorized" } });
    await add({ principal: "grace", nextAt: at(20) });
    await pass(10);
    expect(runs.requests).toMatchObject([{ principal: "grace" }]);
  });
});

test("schedules that cannot be read are looked at again", async () => {
  await add({ nextAt: at(1) });
  const read = store.findDueSchedules.bind(store);
  store.findDueSchedules = () => Promise.reject(new Error("gone"));
  start();
  await pass(2);
  store.findDueSchedules = read;
  await pass(1);
  expect(runs.requests).toHaveLength(1);
});

test("nothing is started after the stop", async () => {
  await add();
  const scheduler = start();
  await scheduler.stop();
  await pass(20);
  expect(runs.requests).toEqual([]);
});
