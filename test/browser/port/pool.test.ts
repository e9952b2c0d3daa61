import { readlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CdpBrowser } from "../../../src/browser/cdp/browser.js";
import { removeAbandonedProfiles } from "../../../src/browser/setup/profile.js";
import type { BrowserSession } from "../../../src/execution/ports.js";
import { startSite, type Site } from "../../site/server.js";
import { browserProcess, environmentOf, processesWith, profileFolders } from "../../support/processes.js";
import { realPool, type RealPool } from "../../support/real-browser.js";

let site: Site;
let real: RealPool;

beforeEach(async () => {
  site = await startSite();
  real = realPool({ size: 2 });
});

afterEach(async () => {
  await real.pool.close();
  await site.close();
});

const acquire = (): Promise<BrowserSession> => real.pool.acquire(AbortSignal.timeout(20_000));
const soon = () => AbortSignal.timeout(10_000);

function killBrowser(): void {
  for (const folder of profileFolders()) {
    const pid = browserProcess(folder);
    if (pid !== undefined) process.kill(pid, "SIGKILL");
  }
}

test("a browser stays warm: further sessions come from the same one", async () => {
  await real.pool.warm();
  for (let round = 0; round < 3; round++) {
    const session = await acquire();
    await session.page.navigate(`${site.url}/text`, soon());
    await session.close();
  }
  expect(real.launched).toHaveLength(1);
});

test("a session that is closed twice is closed once, and its browser lives on", async () => {
  const session = await acquire();
  await Promise.all([session.close(), session.close()]);
  await session.close();
  const next = await acquire();
  await next.page.navigate(`${site.url}/text`, soon());
  expect(real.launched).toHaveLength(1);
  expect(next.lost.aborted).toBe(false);
  await next.close();
});

test("sessions held at the same time are spread over two browsers, and do not see each other", async () => {
  const sessions = [await acquire(), await acquire()];
  await expect.poll(() => real.launched.length, { timeout: 10_000 }).toBe(2);
  const cookies = "() => { const seen = document.cookie; document.cookie = 'a=1'; return seen; }";
  for (const { page } of sessions) {
    await page.navigate(`${site.url}/text`, soon());
    expect(await page.call(cookies, "", soon())).toBe("");
  }
  for (const session of sessions) await session.close();
});

test("as many sessions are made ready as were held, and start without a wait", async () => {
  const { mock } = vi.spyOn(CdpBrowser.prototype, "newSession");
  const made = () =>
    mock.settledResults.flatMap(({ type, value }) => (type === "fulfilled" ? [value.page] : []));
  const sessions = [await acquire(), await acquire()];
  for (const session of sessions) await session.close();
  await expect.poll(() => made().length, { timeout: 20_000 }).toBeGreaterThanOrEqual(4);
  const before = made();
  const next = await Promise.all([acquire(), acquire()]);
  expect(next.map(({ page }) => before.includes(page))).toEqual([true, true]);
});

