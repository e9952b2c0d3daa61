import { join } from "node:path";
import type { WebDriver } from "selenium-webdriver";
import { timeoutSignal } from "../../async/timeout-signal.js";
import { abortable } from "../../async/abortable.js";
import { DriverProcess } from "./driver-process.js";
import type { LaunchOptions } from "../launched-browser.js";
import type { PortLease } from "./port-lease.js";
import { Profile } from "./profile.js";
import type { BrowserKind } from "./places.js";
import { nameOfRemote } from "./remote-status.js";

/** Longest time to start a browser of this machine, in milliseconds. */
const START_TIMEOUT_MS = 30_000;
/** Longest time until a Selenium server gives a browser, in milliseconds: requests wait there for five minutes. */
const REMOTE_START_TIMEOUT_MS = 330_000;
/** Time for a browser on another machine to end, in milliseconds. */
const QUIT_TIMEOUT_MS = 2_000;

/** Longest part of a Selenium server's reason that is told, in characters. */
const MAX_REASON = 300;

/** A driver of this machine, and the needs of the browser that it is to start. */
export interface LocalDriver {
  /** The driver's address. */
  server: string;
  binary: string;
  profileFolder: string;
  /** The browser's folder for downloads, which is not there yet. */
  downloads: string;
  /** For the browser's DevTools. */
  devToolsPort: number;
}

/** Longest time to start a browser, in milliseconds. */
export function startTimeoutMs({ remoteUrl }: Pick<LaunchOptions, "remoteUrl">): number {
  return remoteUrl === undefined ? START_TIMEOUT_MS : REMOTE_START_TIMEOUT_MS;
}

/** A browser's session with its driver. */
export interface Launched {
  driver: WebDriver;
  /** Name of the browser that a Selenium server has given; none for one of this machine. */
  browser?: string | undefined;
  /** The folder for downloads; none when the browser is on another machine. */
  downloads: string | undefined;
  /** The browser's folder; none when it is on another machine. */
  profileFolder: string | undefined;
  onDriverExit: (listener: () => void) => void;
  /** Ends the browser, its driver and its profile, whatever state they are in. */
  dispose: () => Promise<void>;
}

/**
 * Starts a driver of this machine, and with it a browser in a profile of its own.
 *
 * @param start makes the session
 */
export async function launchLocally(
  { kind, environment, find, network }: Pick<LaunchOptions, "kind" | "environment" | "find" | "network">,
  start: (local: LocalDriver) => Promise<WebDriver>,
  signal: AbortSignal,
): Promise<Launched> {
  const { binary, driver: path } = await find(signal);
  const profile = await Profile.create();
  const { folder } = profile;
  let driverProcess: DriverProcess | undefined;
  let devTools: PortLease | undefined;
  const dispose = async () => {
    await profile.endProcesses();
    await driverProcess?.stop();
    devTools?.release();
    await profile.remove();
  };
  try {
    const { ports } = network;
    devTools = await ports.lease();
    const starting = DriverProcess.start({ kind, driver: path, folder, ports, environment, signal });
    const started = (driverProcess = await starting);
    await profile.lease(started.pid);
    const downloads = join(folder, "downloads");
    const devToolsPort = devTools.port;
    const local = { server: started.url, binary, profileFolder: folder, downloads, devToolsPort };
    const driver = await abortable(start(local), signal);
    const onDriverExit = (listener: () => void) => {
      started.onExit(listener);
    };
    return { driver, downloads, profileFolder: folder, onDriverExit, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/**
 * Gets a browser from a Selenium server.
 *
 * @param from.server the server's address
 * @param from.kind the browser that it was asked for
 * @param starting its session
 */
export async function launchRemotely(
  { server, kind }: { server: string; kind: BrowserKind },
  starting: Promise<WebDriver>,
  signal: AbortSignal,
): Promise<Launched> {
  try {
    const driver = await abortable(starting, signal);
    const browser = nameOfBrowser((await driver.getCapabilities()).getBrowserName(), kind);
    const elsewhere = { downloads: undefined, profileFolder: undefined };
    return { driver, browser, ...elsewhere, onDriverExit: () => undefined, dispose: () => quit(driver) };
  } catch (cause) {
    // The browser may yet come, and would stay. A server that is stopping cannot wait for it any longer than this.
    await abortable(starting.then(quit), timeoutSignal(QUIT_TIMEOUT_MS)).catch(() => undefined);
    throw new Error(`${nameOfRemote(server)} gave no browser: ${reasonOf(cause)}`, { cause });
  }
}

/** A browser that capabilities have asked for may be another than the configured one. */
function nameOfBrowser(told: string | undefined, kind: BrowserKind): string {
  const name = told?.toLowerCase() ?? kind;
  if (name.includes("edge")) return "edge";
  return /^(chrome|chromium)\b/.test(name) ? "chrome" : name;
}

/** The first line of an error's message; a Selenium server writes its own stack below it. */
function reasonOf(error: unknown): string {
  const [line = ""] = String(error instanceof Error ? error.message : error)
    .trim()
    .split("\n");
  const reason = line.slice(0, MAX_REASON);
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}

async function quit(driver: WebDriver): Promise<void> {
  await abortable(driver.quit(), timeoutSignal(QUIT_TIMEOUT_MS)).catch(() => undefined);
}
