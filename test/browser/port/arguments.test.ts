import { createSocket } from "node:dgram";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Builder, type WebDriver } from "selenium-webdriver";
import * as chrome from "selenium-webdriver/chrome.js";
import type { ChromiumWebDriver } from "selenium-webdriver/chromium.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  BROWSER_PREFERENCES,
  browserArguments,
  type BrowserArgumentsOptions,
} from "../../../src/browser/setup/arguments.js";
import { startSite, type Site } from "../../site/server.js";
import { findChromium } from "../../support/installed-browser.js";

let site: Site;
let port: string;

beforeAll(async () => {
  site = await startSite();
  port = new URL(site.url).port;
});

afterAll(() => site.close());

/** Runs a real browser with the command line under test; `finished` sees its network log once it has ended. */
async function withBrowser(
  rules: Pick<BrowserArgumentsOptions, "allowedHosts" | "directWebRtc">,
  use: (driver: WebDriver) => Promise<void>,
  finished: (networkLog: string) => void = () => undefined,
): Promise<void> {
  const { binary, driver: program } = await findChromium(AbortSignal.timeout(30_000));
  const folder = await mkdtemp(join(tmpdir(), "stepwire-arguments-"));
  const networkLog = join(folder, "network.json");
  const options = new chrome.Options();
  options.setBinaryPath(binary);
  options.addArguments(...browserArguments({ headless: true, profileFolder: join(folder, "p"), ...rules }));
  options.addArguments(`--log-net-log=${networkLog}`);
  options.setUserPreferences(BROWSER_PREFERENCES);
  try {
    const driver = await new Builder()
      .forBrowser("chrome")
      .setChromeOptions(options)
      .setChromeService(new chrome.ServiceBuilder(program))
      .build();
    try {
      await use(driver);
    } finally {
      await driver.quit();
    }
    finished(await readFile(networkLog, "utf8"));
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

const blocked = (driver: WebDriver, url: string) =>
  expect(driver.get(url), url).rejects.toThrow("ERR_NAME_NOT_RESOLVED");

describe("the allowed hosts of a browser without the proxy", () => {
  it("are the only ones that load, by name and by address, pages and what pages load", async () => {
    await withBrowser({ allowedHosts: ["127.0.0.1", "*.localhost"] }, async (driver) => {
      for (const host of ["127.0.0.1", "app.localhost", "deep.app.localhost", "2130706433"]) {
        await driver.get(`http://${host}:${port}/text`);
        expect(await driver.getTitle()).toBe("Text");
      }
      for (const host of [
        "localhost",
        "127.0.0.2",
        "[::1]",
        "0.0.0.0",
        "example.com",
        "app.localhost.test",
      ]) {
        await blocked(driver, `http://${host}:${port}/text`);
      }
      await driver.get(`${site.url}/text`);
      const before = site.requests.length;
      const answer = await driver.executeAsyncScript<string>(
        "fetch(arguments[0], { mode: 'no-cors' }).then(() => 'loaded', () => 'failed').then(arguments[1]);",
        `http://localhost:${port}/form`,
      );
      expect(answer).toBe("failed");
      expect(site.requests.slice(before)).toEqual([]);
    });
  });

  it("may be an IPv6 address", async () => {
    await withBrowser({ allowedHosts: ["[::1]"] }, async (driver) => {
      // Nothing listens there; that the browser found out means that it asked.
      await expect(driver.get(`http://[::1]:${port}/`)).rejects.toThrow("ERR_CONNECTION_REFUSED");
      await blocked(driver, `${site.url}/text`);
    });
  });

  it("hold for WebRTC too, which needs no name, unless it is to reach addresses by itself", async () => {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    const asked = new Promise<boolean>((resolve) => {
      socket.once("message", () => {
        resolve(true);
      });
    });
    const connect = `const connection = new RTCPeerConnection({ iceServers: [{ urls: "stun:127.0.0.1:" + arguments[0] }] });
      connection.createDataChannel("x");
      connection.onicegatheringstatechange = () => { if (connection.iceGatheringState === "complete") arguments[1]?.(); };
      connection.createOffer().then((offer) => connection.setLocalDescription(offer));`;
    const { port: stunPort } = socket.address();
    try {
      await withBrowser({}, async (driver) => {
        await driver.get(`${site.url}/text`);
        await driver.executeAsyncScript(connect, stunPort);
      });
      const silent = new Promise<boolean>((resolve) => setImmediate(resolve, false));
      expect(await Promise.race([asked, silent])).toBe(false);
      // The same page does ask where that is allowed, so the silence above means something.
      await withBrowser({ directWebRtc: true }, async (driver) => {
        await driver.get(`${site.url}/text`);
        await driver.executeScript(connect, stunPort);
        expect(await asked).toBe(true);
      });
    } finally {
      socket.close();
    }
  });
});

it("services that hand out credentials are never asked without the proxy, however their address is written", async () => {
  await withBrowser({}, async (driver) => {
    for (const host of [
      "169.254.169.254",
      "2852039166",
      "0xa9fea9fe",
      "[::ffff:169.254.169.254]",
      "[fd00:ec2::254]",
      "metadata.google.internal",
      "metadata.google.internal.",
      "169.254.170.2",
      "[64:ff9b::169.254.169.254]",
      "instance-data",
      "100.100.100.200",
    ]) {
      await blocked(driver, `http://${host}/latest/meta-data/`);
    }
  });
});

it("the browser loads no pages of its own beside those that are tested", async () => {
  await withBrowser({}, async (driver) => {
    await driver.get(`${site.url}/text`);
    await driver.switchTo().newWindow("window");
    const answer: unknown = await (driver as ChromiumWebDriver).sendAndGetDevToolsCommand(
      "Target.getTargets",
      { filter: [{}] },
    );
    const { targetInfos } = answer as { targetInfos: { type: string; url: string }[] };
    const pages = targetInfos.filter(({ type }) => type !== "tab");
    expect(pages.map(({ type, url }) => `${type} ${url}`).sort()).toEqual([
      "page about:blank",
      `page ${site.url}/text`,
    ]);
  });
});

it("the browser asks for nothing on its own account", async () => {
  const login = `const [name, password] = document.querySelectorAll("#username, #password");
    name.value = "tomsmith"; password.value = "SuperSecretPassword!"; document.querySelector("#login").requestSubmit();`;
  await withBrowser(
    {},
    async (driver) => {
      await driver.get(`${site.url}/login`);
      await driver.executeScript(login);
      await driver.wait(async () => (await driver.getTitle()) === "Secure Area", 10_000);
    },
    (networkLog) => {
      const hosts = [...networkLog.matchAll(/"url":"(\w+:\/\/[^/"]+)/g)].map((match) => match[1] ?? "");
      expect(hosts).toContain(site.url);
      // `.invalid` is where the browser's own services are sent; those names are never looked up.
      expect(hosts.filter((host) => host !== site.url && !host.endsWith(".invalid"))).toEqual([]);
      expect(networkLog).not.toContain('"host":"accounts.google.com"');
    },
  );
});
