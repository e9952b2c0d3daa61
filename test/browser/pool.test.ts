import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { removeAbandonedProfiles } from "../../src/browser/profile.js";
import type { BrowserSession } from "../../src/execution/ports.js";
import { startSite, type Site } from "../site/server.js";
import { browserProcess, processesWith, profileFolders } from "../support/processes.js";
import { realPool, type RealPool } from "../support/real-browser.js";

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
    await expect(call).rejects.toThrow("The browser is gone");
    expect(performance.now() - started).toBeLessThan(2_000);
    await session.close();
    await expect.poll(() => processesWith(folder), { timeout: 5_000 }).toEqual([]);
  });

  test("a session whose page hangs is closed all the same, and the pool is whole again", async () => {
    const session = await acquire();
    await session.page.navigate(`${site.url}/text`, soon());
    const hang = session.page.call("() => { for (;;) {} }", "", AbortSignal.timeout(300));
    await expect(hang).rejects.toThrow();
    const started = performance.now();
    await session.close();
    expect(performance.now() - started).toBeLessThan(5_000);
    const next = await acquire();
    await next.page.navigate(`${site.url}/text`, soon());
    await next.close();
  });

  test("a caller that gives up while a browser starts leaves nothing held", async () => {
    await expect(real.pool.acquire(AbortSignal.timeout(1))).rejects.toThrow();
    const session = await acquire();
    await session.close();
  });
});

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
