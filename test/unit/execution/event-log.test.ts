import { afterEach, describe, expect, test, vi } from "vitest";
import { EventLog, type RunLog } from "../../../src/execution/event-log.js";
import type { RunEvent, RunEventBody } from "../../../src/protocol/messages.js";
import { MemoryStore } from "../../support/memory-store.js";
import { silentLog } from "../../support/silent-log.js";

const started: RunEventBody = { type: "execution_started", step_id: 1 };

function setUp() {
  const store = new MemoryStore();
  const eventLog = new EventLog({ store, log: silentLog });
  const heard: RunEvent[] = [];
  const open = (id: string, requestId: string | null = null): RunLog => {
    const runLog = eventLog.open({ id, requestId });
    runLog.listeners.add((event) => heard.push(event));
    return runLog;
  };
  return { store, heard, open };
}

describe("numbering", () => {
  test("each run counts its own events from 1 without gaps", async () => {
    const { heard, open } = setUp();
    const [a, b] = [open("a"), open("b")];
    for (let round = 0; round < 20; round++) {
      a.append(started);
      b.append(started);
    }
    await Promise.all([a.flush(), b.flush()]);
    const numbers = (run: string) => heard.filter(({ run_id }) => run_id === run).map(({ seq }) => seq);
    expect(numbers("a")).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(numbers("b")).toEqual(numbers("a"));
  });

  test("every event carries run, time and the id of its request", async () => {
    const { heard, open } = setUp();
    const runLog = open("a", "r-1");
    runLog.append(started);
    await runLog.flush();
    expect(heard[0]).toEqual({
      ...started,
      run_id: "a",
      seq: 1,
      request_id: "r-1",
      ts: expect.any(String) as string,
    });
    expect(new Date(heard[0]?.ts ?? "").toISOString()).toBe(heard[0]?.ts);
  });
});

describe("pace", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each([
    { saveMs: 1, batches: 50, what: "ten milliseconds apart" },
    { saveMs: 10, batches: 12, what: "for a quarter of the time where the disk is slow" },
    { saveMs: 60, batches: 5, what: "but ten times a second at the least" },
  ])("batches that take $saveMs ms are saved $what", async ({ saveMs, batches }) => {
    vi.useFakeTimers();
    const { store, heard, open } = setUp();
    store.beforeAppend = () => new Promise((resolve) => setTimeout(resolve, saveMs));
    const runLog = open("a");
    for (let ms = 0; ms < 500; ms++) {
      runLog.append(started);
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(store.batches.length).toBeGreaterThanOrEqual(batches - 1);
    expect(store.batches.length).toBeLessThanOrEqual(batches + 1);
    await vi.advanceTimersByTimeAsync(200);
    expect(heard).toHaveLength(500);
  });
});

describe("durability", () => {
  test("nothing is published before it is stored", async () => {
    const { store, heard, open } = setUp();
    let release: () => void = () => undefined;
    store.beforeAppend = () => new Promise((resolve) => (release = resolve));
    const runLog = open("a");
    runLog.append(started);
    await new Promise(setImmediate);
    expect(heard).toEqual([]);
    release();
    await runLog.flush();
    expect(heard).toEqual(store.events);
  });

  test("events that come while a batch is stored go together in the next", async () => {
    const { store, open } = setUp();
    const runLog = open("a");
    for (let index = 0; index < 3; index++) runLog.append(started);
    await new Promise(setImmediate);
    await runLog.flush();
    expect(store.batches.map(({ events }) => events.length)).toEqual([3]);
  });

  test("a verdict is stored in the batch of the event that announces it", async () => {
    const { store, open } = setUp();
    const runLog = open("a");
    const run = {
      runId: "a",
      verdict: "passed",
      errorMessage: null,
      attempts: 1,
      flaky: false,
      finishedAt: new Date(),
    } as const;
    runLog.append(started, { run });
    await runLog.flush();
    expect(store.batches).toEqual([{ events: store.events, steps: [], runs: [run] }]);
  });

  test("a database that fails for a moment loses nothing", async () => {
    const { store, heard, open } = setUp();
    let failures = 2;
    store.beforeAppend = () => (failures-- > 0 ? Promise.reject(new Error("busy")) : Promise.resolve());
    const runLog = open("a");
    runLog.append(started);
    await runLog.flush();
    expect(heard.map(({ seq }) => seq)).toEqual([1]);
  });

  test("a run whose events cannot be stored breaks alone", async () => {
    const { store, heard, open } = setUp();
    store.beforeAppend = ({ events }) =>
      events.some(({ run_id }) => run_id === "bad")
        ? Promise.reject(new Error("no such run"))
        : Promise.resolve();
    const [good, bad] = [open("good"), open("bad")];
    good.append(started);
    bad.append(started);
    await expect(bad.flush()).rejects.toThrow("no such run");
    await good.flush();
    expect(bad.failed.aborted).toBe(true);
    expect(heard.map(({ run_id }) => run_id)).toEqual(["good"]);
  });
});

test("a listener that throws keeps no event from the others", async () => {
  const { heard, open } = setUp();
  const runLog = open("a");
  runLog.listeners.clear();
  runLog.listeners.add(() => {
    throw new Error("broken consumer");
  });
  runLog.listeners.add((event) => heard.push(event));
  runLog.append(started);
  await runLog.flush();
  expect(heard).toHaveLength(1);
});
