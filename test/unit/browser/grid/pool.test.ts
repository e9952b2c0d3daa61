import { setTimeout } from "node:timers/promises";
import { expect, test as base } from "vitest";
import { abortable } from "../../../../src/async/abortable.js";
import type { AskedBrowser } from "../../../../src/browser/grid/capacity.js";
import { GridPool } from "../../../../src/browser/grid/pool.js";
import { HEAD_START_MS } from "../../../../src/browser/pool/prepared.js";
import { BrowserLostError, type BrowserProcess } from "../../../../src/browser/launched-browser.js";
import { FakePage } from "../../../support/fake-browser.js";
import { silentLog } from "../../../support/silent-log.js";
import { startTinySite } from "../../../support/tiny-site.js";

/** A Grid that is told what to say, and gives browsers without one being there. */
class FakeGrid {
  free = { chrome: 2, firefox: 1 };
  queued = 0;
  readonly asked: AskedBrowser[] = [];
  readonly browsers: { asked: AskedBrowser; lost: AbortController; isClosed: boolean }[] = [];
  /** While set, browsers come only once it resolves. */
  hold: Promise<void> | undefined;
  fault: Error | undefined;

  get status(): string {
    const slots = Object.entries(this.free).flatMap(([browserName, count]) =>
      Array.from({ length: count }, () => ({ session: null, stereotype: { browserName } })),
    );
    const node = { availability: "UP", maxSessions: slots.length, slots };
    return JSON.stringify({ value: { ready: true, nodes: [node] } });
  }

  readonly launch = async (asked: AskedBrowser, signal: AbortSignal): Promise<BrowserProcess> => {
    this.asked.push(asked);
    await abortable(this.hold ?? Promise.resolve(), signal);
    if (this.fault !== undefined) throw this.fault;
    const made = { asked, lost: new AbortController(), isClosed: false };
    this.browsers.push(made);
    let sessionsMade = 0;
    return {
      lost: made.lost.signal,
      get isRunning() {
        return !made.isClosed && !made.lost.signal.aborted;
      },
      get sessionsMade() {
        return sessionsMade;
      },
      newSession: () => {
        sessionsMade++;
        return Promise.resolve({
          page: new FakePage(),
          browser: asked.kind,
          lost: made.lost.signal,
          close: () => Promise.resolve(),
        });
      },
      close: () => {
        made.isClosed = true;
        return Promise.resolve();
      },
    };
  };

  get open(): number {
    return this.browsers.filter(({ isClosed }) => !isClosed).length;
  }
}

const test = base
  .extend("grid", () => new FakeGrid())
  .extend("pool", async ({ grid }, { onCleanup }) => {
    const site = await startTinySite({
      "/status": () => grid.status,
      "/graphql": () => JSON.stringify({ data: { grid: { sessionQueueSize: grid.queued } } }),
    });
    const pool = new GridPool({
      server: site.url,
      kind: "chrome",
      size: 64,
      sizeUnlessTold: 3,
      check: () => Promise.resolve(),
      launch: grid.launch,
      log: silentLog,
    });
    onCleanup(async () => {
      await pool.close();
      await site.close();
    });
    return pool;
  });

const soon = () => AbortSignal.timeout(10_000);

test("a pool has the places that the server tells, and one more in the server's own queue", async ({
  grid,
  pool,
}) => {
  // Nobody has looked yet.
  expect(pool.places.placesFor(undefined)).toBe(3);
  await pool.warm();
  // One browser is ready, whose place the last look has still counted as free.
  expect(grid.open).toBe(1);
  expect(pool.places.placesFor(undefined)).toBe(2);
  grid.free = { chrome: 0, firefox: 0 };
  const looked = new Promise<void>((resolve) => (pool.onPlaces = resolve));
  const session = await pool.acquire(soon(), { browser: { browser: "firefox" } });
  await looked;
  await expect.poll(() => pool.places.placesFor({ browser: "firefox" })).toBe(2);
  expect(pool.places.roomFor({ browser: "firefox" })).toBe(1);
  expect(session.browser).toBe("firefox");
});

test("a browser serves one run after the other, each in a session of its own", async ({ grid, pool }) => {
  const first = await pool.acquire(soon());
  await first.close();
  const second = await pool.acquire(soon());
  expect(second.page).not.toBe(first.page);
  expect(grid.browsers).toHaveLength(1);
});

