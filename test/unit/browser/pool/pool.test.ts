import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DEMAND_WINDOW_MS } from "../../../../src/browser/pool/demand.js";
import { BrowserLostError, type BrowserProcess } from "../../../../src/browser/launched-browser.js";
import { WarmBrowserPool } from "../../../../src/browser/pool/pool.js";
import type { BrowserSession } from "../../../../src/execution/ports.js";
import { PageError } from "../../../../src/runner/ports.js";
import { FakePage } from "../../../support/fake-browser.js";
import { silentLog } from "../../../support/silent-log.js";

/** A browser that is only counted. */
class FakeBrowser implements BrowserProcess {
  readonly #lost = new AbortController();
  sessionsMade = 0;
  readonly pages: FakePage[] = [];
  open = 0;
  closed = false;
  /** While set, a new session waits for it. */
  hold: Promise<void> | undefined;
  /** True lets the page of the next new session crash as it opens. */
  crashesNext = false;

  get isRunning(): boolean {
    return this.open > 0;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async newSession(): Promise<BrowserSession> {
    this.lost.throwIfAborted();
    this.sessionsMade++;
    await this.hold;
    this.lost.throwIfAborted();
    const crashes = this.crashesNext;
    this.crashesNext = false;
    if (crashes) throw new PageError("crashed", "the page crashed");
    this.open++;
    const close = () => {
      this.open--;
      return Promise.resolve();
    };
    const page = new FakePage();
    this.pages.push(page);
    return { page, lost: this.lost, close };
  }

  close(): Promise<void> {
    this.closed = true;
    this.die();
    return Promise.resolve();
  }

  die(): void {
    if (!this.lost.aborted) this.#lost.abort(new BrowserLostError("The browser is gone: it was killed."));
  }
}

let launched: FakeBrowser[];
let pool: WarmBrowserPool;
const check = vi.fn<() => Promise<void>>();
/** Set to make the next start of a browser fail. */
let failure: Error | undefined;

beforeEach(() => {
  vi.useFakeTimers();
  launched = [];
  failure = undefined;
  check.mockReset().mockRejectedValue(new Error("No browser was found."));
});

afterEach(async () => {
  await pool.close();
  expect(launched.filter(({ closed }) => !closed)).toEqual([]);
  vi.useRealTimers();
});

function newPool(size: number): WarmBrowserPool {
  const launch = () => {
    if (failure) return Promise.reject(failure);
    const browser = new FakeBrowser();
    launched.push(browser);
    return Promise.resolve(browser);
  };
  pool = new WarmBrowserPool({ size, launch, check, log: silentLog });
  return pool;
}

const acquire = () => pool.acquire(new AbortController().signal);
const sum = (which: "open" | "sessionsMade") =>
  launched.reduce((total, browser) => total + browser[which], 0);
/** Lets everything happen that is due within this time. */
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test("one session is ready, and the next a little after it was taken", async () => {
  await newPool(4).warm();
  expect(sum("sessionsMade")).toBe(1);
  const session = await acquire();
  expect(sum("sessionsMade")).toBe(1);
  await pass(199);
  expect(sum("sessionsMade")).toBe(1);
  await pass(1);
  expect(sum("open")).toBe(2);
  await session.close();
  await pass(1_000);
  expect(sum("open")).toBe(1);
  expect(launched).toHaveLength(1);
});

test("as many are ready as were held at the same time within the last minute", async () => {
  await newPool(4).warm();
  const sessions = [await acquire(), await acquire(), await acquire()];
  await pass(1_000);
  expect(sum("open")).toBe(4);
  for (const session of sessions) await session.close();
  await pass(1_000);
  expect(sum("open")).toBe(3);
  await pass(DEMAND_WINDOW_MS);
  expect(sum("open")).toBe(1);
});

test("never more are ready than may be held beside those that are, but one", async () => {
  await newPool(2).warm();
  const sessions = [await acquire(), await acquire()];
  await pass(1_000);
  expect(sum("open")).toBe(3);
  await sessions[0]?.close();
  await pass(1_000);
  expect(sum("open")).toBe(2);
  await sessions[1]?.close();
  await pass(1_000);
  expect(sum("open")).toBe(2);
});

test("whoever comes while a session is being prepared gets that one, and the next one of their own", async () => {
  await newPool(4).warm();
  const [browser] = launched;
  await acquire();
  let release: () => void = () => undefined;
  if (browser) browser.hold = new Promise((resolve) => (release = resolve));
  await pass(200);
  expect(sum("sessionsMade")).toBe(2);
  const waiting = [acquire(), acquire()];
  await pass(0);
  expect(sum("sessionsMade")).toBe(3);
  release();
  await Promise.all(waiting);
});

test("runs side by side are spread over two browsers, and a run after the other is not", async () => {
  await newPool(4).warm();
  for (let run = 0; run < 5; run++) {
    const session = await acquire();
    await pass(1_000);
    await session.close();
  }
  expect(launched).toHaveLength(1);
  for (let run = 0; run < 4; run++) {
    await acquire();
    await pass(1_000);
  }
  expect(launched).toHaveLength(2);
  expect(launched.map(({ open }) => open)).toEqual([3, 2]);
});

test("a browser makes 100 sessions, ends with the last of them, and another takes its place", async () => {
  await newPool(1).warm();
  for (let run = 0; run < 250; run++) {
    const session = await acquire();
    await pass(200);
    await session.close();
    await pass(0);
  }
  expect(launched.map(({ sessionsMade }) => sessionsMade)).toEqual([100, 100, 51]);
  expect(launched.map(({ closed }) => closed)).toEqual([true, true, false]);
});

test("a browser that dies takes what was ready in it along, and another is there for the next run", async () => {
  await newPool(2).warm();
  launched[0]?.die();
  await pass(0);
  expect(launched.map(({ closed }) => closed)).toEqual([true, false]);
  const session = await acquire();
  expect(session.lost.aborted).toBe(false);
  expect(launched[1]?.sessionsMade).toBe(1);
});

test("one that dies while it makes a session gets a second chance in another", async () => {
  await newPool(2).warm();
  const [browser] = launched;
  await acquire();
  let release: () => void = () => undefined;
  if (browser) browser.hold = new Promise((resolve) => (release = resolve));
  const acquiring = acquire();
  await pass(0);
  browser?.die();
  release();
  expect((await acquiring).lost.aborted).toBe(false);
  expect(launched).toHaveLength(2);
});

test("a session whose page crashes as it is made is made again", async () => {
  await newPool(2).warm();
  const [browser] = launched;
  await acquire();
  if (browser) browser.crashesNext = true;
  await expect(acquire()).resolves.toBeDefined();
  expect(browser?.open).toBe(2);
});

test("a browser that cannot be started is told to whoever asks, and tried again for the next", async () => {
  newPool(2);
  failure = new Error("No browser was found. Next: install one.");
  await pool.warm();
  await expect(acquire()).rejects.toThrow("Next: install one");
  failure = undefined;
  await expect(acquire()).resolves.toBeDefined();
});

test("it is looked for a browser unless one is running", async () => {
  newPool(1);
  await expect(pool.check(AbortSignal.timeout(1_000))).rejects.toThrow("No browser was found");
  await pool.warm();
  await pool.check(AbortSignal.timeout(1_000));
  expect(check).toHaveBeenCalledTimes(1);
});

test("where browsers come from is no browser", async () => {
  await newPool(1).warm();
  const [source] = launched;
  if (source) source.open = 0;
  await expect(pool.check(AbortSignal.timeout(1_000))).rejects.toThrow("No browser was found");
});

test("whoever gives up while a session is made leaves nothing held", async () => {
  await newPool(1).warm();
  const [browser] = launched;
  const first = await acquire();
  let release: () => void = () => undefined;
  if (browser) browser.hold = new Promise((resolve) => (release = resolve));
  const stop = new AbortController();
  const acquiring = pool.acquire(stop.signal);
  const given = expect(acquiring).rejects.toThrow("enough");
  stop.abort(new Error("enough"));
  await given;
  release();
  await first.close();
  await pass(1_000);
  expect(sum("open")).toBe(1);
});

test("closing while a session is being prepared leaves nothing", async () => {
  const warming = newPool(1).warm();
  const closing = pool.close();
  await Promise.all([warming, closing]);
  await expect(acquire()).rejects.toThrow("closed");
});

test("a session whose page has crashed while it was ready is not given to a run", async () => {
  await newPool(2).warm();
  const [crashed] = launched[0]?.pages ?? [];
  if (crashed) crashed.hasCrashed = true;
  const session = await acquire();
  expect(session.page).not.toBe(crashed);
  expect(launched).toHaveLength(1);
  expect(launched[0]?.open).toBe(1);
  await session.close();
});
