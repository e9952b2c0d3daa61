import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Leases, RENEWAL_INTERVAL_MS, type Clock } from "../../../src/execution/leases.js";
import { LEASE_MS, LeaseLostError } from "../../../src/execution/ports.js";
import { hang, script } from "../../support/fake-runner.js";
import { MemoryStore } from "../../support/memory-store.js";
import { silentLog } from "../../support/silent-log.js";
import { Bench, latch, step } from "./set-up.js";

/** Both clocks, each of which a test sets as it likes. */
class FakeClock implements Clock {
  wall = 1_000_000;
  steady = 5_000;

  wallMs(): number {
    return this.wall;
  }

  steadyMs(): number {
    return this.steady;
  }

  /** Lets time pass on both. */
  pass(ms: number): void {
    this.wall += ms;
    this.steady += ms;
  }
}

function setUp({ isSole = false } = {}) {
  const store = new MemoryStore();
  store.isSole = isSole;
  const clock = new FakeClock();
  const lost: LeaseLostError[] = [];
  const ended: string[] = [];
  const leases = new Leases({
    store,
    clock,
    onLost: (error) => lost.push(error),
    endAbandoned: async (runs) => {
      ended.push(...runs.map(({ id }) => id));
    },
    log: silentLog,
  });
  return { store, clock, leases, lost, ended };
}

describe("a server that stands still until its leases are over", () => {
  test("may write up to that moment, and not after it", () => {
    const { clock, leases } = setUp();
    leases.add("run", new Date(clock.wall));

    clock.pass(LEASE_MS - 1);
    expect(leases.lossOf("run")).toBeUndefined();
    clock.pass(1);

    expect(leases.lossOf("run")).toBeInstanceOf(LeaseLostError);
    expect(leases.lossOf("run")?.message).toMatch(/renewed its lease of the run 30 s ago.*stood still/);
  });

  test.each([
    ["the machine slept, and its steady clock with it", "wall"],
    ["the time of day was set back meanwhile", "steady"],
  ] as const)("stops by the clock that went on: %s", (_why, clockThatWentOn) => {
    const { clock, leases } = setUp();
    leases.add("run", new Date(clock.wall));

    clock[clockThatWentOn] += LEASE_MS;

    expect(leases.lossOf("run")).toBeInstanceOf(LeaseLostError);
  });

  test("gives the run up with its next tick, and renews nothing of it here", async () => {
    const { clock, leases, lost } = setUp();
    leases.add("old", new Date(clock.wall));
    clock.pass(LEASE_MS);
    leases.add("new", new Date(clock.wall));

    await leases.tick();
    await leases.tick();

    expect(lost.map(({ runId }) => runId)).toEqual(["old"]);
    clock.pass(LEASE_MS - 1);
    expect(leases.lossOf("new")).toBeUndefined();
  });

  test("goes on where a lock keeps others out as long as it lives", async () => {
    const { clock, leases, lost } = setUp({ isSole: true });
    leases.add("run", new Date(clock.wall));
    clock.pass(100 * LEASE_MS);

    expect(leases.lossOf("run")).toBeUndefined();
    await leases.tick();
    expect(lost).toEqual([]);
  });

  test("counts from when the run was saved, not from when that was known", () => {
    const { clock, leases } = setUp();
    const savedAt = new Date(clock.wall);
    clock.pass(LEASE_MS - 1);
    leases.add("run", savedAt);
    clock.steady += 1;

    expect(leases.lossOf("run")).toBeInstanceOf(LeaseLostError);
  });
});

describe("renewals", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("come often enough that two may fail, and hold from when they began", async () => {
    const { store, clock, leases, lost } = setUp();
    leases.add("run", new Date(clock.wall));
    leases.start();
    const renew = vi.spyOn(store, "renewLeases");
    const passInterval = async () => {
      clock.pass(RENEWAL_INTERVAL_MS);
      await vi.advanceTimersByTimeAsync(RENEWAL_INTERVAL_MS);
    };
    for (let minute = 0; minute < 60; minute += 3) {
      renew.mockRejectedValueOnce(new Error("locked")).mockRejectedValueOnce(new Error("locked"));
      // The first two fail just before the lease would be over.
      for (let tick = 0; tick < 2; tick++) await passInterval();
      expect(leases.lossOf("run")).toBeUndefined();
      clock.pass(-1);
      await passInterval();
    }

    expect(lost).toEqual([]);
    expect(store.renewals).toHaveLength(20);
    await leases.stop();
    await passInterval();
    expect(store.renewals).toHaveLength(20);
  });

  test("tell which runs another server has, once", async () => {
    const { store, clock, leases, lost } = setUp();
    for (const id of ["lost", "kept", "ended"]) leases.add(id, new Date(clock.wall));
    leases.remove("ended");
    store.lost.add("lost").add("ended");

    await leases.tick();
    await leases.tick();

    expect(lost.map(({ runId, message }) => [runId, message])).toEqual([
      ["lost", "Another server has taken the run over, or it was deleted."],
    ]);
  });

  test("find what other servers have left behind since, once", async () => {
    const { store, leases, ended } = setUp();
    store.abandoned.push({
      id: "left",
      kind: "case",
      testCaseId: 1,
      testStepId: null,
      requestId: null,
      events: [],
    });

    await leases.tick();
    await leases.tick();

    expect(ended).toEqual(["left"]);
  });

  test("do not overlap: one that waits for the database is waited for", async () => {
    const { store, leases } = setUp();
    const go = latch();
    const renew = vi.spyOn(store, "renewLeases").mockImplementation(async () => {
      await go.opened;
      return [];
    });

    const ticks = [leases.tick(), leases.tick()];
    go.open();
    await Promise.all(ticks);

    expect(renew).toHaveBeenCalledTimes(1);
  });
});

