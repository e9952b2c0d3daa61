import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Sweeper, type SweeperOptions } from "../../../src/execution/sweeper.js";
import type { Retention, RunRetention, Swept } from "../../../src/execution/ports.js";
import { silentLog } from "../../support/silent-log.js";
import { latch } from "./set-up.js";

const HOUR_MS = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const NOTHING: Swept = { deleted: 0, trashed: 0, missing: 0, found: 0, emptied: 0 };

const NO_LIMITS = {
  artifactDays: undefined,
  artifactBytes: undefined,
  runDays: undefined,
  runsPerCase: undefined,
};

function setUp(
  sweep: (retention: Retention) => Promise<Swept>,
  { limits, ...options }: Partial<SweeperOptions> = {},
) {
  return new Sweeper({
    artifacts: { sweep },
    runs: { deleteOldRuns: () => Promise.reject(new Error("This test deletes no runs.")) },
    limits: limits ?? { ...NO_LIMITS, artifactDays: 1, artifactBytes: 1_000 },
    now: () => new Date(),
    log: silentLog,
    ...options,
  });
}

test("sweeps at once and then every hour, until it is stopped", async () => {
  const sweeps: Retention[] = [];
  const sweeper = setUp(async (retention) => {
    sweeps.push(retention);
    return NOTHING;
  });
  const start = Date.now();
  sweeper.start();
  await vi.advanceTimersByTimeAsync(2 * HOUR_MS + 1);
  expect(sweeps.map(({ before }) => (before?.getTime() ?? 0) + 24 * HOUR_MS - start)).toEqual([
    0,
    HOUR_MS,
    2 * HOUR_MS,
  ]);
  expect(sweeps[0]?.maxBytes).toBe(1_000);
  await sweeper.stop();
  expect(vi.getTimerCount()).toBe(0);
});

test("deletes nothing because of its age when artifacts are kept for ever", async () => {
  const sweeps: Retention[] = [];
  const sweeper = setUp(
    async (retention) => {
      sweeps.push(retention);
      return NOTHING;
    },
    { limits: NO_LIMITS },
  );
  sweeper.start();
  await sweeper.stop();
  expect(sweeps).toMatchObject([{ before: undefined, maxBytes: undefined }]);
});

test("goes on after a sweep that failed", async () => {
  let sweeps = 0;
  const sweeper = setUp(() =>
    sweeps++ === 0 ? Promise.reject(new Error("busy")) : Promise.resolve(NOTHING),
  );
  sweeper.start();
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  expect(sweeps).toBe(2);
  await sweeper.stop();
});

test("stopping waits for a sweep under way, which is told", async () => {
  const swept = latch();
  let told: AbortSignal | undefined;
  const sweeper = setUp(async ({ signal }) => {
    told = signal;
    await swept.opened;
    return NOTHING;
  });
  sweeper.start();
  await vi.advanceTimersByTimeAsync(0);
  let stopped = false;
  const stopping = sweeper.stop().then(() => (stopped = true));
  await vi.advanceTimersByTimeAsync(0);
  expect([told?.aborted, stopped]).toEqual([true, false]);
  swept.open();
  await stopping;
});

test("says at the level of a warning how many files and rows did not match", async () => {
  const warned: unknown[] = [];
  const log = Object.assign(Object.create(silentLog) as typeof silentLog, {
    warn: (counts: unknown) => warned.push(counts),
  });
  const sweeper = setUp(async () => ({ ...NOTHING, deleted: 3, trashed: 2, missing: 1 }), { log });
  sweeper.start();
  await sweeper.stop();
  expect(warned).toEqual([{ trashed: 2, missing: 1, found: 0, emptied: 0 }]);
});

describe("runs", () => {
  test("that are too old, or too many, go before artifacts are looked through", async () => {
    const done: (string | RunRetention)[] = [];
    const sweeper = setUp(
      async () => {
        done.push("artifacts");
        return NOTHING;
      },
      {
        limits: { ...NO_LIMITS, runDays: 2, runsPerCase: 50 },
        runs: {
          deleteOldRuns: async (retention) => {
            done.push(retention);
            return { runs: 0, events: 0, artifacts: 0 };
          },
        },
      },
    );
    sweeper.start();
    await sweeper.stop();
    const before = new Date(Date.now() - 48 * HOUR_MS);
    expect(done).toEqual([expect.objectContaining({ before, perCase: 50 }), "artifacts"]);
  });

  test("that could not be deleted keep no artifact from going", async () => {
    let sweeps = 0;
    const sweep = async () => {
      sweeps++;
      return NOTHING;
    };
    const runs = { deleteOldRuns: () => Promise.reject(new Error("busy")) };
    const sweeper = setUp(sweep, { limits: { ...NO_LIMITS, runDays: 2 }, runs });
    sweeper.start();
    await vi.advanceTimersByTimeAsync(0);
    await sweeper.stop();
    expect(sweeps).toBe(1);
  });

  test("are counted in the log when some have gone", async () => {
    const told: unknown[] = [];
    const log = Object.assign(Object.create(silentLog) as typeof silentLog, {
      info: (counts: unknown) => told.push(counts),
    });
    const deleted = { runs: 2, events: 30, artifacts: 4 };
    const runs = { deleteOldRuns: async () => deleted };
    const sweeper = setUp(async () => NOTHING, { limits: { ...NO_LIMITS, runDays: 2 }, runs, log });
    sweeper.start();
    await vi.advanceTimersByTimeAsync(0);
    await sweeper.stop();
    expect(told).toEqual([deleted]);
  });
});
