import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import type { BrowserSession } from "../../../src/execution/ports.js";
import type { Page } from "../../../src/runner/ports.js";
import { startSite, type Site } from "../../site/server.js";
import { argumentsOf, processesWith, profileFolders } from "../../support/processes.js";
import { REACH_FROM_PAGE, THIS_MACHINE } from "../../support/reaching.js";
import { realPool, ROADS, type RealPool, type Road } from "../../support/real-browser.js";
import { runCommands } from "../../support/script-context.js";
import { writeShellProgram } from "../../support/shell-program.js";
import { closeAllButFirst } from "../../support/windows.js";

/** Time that a try to reach a port gets, in milliseconds; those of this machine answer at once. */
const TRY_MS = 1_500;

const soon = () => AbortSignal.timeout(50_000);
const pause = () => new Promise((resolve) => setTimeout(resolve, 100));

let site: Site;
let folder: string;
/** A program that must never run, and the file that it would leave. */
let program: string;
let mark: string;

beforeAll(async () => {
  site = await startSite();
  folder = await mkdtemp(join(tmpdir(), "stepwire-test-"));
  program = join(folder, "program");
  mark = join(folder, "it ran");
  await writeShellProgram(program, `touch "${mark}"`);
});

afterAll(async () => {
  await site.close();
  await rm(folder, { recursive: true });
});

/** The ports of this test's browsers, their drivers and the proxy before them, as their command lines tell. */
function ownPorts(): number[] {
  const port = /^--(?:remote-debugging-port=|port=|proxy-server=socks5:..127\.0\.0\.1:)(\d+)$/;
  const processes = profileFolders().flatMap((folder) => processesWith(folder));
  const found = processes.flatMap(argumentsOf).flatMap((argument) => port.exec(argument)?.[1] ?? []);
  return [...new Set(found)].map(Number);
}

