import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ClassicBrowser } from "../../../src/browser/classic/browser.js";
import { BrowserLostError, type LaunchOptions } from "../../../src/browser/launched-browser.js";
import type { BrowserNetwork } from "../../../src/browser/setup/network.js";
import type { BrowserSession } from "../../../src/execution/ports.js";
import { openTestNetwork } from "../../support/browser-network.js";
import { findChromium } from "../../support/installed-browser.js";
import { browserProcess, processesWith, profileFolders } from "../../support/processes.js";
import { silentLog } from "../../support/silent-log.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

/** Never answered by the page; only its cancelling ends it. */
const ENDLESS = "() => new Promise(() => undefined)";
const MIDDLE_OF = `(selector) => {
  const { x, y, width, height } = document.querySelector(selector).getBoundingClientRect();
  return JSON.stringify({ x: x + width / 2, y: y + height / 2 });
}`;

let site: TinySite;
let network: BrowserNetwork;
let browser: ClassicBrowser;
let session: BrowserSession;

const soon = () => AbortSignal.timeout(15_000);
const newBrowser = (options: Partial<LaunchOptions> = {}) =>
  new ClassicBrowser({
    kind: "chrome",
    headless: true,
    allowedHosts: [],
    network,
    find: findChromium,
    log: silentLog,
    ...options,
  });

beforeAll(async () => {
  site = await startTinySite({
    "/": () => `<title>Start</title><a id="file" href="/file">file</a>
<button id="twice" onclick="alert('one'); document.title = 'asked ' + confirm('two')">twice</button>`,
    "/framed": () => `<body style="margin: 0; height: 3000px"><iframe src="/inner"
 style="position: absolute; left: 150px; top: 400px; width: 300px; height: 200px; border: 7px solid; padding: 3px"></iframe>`,
    "/inner":
      () => `<body style="margin: 0"><button id="hit" style="position: absolute; left: 40px; top: 60px"
 onclick="this.textContent = event.isTrusted && 'hit'">aim</button>`,
    "/file": (_query, response) => {
      response.writeHead(200, { "content-disposition": "attachment; filename=same.txt" }).end("content");
      return undefined;
    },
    // Never answers.
    "/never": () => undefined,
  });
  network = await openTestNetwork();
  browser = newBrowser();
});

afterAll(async () => {
  await browser.close();
  await network.close();
  await site.close();
});

beforeEach(async () => {
  session = await browser.newSession();
});

afterEach(() => session.close());

const visit = (path: string) => session.page.navigate(site.url + path, soon());
async function click(selector: string): Promise<void> {
  const point = JSON.parse(await session.page.call(MIDDLE_OF, selector, soon())) as { x: number; y: number };
  const button = "left";
  await session.page.pointer(
    [
      { type: "move", to: point },
      { type: "down", button },
      { type: "up", button },
    ],
    soon(),
  );
}

