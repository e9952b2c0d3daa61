import type { Logger } from "pino";
import type { WebDriver } from "selenium-webdriver";
import { timeoutSignal } from "../../async/timeout-signal.js";
import { CdpConnection } from "./connection.js";
import { isLoopback } from "../../hosts/addresses.js";
import { BrowserLostError } from "../launched-browser.js";
import { relayedAddresses } from "../relayed-addresses.js";

/** Longest time to reach a browser's DevTools, in milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000;

/** The names under which drivers tell where their browser's DevTools are. */
const DRIVER_OPTIONS = ["goog:chromeOptions", "ms:edgeOptions"];

/** The browser has no DevTools that can be reached from here. */
export class NoDevToolsError extends Error {
  override readonly name = "NoDevToolsError";
}

/** The place of a browser's DevTools. */
interface Place {
  /** Addresses at which they may be reached, the likeliest first. */
  addresses: readonly string[];
  /** True when a Selenium server passes them on, so that nothing else can answer. */
  isRelayed: boolean;
}

/**
 * Connects to the browser that a driver has started.
 *
 * @param where.remoteUrl address of the Selenium server that gave the browser; none for a browser of this machine
 * @throws NoDevToolsError when it has none that can be reached; BrowserLostError when a browser of this machine no
 * longer answers; the signal's reason
 */
export async function connect(
  driver: WebDriver,
  { remoteUrl, log }: { remoteUrl?: string | undefined; log: Logger },
  signal: AbortSignal,
): Promise<CdpConnection> {
  const either = AbortSignal.any([signal, timeoutSignal(CONNECT_TIMEOUT_MS)]);
  try {
    const { addresses, isRelayed } = await placeOf(driver, remoteUrl, either);
    const connection = await connectToFirst(addresses, log, either);
    if (!isRelayed) await requireOwn(connection, driver, either);
    return connection;
  } catch (error) {
    if (signal.aborted || error instanceof NoDevToolsError) throw error;
    if (remoteUrl !== undefined)
      throw new NoDevToolsError("The browser's DevTools cannot be reached.", { cause: error });
    throw new BrowserLostError("The browser ended as soon as it had started.", { cause: error });
  }
}

async function connectToFirst(
  [address = "", ...others]: readonly string[],
  log: Logger,
  signal: AbortSignal,
): Promise<CdpConnection> {
  if (others.length === 0) return await CdpConnection.open(address, log, signal);
  const soon = AbortSignal.any([signal, timeoutSignal(CONNECT_TIMEOUT_MS / 2)]);
  return await CdpConnection.open(address, log, soon).catch(() => connectToFirst(others, log, signal));
}

/**
 * Something else may have taken the port of a browser's DevTools before the browser could.
 *
 * @throws Error when another browser answers there than the one that the driver has started
 */
async function requireOwn(connection: CdpConnection, driver: WebDriver, signal: AbortSignal): Promise<void> {
  const capabilities = await driver.getCapabilities();
  // Older drivers do not tell.
  const started: unknown = capabilities.get("goog:processID") ?? capabilities.get("ms:processID");
  const { processInfo } = await connection.root.send("SystemInfo.getProcessInfo", {}, signal);
  const answering = processInfo.find(({ type }) => type === "browser")?.id;
  if (typeof started !== "number" || answering === undefined || answering === started) return;
  connection.close("another browser answered at its DevTools port");
  throw new Error(`Process ${answering} answered at the DevTools port of process ${started}.`);
}

async function placeOf(
  driver: WebDriver,
  remoteUrl: string | undefined,
  signal: AbortSignal,
): Promise<Place> {
  const capabilities = await driver.getCapabilities();
  // A Selenium server or Grid relays the DevTools.
  const relayed: unknown = capabilities.get("se:cdp");
  if (typeof relayed === "string")
    return {
      addresses: remoteUrl === undefined ? [relayed] : relayedAddresses(relayed, remoteUrl),
      isRelayed: true,
    };
  for (const name of DRIVER_OPTIONS) {
    const options = capabilities.get(name) as { debuggerAddress?: string } | undefined; // The drivers' documentation.
    // An address of another machine's loopback interface would lead to a browser of this one.
    if (options?.debuggerAddress === undefined || !isThisMachine(remoteUrl)) continue;
    return { addresses: [await askBrowser(options.debuggerAddress, signal)], isRelayed: false };
  }
  throw new NoDevToolsError("The driver names no address of the browser's DevTools.");
}

function isThisMachine(remoteUrl: string | undefined): boolean {
  return remoteUrl === undefined || isLoopback(new URL(remoteUrl).hostname);
}

async function askBrowser(debuggerAddress: string, signal: AbortSignal): Promise<string> {
  // The browser listens at 127.0.0.1 only, while `localhost` may stand for another address.
  const address = debuggerAddress.replace(/^localhost:/, "127.0.0.1:");
  const response = await fetch(`http://${address}/json/version`, { signal });
  const { webSocketDebuggerUrl } = (await response.json()) as { webSocketDebuggerUrl: string };
  return webSocketDebuggerUrl;
}
