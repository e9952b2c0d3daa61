import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ArtifactSweeper } from "../../../src/execution/artifact-sweeper.js";
import type { Retention, Swept } from "../../../src/execution/ports.js";
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

function setUp(sweep: (retention: Retention) => Promise<Swept>, limits = {}) {
  return new ArtifactSweeper({
    artifacts: { sweep },
    maxAgeMs: 24 * HOUR_MS,
    maxBytes: 1_000,
    now: () => new Date(),
    log: silentLog,
    ...limits,
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
    {
      maxAgeMs: undefined,
      maxBytes: undefined,
    },
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
