import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ArtifactSweeper } from "../../../src/execution/artifact-sweeper.js";
import type { Retention } from "../../../src/execution/ports.js";
import { silentLog } from "../../support/silent-log.js";
import { latch } from "./set-up.js";

const HOUR_MS = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(sweep: (retention: Retention) => Promise<number>, limits = {}) {
  return new ArtifactSweeper({
    artifacts: { sweep },
    maxAgeMs: 24 * HOUR_MS,
    maxBytes: 1_000,
    ...limits,
    now: () => new Date(),
    log: silentLog,
  });
}

test("sweeps at once and then every hour, until it is stopped", async () => {
  const sweeps: Retention[] = [];
  const sweeper = setUp(async (retention) => sweeps.push(retention));
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
  const sweeper = setUp(async (retention) => sweeps.push(retention), {
    maxAgeMs: undefined,
    maxBytes: undefined,
  });
  sweeper.start();
  await sweeper.stop();
  expect(sweeps).toMatchObject([{ before: undefined, maxBytes: undefined }]);
});

test("goes on after a sweep that failed", async () => {
  let sweeps = 0;
  const sweeper = setUp(() => (sweeps++ === 0 ? Promise.reject(new Error("busy")) : Promise.resolve(0)));
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
    return 0;
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
