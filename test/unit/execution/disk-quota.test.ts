import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { DiskUse } from "../../../src/execution/ports.js";
import { DiskQuota } from "../../../src/execution/disk-quota.js";
import { silentLog } from "../../support/silent-log.js";

const MB = 1_000_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(limit: number | undefined, looks: [downloads: number, profile: number][]) {
  let count = 0;
  const diskUse = async (): Promise<DiskUse> => {
    const [downloads, profile] = looks[Math.min(count++, looks.length - 1)] ?? [0, 0];
    return { downloads: downloads * MB, profile: profile * MB };
  };
  const limitBytes = limit === undefined ? undefined : limit * MB;
  const quota = new DiskQuota({ session: { diskUse }, limitBytes, log: silentLog });
  return { quota, looks: () => count };
}

test("is exceeded by downloads and by what the profile has got since the run began, together", async () => {
  const { quota } = setUp(500, [
    [0, 400],
    [300, 600],
    [301, 600],
  ]);
  await vi.advanceTimersByTimeAsync(500);
  expect(quota.exceeded.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(250);
  expect(quota.exceeded.reason).toEqual(
    new Error(
      "The run has put more on the server's disk than it may, 500 MB (RUN_MAX_DISK): its downloads take 301 MB, what else its browser keeps 200 MB.",
    ),
  );
  expect(vi.getTimerCount()).toBe(0);
});

test("looks no more once it is closed", async () => {
  const { quota, looks } = setUp(500, [[0, 0]]);
  await vi.advanceTimersByTimeAsync(500);
  quota.close();
  const before = looks();
  await vi.advanceTimersByTimeAsync(1_000);
  expect([looks(), vi.getTimerCount()]).toEqual([before, 0]);
});

test("looks at nothing where there is no limit, or the browser is on another machine", async () => {
  const { looks } = setUp(undefined, [[9_999, 0]]);
  const remote = new DiskQuota({ session: {}, limitBytes: MB, log: silentLog });
  await vi.advanceTimersByTimeAsync(1_000);
  expect([looks(), remote.exceeded.aborted, vi.getTimerCount()]).toEqual([0, false, 0]);
});

test("goes on looking after a look that failed", async () => {
  let looks = 0;
  const diskUse = async (): Promise<DiskUse> => {
    if (looks++ === 1) throw new Error("gone");
    return { downloads: looks > 2 ? 2 * MB : 0, profile: 0 };
  };
  const quota = new DiskQuota({ session: { diskUse }, limitBytes: MB, log: silentLog });
  await vi.advanceTimersByTimeAsync(750);
  expect(quota.exceeded.aborted).toBe(true);
});