describe.each(ROADS)("over %s, the ports of browsers and drivers", (road: Road) => {
  let real: RealPool;
  let session: BrowserSession;
  /** Another run's. */
  let other: BrowserSession;
  let page: Page;

  beforeAll(async () => {
    real = realPool({ size: 2, road });
    session = await real.pool.acquire(soon());
    other = await real.pool.acquire(soon());
    page = session.page;
    await other.page.navigate(`${site.url}/form`, soon());
  });

  beforeEach(() => page.navigate(`${site.url.replace("127.0.0.1", "localhost")}/text`, soon()));

  afterAll(async () => {
    await Promise.all([session.close(), other.close()]);
    await real.pool.close();
  });

  // First: after many tries in vain a browser holds further sockets back for seconds.
  test("other ports of this machine answer by the same roads, so the silence means something", async () => {
    const [answered, requests] = await withServer(async (url) => {
      const answer = await page.call(
        REACH_FROM_PAGE,
        JSON.stringify({ urls: [url], body: "x", ms: TRY_MS }),
        soon(),
      );
      return JSON.parse(answer) as string[];
    });
    const roads = answered.map((line) => line.split(" ")[0]);
    expect(roads).toEqual(expect.arrayContaining(["fetch", "post", "socket", "worker", "shared", "image"]));
    expect(requests).toBeGreaterThan(8);
  });

  test("answer no page, however it asks", async () => {
    const ports = ownPorts();
    // A driver, its browser's DevTools and the proxy at least.
    expect(ports.length).toBeGreaterThanOrEqual(3);
    const evil = { binary: program, args: ["--no-sandbox"] };
    const body = JSON.stringify({ capabilities: { alwaysMatch: { "goog:chromeOptions": evil } } });
    const paths = ["/session", "/json/list"];
    const urls = ports.flatMap((port) => paths.map((path) => `http://127.0.0.1:${port}${path}`));
    const spelled = THIS_MACHINE.map(
      (host, index) => `http://${host}:${ports[index % ports.length]}/shutdown`,
    );
    const answered = await page.call(
      REACH_FROM_PAGE,
      JSON.stringify({ urls: [...urls, ...spelled], body, ms: TRY_MS }),
      soon(),
    );
    expect(JSON.parse(answered)).toEqual([]);
    expect(existsSync(mark)).toBe(false);
    expect([session.lost.aborted, other.lost.aborted]).toEqual([false, false]);
    expect(await other.page.title(soon())).toBe("Form");
  });

  test("cannot be opened by a script, in any spelling", async () => {
    const [driver = 0, ...others] = ownPorts();
    const urls = [
      ...THIS_MACHINE.map((host) => `http://${host}:${driver}/json/list`),
      ...others.map((port) => `http://127.0.0.1:${port}/json/list`),
      `http://127.0.0.1:${others[0] ?? 0}/devtools/inspector.html`,
    ];
    for (const url of urls) {
      const { outcome } = await runCommands(page, [{ action: "navigate", url }]);
      const message = expect.stringContaining("set BROWSER_PORTS") as string;
      expect(outcome, url).toMatchObject({ verdict: "error", message });
    }
  });

  test("cannot be opened by what a page does, nor can the browser's own pages", async () => {
    const targets = [
      ...ownPorts()
        .slice(0, 2)
        .map((port) => `http://127.0.0.1:${port}/json/list`),
      "chrome://version/",
      "chrome://inspect/",
      "devtools://devtools/bundled/inspector.html",
      "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/index.html",
      "view-source:http://localhost/",
      "file:///etc/passwd",
    ];
    const seen: string[] = [];
    for (const to of targets) {
      for (const road of ["redirect", "refresh"]) {
        await page
          .navigate(`${site.url}/reach/${road}?to=${encodeURIComponent(to)}`, soon())
          .catch(() => undefined);
        seen.push(await whereIsIt(page));
      }
      // What opens in a window of its own leaves the page for the next road.
      for (const roads of ["new popup link", "form", "assign"]) {
        await page.navigate(`${site.url}/reach/links?to=${encodeURIComponent(to)}`, soon());
        const press = `(ids) => { for (const id of ids.split(" ")) document.getElementById(id).click(); return ""; }`;
        await page.call(press, roads, soon()).catch(() => undefined);
        // There is no event to wait for when nothing opens.
        await pause();
        for (const window of await page.windows(soon())) {
          await page.switchWindow(window.id, soon());
          seen.push(await whereIsIt(page));
        }
        await closeAllButFirst(page);
      }
    }
    const opened = seen.filter((text) =>
      /webSocketDebuggerUrl|Command Line|Inspect with|root:x:|^(?:chrome|devtools|file|view-source|chrome-extension):(?!\/\/chromewebdata)/.test(
        text,
      ),
    );
    expect(opened).toEqual([]);
    expect(seen.length).toBeGreaterThanOrEqual(targets.length * 5);
  });

  test("are not opened by the browser's own keys either, nor are its pages", async () => {
    const { url } = site;
    await page.navigate(`${url}/text`, soon());
    const chords = [
      "F12",
      "Control+u",
      "Control+h",
      "Control+j",
      "Control+Shift+i",
      "Control+Shift+j",
      "Control+t",
    ];
    for (const keys of [...chords, "Control+n", "Control+o", "Control+Shift+o", "Shift+Escape", "F1"]) {
      const { outcome } = await runCommands(page, [{ action: "press_key", keys }]);
      expect(outcome, keys).toMatchObject({ verdict: "passed" });
    }
    await pause();
    expect(await page.windows(soon())).toHaveLength(1);
    expect(await page.url(soon())).toBe(`${url}/text`);
  });
});

/** The address and the text of a page. */
function whereIsIt(page: Page): Promise<string> {
  return page
    .call("() => location.href + ' ' + (document.body?.innerText ?? '').slice(0, 300)", "", soon())
    .then(
      (text) => text.replace(/ERR_[A-Z_]+|chrome-error:\/\/\S+/g, ""),
      () => "no answer",
    );
}

async function withServer<T>(work: (url: string) => Promise<T>): Promise<[T, number]> {
  let requests = 0;
  const server: Server = createServer((_request, response) => {
    requests++;
    response.setHeader("content-type", "image/svg+xml").end(`<svg xmlns="http://www.w3.org/2000/svg"/>`);
  });
  new WebSocketServer({ server }).on("connection", () => requests++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const answer = await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/any`);
    return [answer, requests];
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
