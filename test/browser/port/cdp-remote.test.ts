import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launchBrowser } from "../../../src/browser/launch.js";
import { ClassicBrowser } from "../../../src/browser/classic/browser.js";
import { DriverProcess } from "../../../src/browser/setup/driver-process.js";
import type { BrowserProcess } from "../../../src/browser/launched-browser.js";
import type { BrowserNetwork } from "../../../src/browser/setup/network.js";
import { checkRemote } from "../../../src/browser/setup/remote-status.js";
import { startSite, type Site } from "../../site/server.js";
import { openTestNetwork } from "../../support/browser-network.js";
import { findChromium } from "../../support/installed-browser.js";
import { processesWith } from "../../support/processes.js";
import { silentLog } from "../../support/silent-log.js";

const soon = () => AbortSignal.timeout(20_000);

/** Stands for a Selenium server in front of a driver: it tells of DevTools in its own way, and takes files. */
let grid: Server;
let relaysDevTools: boolean;
let driver: DriverProcess;
let folder: string;
let site: Site;
let network: BrowserNetwork;
let browser: BrowserProcess | undefined;

beforeAll(async () => {
  site = await startSite();
  folder = await mkdtemp(join(tmpdir(), "stepwire-test-grid-"));
  const found = await findChromium();
  network = await openTestNetwork();
  const { ports } = network;
  driver = await DriverProcess.start({ kind: "chrome", driver: found.driver, folder, ports, signal: soon() });
  grid = createServer((request, response) => {
    relay(request, found.binary).then(
      ({ status, text }) => response.writeHead(status, { "content-type": "application/json" }).end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => grid.listen(0, "127.0.0.1", resolve));
});

beforeEach(() => {
  relaysDevTools = true;
});

afterEach(() => browser?.close());

afterAll(async () => {
  grid.closeAllConnections();
  grid.close();
  await driver.stop();
  await network.close();
  await site.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

interface Created {
  value: { capabilities: { "goog:chromeOptions"?: { debuggerAddress: string }; "se:cdp"?: string } };
}
interface Version {
  webSocketDebuggerUrl: string;
}

async function relay(request: IncomingMessage, binary: string): Promise<{ status: number; text: string }> {
  const { method = "GET", url = "/" } = request;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
  if (url.endsWith("/se/file"))
    return { status: 200, text: JSON.stringify({ value: await store(body.file) }) };
  const isNew = method === "POST" && url === "/session";
  if (isNew) {
    // The browser of this machine, as root, with a folder by which its processes are known.
    const options = body.capabilities.alwaysMatch["goog:chromeOptions"];
    options.binary = binary;
    options.args.push("--no-sandbox", `--user-data-dir=${join(folder, `profile-${Date.now()}`)}`);
  }
  const answer = await fetch(driver.url + url, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!isNew) return { status: answer.status, text: await answer.text() };
  const created = (await answer.json()) as Created;
  const { capabilities } = created.value;
  const { debuggerAddress } = capabilities["goog:chromeOptions"] ?? {};
  delete capabilities["goog:chromeOptions"];
  if (relaysDevTools) {
    const version = (await (await fetch(`http://${debuggerAddress}/json/version`)).json()) as Version;
    capabilities["se:cdp"] = version.webSocketDebuggerUrl;
  }
  return { status: answer.status, text: JSON.stringify(created) };
}

async function store(zip: string): Promise<string> {
  const [[name, content] = ["", new Uint8Array()]] = Object.entries(unzipSync(Buffer.from(zip, "base64")));
  const path = join(folder, `on the grid ${name}`);
  await writeFile(path, content);
  return path;
}

async function launch(protocol: "auto" | "cdp"): Promise<BrowserProcess> {
  const { port } = grid.address() as AddressInfo;
  const remoteUrl = `http://127.0.0.1:${port}`;
  const find = () => Promise.reject(new Error("nothing is looked for on this machine"));
  const options = { kind: "chrome", protocol, headless: true, allowedHosts: [], remoteUrl, network } as const;
  browser = await launchBrowser({ ...options, find, log: silentLog }, soon());
  return browser;
}

describe("a browser behind a Selenium server", () => {
  test("is driven over the DevTools that the server relays, and ends with its last session", async () => {
    const { page, close } = await (await launch("cdp")).newSession();
    await page.navigate(`${site.url}/downloads`, soon());
    expect(await page.title(soon())).toBe("Downloads");
    const file = join(folder, "here.txt");
    await writeFile(file, "from this machine");
    await page.setFiles(await page.element("() => document.querySelector('#one')", soon()), [file], soon());
    await expect
      .poll(() => page.call("() => document.querySelector('#chosen').textContent", "", soon()))
      .toBe("on the grid here.txt: from this machine");
    expect(await readFile(join(folder, "on the grid here.txt"), "utf8")).toBe("from this machine");
    await close();
    expect(processesWith(join(folder, "profile-")).length).toBeGreaterThan(0);
    await browser?.close();
    await expect.poll(() => processesWith(join(folder, "profile-"))).toEqual([]);
  });

  test("is ready when the server says so", async () => {
    await expect(checkRemote(driver.url, soon())).resolves.toBeUndefined();
  });

  test("that relays none is driven the classic way, unless DevTools are asked for", async () => {
    relaysDevTools = false;
    expect(await launch("auto")).toBeInstanceOf(ClassicBrowser);
    await expect(launch("cdp")).rejects.toThrow("Set BROWSER_PROTOCOL to auto or classic");
    await expect.poll(() => processesWith(join(folder, "profile-"))).toEqual([]);
  });
});