test("no browser is started beside a run that leaves its own to the next one", async ({ grid, pool }) => {
  await pool.warm();
  const held = await pool.acquire(soon());
  await setTimeout(3 * HEAD_START_MS);
  expect(grid.asked).toHaveLength(1);
  // Two at the same time need two, for a minute.
  await (await pool.acquire(soon())).close();
  await held.close();
  await (await pool.acquire(soon())).close();
  expect(grid.open).toBe(2);
  expect(grid.asked).toHaveLength(2);
});

test("one of the usual kind stays ready beside runs in others", async ({ grid, pool }) => {
  await pool.warm();
  const other = await pool.acquire(soon(), { browser: { browser: "firefox" } });
  await setTimeout(3 * HEAD_START_MS);
  expect(grid.open).toBe(2);
  await other.close();
});

test("a run that waits for the server takes the browser that another run gives back", async ({
  grid,
  pool,
}) => {
  const first = await pool.acquire(soon());
  grid.hold = new Promise(() => undefined);
  const waiting = pool.acquire(soon());
  await expect.poll(() => grid.asked.length).toBe(2);
  await first.close();
  await waiting;
  expect(grid.browsers).toHaveLength(1);
});

test("a run that waits is told its place in the server's queue as it gets better", async ({ grid, pool }) => {
  let come: () => void = () => undefined;
  grid.hold = new Promise((resolve) => (come = resolve));
  grid.queued = 3;
  const places: number[] = [];
  const waiting = pool.acquire(soon(), { onQueued: (place) => places.push(place) });
  await expect.poll(() => places).toEqual([3]);
  grid.queued = 4;
  grid.queued = 1;
  await expect.poll(() => places).toEqual([3, 1]);
  expect(pool.places.ahead()).toBe(1);
  come();
  await waiting;
});

test("browsers that are only kept ready go back when others wait in the server's queue", async ({
  grid,
  pool,
}) => {
  const session = await pool.acquire(soon());
  await session.close();
  await expect.poll(() => pool.sessions().free).toBe(1);
  grid.queued = 1;
  const other = await pool.acquire(soon(), { browser: { browser: "firefox" } });
  await expect.poll(() => grid.browsers.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  await other.close();
});

test("a run that needs another browser does not wait for the place of one that is only kept ready", async ({
  grid,
  pool,
}) => {
  await pool.warm();
  grid.free = { chrome: 0, firefox: 0 };
  let come: () => void = () => undefined;
  grid.hold = new Promise((resolve) => (come = resolve));
  const waiting = pool.acquire(soon(), { browser: { browser: "firefox" } });
  await expect.poll(() => grid.browsers.map(({ isClosed }) => isClosed)).toEqual([true]);
  come();
  await expect(waiting).resolves.toMatchObject({ browser: "firefox" });
});

test("a browser whose node is lost while it waits is not given to a run", async ({ grid, pool }) => {
  await pool.warm();
  grid.browsers[0]?.lost.abort(new BrowserLostError("The browser is gone: its node was switched off."));
  await pool.acquire(soon());
  expect(grid.browsers).toHaveLength(2);
});

test("a browser that no node has is refused with those that there are", async ({ grid, pool }) => {
  await pool.warm();
  grid.fault = new Error(
    "The Selenium server at SELENIUM_REMOTE_URL (grid.test) gave no browser: timed out.",
  );
  await expect(pool.acquire(soon(), { browser: { browser: "edge", version: "128" } })).rejects.toThrow(
    "gave no browser: timed out. No node of it has edge 128; they have chrome, firefox.",
  );
});

test("a run that gives up waiting leaves its browser to the next one", async ({ grid, pool }) => {
  let come: () => void = () => undefined;
  grid.hold = new Promise((resolve) => (come = resolve));
  const controller = new AbortController();
  const waiting = pool.acquire(controller.signal);
  await expect.poll(() => grid.asked.length).toBe(1);
  controller.abort(new Error("cancelled"));
  await expect(waiting).rejects.toThrow("cancelled");
  come();
  await expect.poll(() => pool.sessions().free).toBe(1);
  await pool.acquire(soon());
  expect(grid.browsers).toHaveLength(1);
});
