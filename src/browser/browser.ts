import { join } from "node:path";
import { Builder, type WebDriver } from "selenium-webdriver";
import * as chrome from "selenium-webdriver/chrome.js";
import * as edge from "selenium-webdriver/edge.js";
import { timeoutSignal } from "../timeout-signal.js";
import { abortable } from "./abortable.js";
import { BROWSER_PREFERENCES, browserArguments, refusedUrls } from "./arguments.js";
import { CdpBrowser } from "./cdp-browser.js";
import { connect, NoDevToolsError } from "./cdp-endpoint.js";
import { ClassicBrowser } from "./classic-browser.js";
import { uploadFile } from "./classic-vendor.js";
import { DriverProcess } from "./driver-process.js";
import { isHeadlessShell, openFirstPage } from "./first-page.js";
import type { BrowserProcess, LaunchOptions } from "./launched-browser.js";
import { Profile } from "./profile.js";

/** Longest time to start a browser, in milliseconds. */
const START_TIMEOUT_MS = 30_000;
/** How long a browser on another machine gets to end, in milliseconds. */
const QUIT_TIMEOUT_MS = 2_000;
/** Time between two signs of life to a Selenium server, in milliseconds. */
const SIGN_OF_LIFE_MS = 30_000;

export interface BrowserOptions extends LaunchOptions {
  /**
   * How the browser is driven: `cdp` over Chromium's DevTools, `classic` with nothing but WebDriver, `auto` over
   * DevTools where they can be reached.
   */
  protocol: "auto" | "cdp" | "classic";
}

/**
 * Starts a browser.
 *
 * @throws Error with the remedy when that cannot be done
 */
export async function launchBrowser(options: BrowserOptions): Promise<BrowserProcess> {
  const { kind, protocol } = options;
  if (protocol === "cdp" && kind === "firefox") {
    throw new Error("Firefox has no DevTools protocol; set BROWSER_PROTOCOL to auto or classic.");
  }
  if (protocol === "classic" || kind === "firefox") return new ClassicBrowser(options);
  const signal = timeoutSignal(START_TIMEOUT_MS);
  try {
    return await launchCdp(options, signal);
  } catch (error) {
    if (!(error instanceof NoDevToolsError)) throw error;
    if (protocol === "auto") return new ClassicBrowser(options);
    throw new Error(`${error.message} Set BROWSER_PROTOCOL to auto or classic.`, { cause: error });
  }
}

async function launchCdp(options: LaunchOptions, signal: AbortSignal): Promise<BrowserProcess> {
  const launched = await (options.remoteUrl === undefined ? launchLocal : launchRemote)(options, signal);
  const { driver, onDriverExit, ...rest } = launched;
  const { log, allowedHosts } = options;
  try {
    const connection = await connect(driver, signal);
    onDriverExit(() => {
      connection.close();
    });
    return await CdpBrowser.open(
      { connection, log, refusedUrls: refusedUrls(allowedHosts), ...rest },
      signal,
    );
  } catch (error) {
    await launched.dispose();
    throw error;
  }
}

interface Launched {
  driver: WebDriver;
  /** The folder for downloads; none when the browser is on another machine. */
  downloads: string | undefined;
  fileThere: (path: string) => Promise<string>;
  onDriverExit: (listener: () => void) => void;
  /** Ends the browser, its driver and its profile, whatever state they are in. */
  dispose: () => Promise<void>;
}

async function launchLocal(options: LaunchOptions, signal: AbortSignal): Promise<Launched> {
  const found = await options.find(signal);
  const profile = await Profile.create();
  let driverProcess: DriverProcess | undefined;
  const dispose = async () => {
    await profile.endProcesses();
    await driverProcess?.stop();
    await profile.remove();
  };
  try {
    const { kind, headless, allowedHosts } = options;
    driverProcess = await DriverProcess.start({ kind, driver: found.driver, folder: profile.folder, signal });
    await profile.lease(driverProcess.pid);
    const args = browserArguments({ headless, profileFolder: profile.folder, allowedHosts });
    const starting = newDriver(kind, driverProcess.url, args, found.binary);
    const opening = isHeadlessShell(found.binary) ? openFirstPage(profile.folder, signal) : undefined;
    const [driver] = await abortable(Promise.all([starting, opening]), signal);
    const started = driverProcess;
    return {
      driver,
      downloads: join(profile.folder, "downloads"),
      fileThere: (path) => Promise.resolve(path),
      onDriverExit: (listener) => {
        started.onExit(listener);
      },
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function launchRemote(options: LaunchOptions, signal: AbortSignal): Promise<Launched> {
  const { remoteUrl: server = "", kind, headless, allowedHosts } = options;
  const starting = newDriver(kind, server, browserArguments({ headless, allowedHosts }));
  try {
    const driver = await abortable(starting, signal);
    const stopSigns = giveSignsOfLife(driver);
    return {
      driver,
      downloads: undefined,
      fileThere: (path) => uploadFile(driver, path),
      onDriverExit: () => undefined,
      dispose: () => {
        stopSigns();
        return quit(driver);
      },
    };
  } catch (cause) {
    // It may yet come, and would stay.
    starting.then(quit).catch(() => undefined);
    throw new Error(`The Selenium server at SELENIUM_REMOTE_URL (${new URL(server).host}) gave no browser.`, {
      cause,
    });
  }
}

/** A Selenium Grid ends a session that is sent no WebDriver command for some minutes, whatever DevTools do. */
function giveSignsOfLife(driver: WebDriver): () => void {
  const timer = setInterval(() => {
    // A driver that has gone is noticed by the connection to its browser.
    driver.getWindowHandle().catch(() => undefined);
  }, SIGN_OF_LIFE_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

async function quit(driver: WebDriver): Promise<void> {
  await abortable(driver.quit(), timeoutSignal(QUIT_TIMEOUT_MS)).catch(() => undefined);
}

async function newDriver(
  kind: LaunchOptions["kind"],
  server: string,
  args: string[],
  binary?: string,
): Promise<WebDriver> {
  const browserOptions = kind === "edge" ? new edge.Options() : new chrome.Options();
  browserOptions.addArguments(...args);
  if (binary !== undefined) browserOptions.setBinaryPath(binary);
  browserOptions.setUserPreferences(BROWSER_PREFERENCES);
  const builder = new Builder().usingServer(server);
  return kind === "edge"
    ? await builder
        .forBrowser("MicrosoftEdge")
        .setEdgeOptions(browserOptions as edge.Options)
        .build()
    : await builder
        .forBrowser("chrome")
        .setChromeOptions(browserOptions as chrome.Options)
        .build();
}