describe("one command at a time", () => {
  test("a picture is taken while a call waits in the page", async () => {
    await visit("/");
    const done = new AbortController();
    const waiting = session.page.call(ENDLESS, "", done.signal);
    const picture = await session.page.screenshot(soon());
    expect([...picture.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    done.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
  });

  test("a cancelled call leaves the browser free", async () => {
    await visit("/");
    await expect(session.page.call(ENDLESS, "", AbortSignal.timeout(300))).rejects.toThrow("timeout");
    expect(
      await session.page.call("(name) => name + document.title", "title ", AbortSignal.timeout(1_500)),
    ).toBe("title Start");
  });

  test("a navigation that was given up does not hold up the next", async () => {
    await visit("/");
    const never = session.page.navigate(`${site.url}/never`, AbortSignal.timeout(300));
    await expect(never).rejects.toThrow("timeout");
    await visit("/inner");
    expect(await session.page.url(soon())).toBe(`${site.url}/inner`);
  });

  test("a page that never answers cannot keep its session from ending", async () => {
    await visit("/");
    const busy = "() => { setTimeout(() => { for (;;); }); return new Promise(() => {}); }";
    await expect(session.page.call(busy, "", AbortSignal.timeout(1_000))).rejects.toThrow("timeout");
    const started = performance.now();
    await session.close();
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

test("a call whose script a dialog cuts off goes on behind it and runs once", async () => {
  await visit("/");
  const call = session.page.call(
    "() => { document.title += '!'; alert('now'); return document.title; }",
    "",
    soon(),
  );
  expect(await session.page.dialogOpened(soon())).toMatchObject({ kind: "alert", message: "now" });
  await session.page.answerDialog({ accept: true }, soon());
  expect(await call).toBe("Start!");
});

test("a call whose answer is lost with its document is not made again in the next", async () => {
  await visit("/");
  expect(await session.page.call("() => localStorage.calls = 0", "", soon())).toBe("0");
  // Longer than the driver waits for an answer, in the document that the call leaves.
  const leave = `() => {
    localStorage.calls++;
    location.href = "/inner";
    for (const end = Date.now() + 2_500; Date.now() < end; );
    return new Promise(() => {});
  }`;
  await expect(session.page.call(leave, "", soon())).rejects.toMatchObject({ kind: "document-replaced" });
  expect(await session.page.url(soon())).toBe(`${site.url}/inner`);
  expect(await session.page.call("() => localStorage.calls", "", soon())).toBe("1");
});

test("dialogs in a row are told apart by Chromium's log", async () => {
  await visit("/");
  await click("#twice");
  await session.page.answerDialog({ accept: true }, soon());
  expect(await session.page.dialogOpened(soon())).toMatchObject({ kind: "confirm", message: "two" });
  await session.page.answerDialog({ accept: true }, soon());
  expect(await session.page.title(soon())).toBe("asked true");
  expect(session.page.records.dialogs).toEqual([
    { kind: "alert", message: "one", state: "accepted" },
    { kind: "confirm", message: "two", state: "accepted" },
  ]);
});

test("a point in a frame is where the pointer goes, whatever has been scrolled", async () => {
  await visit("/framed");
  await session.page.call("() => scrollTo(0, 250)", "", soon());
  await session.page.enterFrame(
    await session.page.element("() => document.querySelector('iframe')", soon()),
    soon(),
  );
  await click("#hit");
  expect(await session.page.call("() => document.querySelector('#hit').textContent", "", soon())).toBe("hit");
});

test("a call in a frame that was removed is not made in the page around it", async () => {
  await visit("/framed");
  await session.page.enterFrame(
    await session.page.element("() => document.querySelector('iframe')", soon()),
    soon(),
  );
  await session.page.call("() => setTimeout(() => frameElement.remove())", "", soon());
  const call = session.page.call("() => document.title = 'changed'", "", soon());
  await expect(call).rejects.toMatchObject({ kind: "frame-gone", message: /the frame is gone/ });
  await session.page.leaveFrame("top", soon());
  expect(await session.page.title(soon())).toBe("");
});

test("two downloads of one name are two files", async () => {
  await visit("/");
  for (const count of [1, 2]) {
    await click("#file");
    while (session.page.records.downloads.filter(({ state }) => state === "complete").length < count) {
      await session.page.downloadChanged(soon());
    }
  }
  const { downloads } = session.page.records;
  expect(downloads.map(({ fileName, url }) => ({ fileName, url }))).toEqual(
    [1, 2].map(() => ({ fileName: "same.txt", url: `${site.url}/file` })),
  );
  const paths = downloads.map(({ path }) => path ?? "");
  expect(new Set(paths).size).toBe(2);
  expect(paths.map((path) => readFileSync(path, "utf8"))).toEqual(["content", "content"]);
});

describe("sessions", () => {
  test("share nothing", async () => {
    const other = await browser.newSession();
    try {
      await visit("/");
      await other.page.navigate(site.url, soon());
      await session.page.call("() => { document.cookie = 'a=1'; localStorage.b = '2'; }", "", soon());
      expect(await other.page.call("() => document.cookie + localStorage.b", "", soon())).toBe("undefined");
    } finally {
      await other.close();
    }
  });

  test("leave no process and no folder behind", async () => {
    const own = newBrowser();
    const before = profileFolders();
    await own.newSession();
    const [folder = ""] = profileFolders().filter((name) => !before.includes(name));
    expect(processesWith(folder).length).toBeGreaterThan(1);
    await own.close();
    expect(processesWith(folder)).toEqual([]);
    expect(profileFolders()).toEqual(before);
    await expect(own.newSession()).rejects.toThrow("closed");
  });

  test("that are just starting end with the others", async () => {
    const own = newBrowser();
    const before = profileFolders();
    const onlyAdded = () => {
      const [name, ...others] = profileFolders().filter((folder) => !before.includes(folder));
      return others.length === 0 ? name : undefined;
    };
    const starting = own.newSession();
    const settled = Promise.allSettled([starting]);
    // Looked for no more once it is found: its owner cannot be read while the driver is noted beside it.
    const folder = await vi.waitUntil(onlyAdded, { timeout: 10_000 });
    await own.close();
    expect(profileFolders()).toEqual(before);
    expect(processesWith(folder)).toEqual([]);
    await settled;
  });

  test("are lost when their browser dies, even while nothing is asked of it", async () => {
    const before = profileFolders();
    const other = await browser.newSession();
    const [folder = ""] = profileFolders().filter((name) => !before.includes(name));
    const lost = new Promise((resolve) => {
      other.lost.addEventListener("abort", () => {
        resolve(other.lost.reason);
      });
    });
    const pid = browserProcess(folder);
    if (pid === undefined) throw new Error("the browser has no process");
    process.kill(pid, "SIGKILL");
    expect(await lost).toBeInstanceOf(BrowserLostError);
    await expect(other.page.title(soon())).rejects.toThrow("The browser is gone");
    expect(session.lost.aborted).toBe(false);
    await other.close();
    expect(profileFolders()).toEqual(before);
  });
});

test("hosts that only DevTools could refuse on another machine are not opened by accident", () => {
  const remote = { allowedHosts: ["*.google.internal"], remoteUrl: "http://127.0.0.1:1" };
  expect(() => newBrowser(remote)).toThrow(/ALLOWED_HOSTS .* BROWSER_PROTOCOL to cdp/);
});
