import { describe, expect, test } from "vitest";
import type { BrowserSession } from "../../../src/execution/ports.js";
import { InProcessQueue } from "../../../src/execution/queue/queue.js";
import { WatchedPool } from "../../../src/metrics/watched-pool.js";
import { WatchedQueue } from "../../../src/metrics/watched-queue.js";
import { watchScripts, type PerformedCommand } from "../../../src/metrics/watched-scripts.js";
import { lagOf } from "../../../src/metrics/watched-store.js";
import type { RunEvent } from "../../../src/protocol/messages.js";
import type { ScriptScope } from "../../../src/runner/ports.js";
import { latch } from "../execution/set-up.js";

describe("a queue that is watched", () => {
  test("counts those that wait, those that run, and those that are taken out", async () => {
    const waits: number[] = [];
    const queue = new WatchedQueue(new InProcessQueue({ concurrency: 1, capacity: 10 }), (seconds) => {
      waits.push(seconds);
    });
    const first = latch();
    const ended = latch();
    queue.add(() => first.opened);
    const second = queue.add(async () => {
      ended.open();
    });
    const third = queue.add(() => Promise.resolve());
    expect([queue.waiting, queue.running, second.position]).toEqual([2, 1, 1]);
    expect([third.remove(), third.remove(), queue.waiting]).toEqual([true, false, 1]);
    first.open();
    await ended.opened;
    expect([queue.waiting, waits.length]).toEqual([0, 2]);
    await expect.poll(() => queue.running).toBe(0);
  });
});

describe("a pool that is watched", () => {
  test("counts a session until it is closed, however often that is", async () => {
    const session = { close: () => Promise.resolve() } as BrowserSession;
    const waits: number[] = [];
    const pool = new WatchedPool({ acquire: () => Promise.resolve(session) }, (seconds) =>
      waits.push(seconds),
    );
    const held = await pool.acquire(new AbortController().signal);
    expect([pool.held, waits.length]).toEqual([1, 1]);
    await Promise.all([held.close(), held.close()]);
    expect(pool.held).toBe(0);
  });

  test("counts none where none could be had", async () => {
    const pool = new WatchedPool({ acquire: () => Promise.reject(new Error("no browser")) }, () => undefined);
    await expect(pool.acquire(new AbortController().signal)).rejects.toThrow("no browser");
    expect(pool.held).toBe(0);
  });
});

describe("scripts that are watched", () => {
  const click = { action: "click" } as never;
  const told: string[] = [];
  const scope = {
    listener: {
      onCommandBegun: (number: number) => told.push(`begun ${number}`),
      onCommandEnded: (number: number) => told.push(`ended ${number}`),
    },
  } as unknown as ScriptScope;

  test("tell of each command with its verdict, and hand everything on", async () => {
    const commands: PerformedCommand[] = [];
    const perform = watchScripts(
      async (_script, { listener }) => {
        listener.onCommandBegun(1, click, "");
        listener.onCommandEnded(1, click);
        listener.onCommandBegun(2, click, "");
        listener.onCommandEnded(2, click, { verdict: "failed", message: "no", endsScript: true });
        return { verdict: "passed" };
      },
      (command) => commands.push(command),
    );
    await perform([], scope);
    expect(commands.map(({ verdict }) => verdict)).toEqual(["passed", "failed"]);
    expect(told).toEqual(["begun 1", "ended 1", "begun 2", "ended 2"]);
  });

  test("tell of a command that was interrupted as an error", async () => {
    const commands: PerformedCommand[] = [];
    const perform = watchScripts(
      (_script, { listener }) => {
        listener.onCommandBegun(1, click, "");
        return Promise.reject(new Error("cancelled"));
      },
      (command) => commands.push(command),
    );
    await expect(perform([], scope)).rejects.toThrow("cancelled");
    expect(commands).toMatchObject([{ action: "click", verdict: "error" }]);
  });
});

test("the lag of a batch is that of its oldest event, and never negative", () => {
  const at = Date.UTC(2026, 0, 13);
  const batch = (...times: number[]) => ({
    events: times.map((ms) => ({ ts: new Date(at + ms).toISOString() }) as RunEvent),
    steps: [],
    runs: [],
  });
  expect(lagOf(batch(0, 400), at + 500)).toBe(0.5);
  expect(lagOf(batch(700), at + 500)).toBe(0);
  expect(lagOf(batch(), at)).toBeUndefined();
});