describe("a run that was lost", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A service with a run under way, and one that waits. */
  async function withRuns({ isSole }: { isSole: boolean }) {
    const clock = new FakeClock();
    clock.wall = Date.now();
    const lines: string[] = [];
    const log = pino({ level: "error" }, { write: (line) => lines.push(line) });
    const bench = new Bench([step(1, 1, script("hang"))], { log, clock });
    bench.store.isSole = isSole;
    const speak = latch();
    bench.runner.behaviours.set("hang", async (context) => {
      await Promise.race([speak.opened, hang(context)]);
      context.log({ level: "info", message: "A word." });
      return hang(context);
    });
    await bench.execution.recover();
    const ends = [latch(), latch()];
    const ids: string[] = [];
    for (const { open } of ends)
      ids.push(await bench.execution.startStep(1, { ...bench.request(), onBroken: open }));
    await bench.next("progress");
    const tick = () => vi.advanceTimersByTimeAsync(RENEWAL_INTERVAL_MS);
    const [runId = "", waiting = ""] = ids;
    return {
      bench,
      clock,
      lines,
      speak,
      tick,
      runId,
      waiting,
      ended: Promise.all(ends.map(({ opened }) => opened)),
    };
  }

  test("ends without another word, under way or waiting, and its verdict is left to who has it", async () => {
    const { bench, lines, tick, runId, waiting, ended } = await withRuns({ isSole: true });
    const before = bench.store.events.length;
    bench.store.lost.add(runId).add(waiting);

    await tick();
    await ended;

    expect(bench.store.events).toHaveLength(before);
    expect(bench.store.runs.get(runId)).toMatchObject({ status: "running" });
    expect(bench.pool).toMatchObject({ open: 0, acquired: 1 });
    const told = lines.map((line) => JSON.parse(line) as { runId: string });
    expect(told.sort((one, other) => one.runId.localeCompare(other.runId))).toMatchObject(
      [runId, waiting]
        .sort((one, other) => one.localeCompare(other))
        .map((id) => ({ runId: id, msg: "run lost: its lease is over" })),
    );
    await bench.execution.stop();
  });

  test("because the server stood still writes nothing more, and gets a verdict that says so if nobody else gives one", async () => {
    const { bench, clock, lines, speak, runId, waiting, ended } = await withRuns({ isSole: false });
    const before = bench.store.events.length;
    clock.pass(LEASE_MS);

    // The server cannot know yet whether another one has ended the run.
    speak.open();
    await expect.poll(() => bench.pool.open).toBe(0);
    expect(bench.store.events).toHaveLength(before);

    await vi.advanceTimersByTimeAsync(RENEWAL_INTERVAL_MS);
    await ended;
    expect(lines[0]).toContain("renewed its lease of the run 30 s ago");
    const verdict = {
      verdict: "error",
      errorMessage: "The server lost the run: it stood still for too long.",
    };
    await expect
      .poll(() => [runId, waiting].map((id) => bench.store.runs.get(id)?.result), { timeout: 10_000 })
      .toMatchObject([verdict, verdict]);
    await bench.execution.stop();
  });

  test("by another server is ended here when its lease is over, with the numbers going on", async () => {
    const { bench, tick } = await withRuns({ isSole: true });
    const run = { id: "left", kind: "step", testCaseId: 1, testStepId: 1, requestId: null } as const;
    await bench.store.createRun({ ...run, onFailure: "stop", createdAt: new Date() });
    bench.store.abandoned.push({
      ...run,
      events: [
        { type: "execution_started", step_id: 1, run_id: "left", seq: 7, ts: new Date().toISOString() },
      ],
    });

    await tick();

    await expect.poll(() => bench.store.runs.get("left")).toMatchObject({ status: "error" });
    expect(bench.store.events.filter(({ run_id }) => run_id === "left")).toMatchObject([
      { seq: 8, type: "execution_complete", error_message: "The server that carried the run out is gone." },
    ]);
    await bench.execution.stop();
  });
});
