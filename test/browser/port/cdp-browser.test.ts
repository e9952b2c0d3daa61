import { existsSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launchBrowser, type BrowserOptions } from "../../../src/browser/launch.js";
import type { BrowserNetwork } from "../../../src/browser/setup/network.js";
import type { Page } from "../../../src/runner/ports.js";
import { startSite, type Site } from "../../site/server.js";
import { openTestNetwork } from "../../support/browser-network.js";
import { processesWith, profileFolders } from "../../support/processes.js";
import { realPool, type RealPool } from "../../support/real-browser.js";
import { silentLog } from "../../support/silent-log.js";

const HEADLESS_SHELL = "/usr/bin/chromium-headless-shell";

const soon = () => AbortSignal.timeout(20_000);

let site: Site;
let real: RealPool | undefined;

beforeAll(async () => {
  site = await startSite();
});
afterEach(async () => {
  await real?.pool.close();
  real = undefined;
});
afterAll(() => site.close());

async function newPage(options: Omit<Parameters<typeof realPool>[0], "size"> = {}): Promise<Page> {
  real = realPool({ size: 1, ...options });
  return (await real.pool.acquire(soon())).page;
}

test("an allowed pattern opens no service that hands out credentials, neither to pages nor to what they load", async () => {
  // The test site under the names of a cloud's inside.
  const lookup = () => Promise.resolve(["127.0.0.1"]);
  const page = await newPage({ allowedHosts: ["127.0.0.1", "*.internal"], network: { lookup } });
  const { port } = new URL(site.url);
  await page.navigate(`http://shop.google.internal:${port}/text`, soon());
  expect(await page.title(soon())).toBe("Text");
  const asked = () => site.requests.filter((request) => request === "GET /form").length;
  const fetchAndFrame = `(url) => fetch(url, { mode: "no-cors" }).then(() => "loaded", () => "failed").then((answer) =>
    new Promise((resolve) => {
      const frame = document.createElement("iframe");
      frame.src = url;
      frame.onload = () => resolve(answer);
      document.body.append(frame);
    }))`;
  const metadata = `http://metadata.google.internal:${port}/form`;
  const before = asked();
  expect(await page.call(fetchAndFrame, metadata, soon())).toBe("failed");
  await expect(page.navigate(metadata, soon())).rejects.toThrow("hand out credentials");
  expect(asked()).toBe(before);
  // The same under another name does load, so that the refusal above means something.
  await page.navigate(`http://shop.google.internal:${port}/text`, soon());
  expect(await page.call(fetchAndFrame, metadata.replace("metadata", "shop"), soon())).toBe("loaded");
  expect(asked()).toBe(before + 2);
});

test.each(["cdp", "classic"] as const)(
  "switches of the operator's reach the browser: over %s",
  async (road) => {
    const page = await newPage({ road, switches: ["--force-prefers-reduced-motion"] });
    await page.navigate(`${site.url}/text`, soon());
    const calm = `() => String(matchMedia("(prefers-reduced-motion: reduce)").matches)`;
    expect(await page.call(calm, "", soon())).toBe("true");
  },
);

test.skipIf(!existsSync(HEADLESS_SHELL))(
  `Chromium's headless shell is driven as any other (needs ${HEADLESS_SHELL})`,
  async () => {
    const page = await newPage({ binary: HEADLESS_SHELL });
    await page.navigate(`${site.url}/login`, soon());
    expect(await page.title(soon())).toBe("Login Page");
    expect((await page.screenshot(soon())).length).toBeGreaterThan(1_000);
    await page.openWindow(soon());
    expect(await page.windows(soon())).toHaveLength(2);
    const folders = profileFolders();
    await real?.pool.close();
    expect(folders.flatMap((folder) => processesWith(folder))).toEqual([]);
  },
);

describe("what cannot be launched says what to do", () => {
  const find = () => Promise.reject(new Error("not looked for"));
  let network: BrowserNetwork;
  let options: Omit<BrowserOptions, "kind" | "protocol">;

  beforeAll(async () => {
    network = await openTestNetwork();
    options = { headless: true, allowedHosts: [], find, network, log: silentLog };
  });
  afterAll(() => network.close());

  test("Firefox over DevTools", async () => {
    const launching = launchBrowser({ ...options, kind: "firefox", protocol: "cdp" }, soon());
    await expect(launching).rejects.toThrow("set BROWSER_PROTOCOL to auto or classic");
  });

  test("a Selenium server that is not there", async () => {
    const remoteUrl = "http://127.0.0.1:1/wd/hub";
    const launching = launchBrowser({ ...options, kind: "chrome", protocol: "auto", remoteUrl }, soon());
    await expect(launching).rejects.toThrow("SELENIUM_REMOTE_URL (127.0.0.1:1) gave no browser: ");
  });
});
