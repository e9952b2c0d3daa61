import { expect, test } from "vitest";
import { EventLog } from "../../../src/execution/event-log.js";
import { KeptStore } from "../../../src/execution/kept-store.js";
import { DatabaseUnavailableError } from "../../../src/protocol/errors.js";
import { MemoryStore } from "../../support/memory-store.js";
import { silentLog } from "../../support/silent-log.js";
import { Bench, latch, step } from "./set-up.js";
import { script } from "../../support/fake-runner.js";

const unavailable = () => Promise.reject(new DatabaseUnavailableError("the lock is held"));
const batch = { events: [], steps: [], runs: [] };

test("a write is tried until the database takes it", async () => {
  const store = new MemoryStore();
  let refusals = 3;
  store.beforeAppend = () => (refusals-- > 0 ? unavailable() : Promise.resolve());

  await new KeptStore({ store, log: silentLog }).append(batch);

  expect(store.batches).toEqual([batch]);
});

test("a write that is at fault itself is refused at once", async () => {
  const store = new MemoryStore();
  store.beforeAppend = () => Promise.reject(new Error("no such run"));

  await expect(new KeptStore({ store, log: silentLog }).append(batch)).rejects.toThrow("no such run");
});

test("a new run is refused, not kept", async () => {
  const store = new MemoryStore();
  store.createRun = unavailable;
  const kept = new KeptStore({ store, log: silentLog });

  await expect(kept.createRun({} as Parameters<typeof kept.createRun>[0])).rejects.toThrow(
    "the lock is held",
  );
});

test("what is kept is let go of when the server stops, also while the database says nothing", async () => {
  const store = new MemoryStore();
  const begun = latch();
  store.beforeAppend = () => {
    begun.open();
    return new Promise(() => undefined);
  };
  const kept = new KeptStore({ store, log: silentLog });
  const append = kept.append(batch);
  await begun.opened;

  kept.abandon();

  await expect(append).rejects.toBeInstanceOf(DatabaseUnavailableError);
});

test("a run waits before its next command while too much waits to be saved, and its step's time stands still", async () => {
  const bench = new Bench([step(1, 1, script("flood", "after"))], { stepTimeoutMs: 500 });
  const flooded = latch();
  const saved = latch();
  bench.runner.behaviours.set("flood", ({ log }) => {
    bench.store.beforeAppend = () => saved.opened;
    for (let count = 0; count < 3_000; count++) log({ level: "info", message: `line ${count}` });
    flooded.open();
    return undefined;
  });
  await bench.startStep(1);
  await flooded.opened;
  // Longer than the step may take.
  await new Promise((resolve) => setTimeout(resolve, 800));
  expect(bench.runner.done).toEqual(["flood"]);

  saved.open();

  expect(await bench.next("execution_complete")).toMatchObject({ status: "passed" });
  expect(bench.runner.done).toEqual(["flood", "after"]);
  expect(bench.events.map(({ seq }) => seq)).toEqual(bench.events.map((_event, index) => index + 1));
});

test("after events that could not be saved no later ones of the run are, which would leave a gap", async () => {
  const store = new MemoryStore();
  const eventLog = new EventLog({ store, log: silentLog });
  const runLog = eventLog.open({ id: "a", requestId: null });
  const other = eventLog.open({ id: "b", requestId: null });
  const begun = latch();
  const go = latch();
  store.beforeAppend = async () => {
    begun.open();
    await go.opened;
    throw new DatabaseUnavailableError("given up");
  };
  runLog.append({ type: "queued", position: 2 });
  await begun.opened;
  runLog.append({ type: "queued", position: 1 });
  other.append({ type: "queued", position: 1 });
  go.open();
  store.beforeAppend = () => Promise.resolve();
  await other.flush();

  expect(runLog.failed.aborted).toBe(true);
  expect(store.events.map(({ run_id }) => run_id)).toEqual(["b"]);
});

test("a run that broke gets its verdict as soon as the database takes it, with the numbers going on", async () => {
  const bench = new Bench([step(1, 1, script("one"))]);
  const broken = latch();
  bench.runner.behaviours.set("one", () => {
    bench.store.beforeAppend = () => Promise.reject(new Error("an unknown fault"));
    return undefined;
  });
  const runId = await bench.execution.startStep(1, { onBroken: broken.open });
  await broken.opened;
  bench.store.beforeAppend = () => Promise.resolve();

  await expect.poll(() => bench.store.runs.get(runId)).toMatchObject({ status: "error" });
  const events = bench.store.events.filter(({ run_id }) => run_id === runId);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
  expect(events.at(-1)).toMatchObject({
    type: "execution_complete",
    status: "error",
    error_message: "The server could not save what the run did.",
  });
  await bench.execution.stop();
});