describe("faults", () => {
  test("a killed browser is noticed within 2 s, and the next session gets a new one", async () => {
    const session = await acquire();
    await session.page.navigate(`${site.url}/text`, soon());
    const started = performance.now();
    const call = session.page.call("() => new Promise(() => {})", "", AbortSignal.timeout(20_000));
    killBrowser();
    await expect(call).rejects.toThrow("The browser is gone");
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(session.lost.aborted).toBe(true);
    await session.close();

    const next = await acquire();
    await next.page.navigate(`${site.url}/text`, soon());
    await next.close();
  });

  test("a killed driver is noticed within 2 s, and leaves no browser behind", async () => {
    const session = await acquire();
    const [folder = ""] = profileFolders();
    const call = session.page.call("() => new Promise(() => {})", "", AbortSignal.timeout(20_000));
    const started = performance.now();
    for (const pid of processesWith(`--log-path=`)) {
      if (processesWith(folder).includes(pid)) process.kill(pid, "SIGKILL");
    }
    await expect(call).rejects.toThrow("The browser is gone: its driver has ended.");
    expect(performance.now() - started).toBeLessThan(2_000);
    await session.close();
    await expect.poll(() => processesWith(folder), { timeout: 5_000 }).toEqual([]);
  });

  test.each([
    ["hangs", "() => { for (;;) {} }"],
    ["hangs again and again", "() => { setInterval(() => { for (;;) {} }, 0); return ''; }"],
    ["hangs while it is left", "() => { addEventListener('unload', () => { for (;;) {} }); return ''; }"],
    ["is full of dialogs", "() => { setInterval(() => alert('again'), 0); return ''; }"],
  ])("a session whose page %s is closed within 2 s, and takes no other along", async (_what, script) => {
    const [session, other] = [await acquire(), await acquire()];
    await other.page.navigate(`${site.url}/text`, soon());
    await session.page.navigate(`${site.url}/text`, soon());
    await session.page.call(script, "", AbortSignal.timeout(300)).catch(() => undefined);
    const started = performance.now();
    await session.close();
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(await other.page.title(soon())).toBe("Text");
    expect(real.launched.map((browser) => browser.lost.aborted)).not.toContain(true);
    const next = await acquire();
    await next.page.navigate(`${site.url}/text`, soon());
    await Promise.all([next.close(), other.close()]);
  });

  test("a session whose page crashes takes no other along, and goes on with the next page", async () => {
    const [session, other] = [await acquire(), await acquire()];
    await other.page.navigate(`${site.url}/text`, soon());
    await session.page.navigate(`${site.url}/text`, soon());
    await expect(session.page.navigate("chrome://crash", soon())).rejects.toThrow();
    await expect(session.page.screenshot(soon())).rejects.toThrow("the page crashed");
    expect(await other.page.title(soon())).toBe("Text");
    await session.page.navigate(`${site.url}/form`, soon());
    expect(await session.page.call("() => document.title", "", soon())).toBe("Form");
    await Promise.all([session.close(), other.close()]);
  });

  test("a caller that gives up while a browser starts leaves nothing held", async () => {
    await expect(real.pool.acquire(AbortSignal.timeout(1))).rejects.toThrow();
    const session = await acquire();
    await session.close();
  });
});

test.runIf(process.platform === "linux")(
  "what a browser keeps among temporary files is in its profile folder (Linux)",
  async () => {
    await acquire();
    const [folder = ""] = profileFolders();
    // The link that leads to its socket, for which a browser makes a folder among those.
    expect(readlinkSync(join(tmpdir(), folder, "SingletonSocket"))).toContain(folder);
  },
);

test.runIf(process.platform === "linux")(
  "no process of a browser has the server's credentials, nor anything else of its environment (Linux)",
  async () => {
    vi.stubEnv("SECRET_SHOP", "hush-hush");
    vi.stubEnv("OPENAI_API_KEY", "hush-hush");
    vi.stubEnv("STEPWIRE_TEST_PLAIN", "plain");
    const session = await acquire();
    await session.page.navigate(`${site.url}/text`, soon());
    const [folder = ""] = profileFolders();
    const environments = processesWith(folder).map(environmentOf);
    expect(environments.filter((text) => text.includes("STEPWIRE_PROFILE="))).not.toEqual([]);
    expect(environments.filter((text) => /hush-hush|STEPWIRE_TEST_PLAIN/.test(text))).toEqual([]);
  },
);

test("closing leaves no process and no profile folder", async () => {
  const session = await acquire();
  const folders = profileFolders();
  expect(folders.length).toBeGreaterThan(0);
  await session.page.navigate(`${site.url}/text`, soon());
  await real.pool.close();
  expect(profileFolders()).toEqual([]);
  for (const folder of folders) expect(processesWith(folder)).toEqual([]);
});

test("what another server still uses is not taken for abandoned", async () => {
  const session = await acquire();
  const folders = profileFolders();
  await removeAbandonedProfiles();
  expect(profileFolders()).toEqual(expect.arrayContaining(folders));
  await session.page.navigate(`${site.url}/text`, soon());
  await session.close();
});
