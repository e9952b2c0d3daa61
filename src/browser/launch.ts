import { Builder, type WebDriver } from "selenium-webdriver";
import * as chrome from "selenium-webdriver/chrome.js";
import * as edge from "selenium-webdriver/edge.js";
import { timeoutSignal } from "../async/timeout-signal.js";
import { BROWSER_PREFERENCES, browserArguments, LOGGING, refusedUrls } from "./setup/arguments.js";
import { CdpBrowser } from "./cdp/browser.js";
import { connect, NoDevToolsError } from "./cdp/endpoint.js";
import { ClassicBrowser } from "./classic/browser.js";
import { uploadFile } from "./classic/vendor.js";
import { isHeadlessShell, openFirstPage } from "./setup/first-page.js";
import type { BrowserProcess, LaunchOptions } from "./launched-browser.js";
import {
  launchLocally,
  launchRemotely,
  startTimeoutMs,
  type Launched,
  type LocalDriver,
} from "./setup/launching.js";
import { keepInTouch } from "./remote-life.js";

export interface BrowserOptions extends LaunchOptions {
  /**
   * The way to drive the browser: `cdp` over Chromium's DevTools, `classic` with nothing but WebDriver, `auto` over
   * DevTools where they can be reached.
   */
  protocol: "auto" | "cdp" | "classic";
}

/**
 * Starts a browser.
 *
 * @param cancelled ends the start, and what has started by then
 * @throws Error with the remedy when that cannot be done; the signal's reason
 */
export async function launchBrowser(
  options: BrowserOptions,
  cancelled: AbortSignal,
): Promise<BrowserProcess> {
  const { kind, protocol } = options;
  if (protocol === "cdp" && kind === "firefox") {
    throw new Error("Firefox has no DevTools protocol; set BROWSER_PROTOCOL to auto or classic.");
  }
  if (protocol === "classic" || kind === "firefox") return new ClassicBrowser(options);
  const signal = AbortSignal.any([cancelled, timeoutSignal(startTimeoutMs(options))]);
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
  const { driver, onDriverExit, browser: name, ...rest } = launched;
  const { log, allowedHosts, network, remoteUrl, ignoreCertificateErrors = false } = options;
  const isRemote = remoteUrl !== undefined;
  try {
    const connection = await connect(driver, { remoteUrl, log }, signal);
    if (isRemote) keepInTouch(driver, connection);
    onDriverExit(() => {
      connection.close("its driver has ended");
    });
    const surroundings = {
      // The proxy of this machine refuses them by itself.
      refusedUrls: isRemote ? refusedUrls(allowedHosts) : [],
      ignoreCertificateErrors,
      explain: (text: string, url: string) => network.explain(text, url),
    };
    return await CdpBrowser.open({ connection, log, name, ...surroundings, ...rest }, signal);
  } catch (error) {
    await launched.dispose();
    throw error;
  }
}

type LaunchedChromium = Launched & { fileThere: (path: string) => Promise<string> };

async function launchLocal(options: LaunchOptions, signal: AbortSignal): Promise<LaunchedChromium> {
  const { kind, headless, network, directWebRtc, switches } = options;
  const { proxyPort, acceptedKey } = network;
  const start = async ({ server, binary, profileFolder, devToolsPort }: LocalDriver) => {
    const args = [
      ...browserArguments({ headless, profileFolder, proxyPort, acceptedKey, directWebRtc, switches }),
      `--remote-debugging-port=${devToolsPort}`,
    ];
    const starting = newChromiumDriver({ kind, server, args, binary });
    const opening = isHeadlessShell(binary) ? openFirstPage(devToolsPort, signal) : undefined;
    const [driver] = await Promise.all([starting, opening]);
    return driver;
  };
  return { ...(await launchLocally(options, start, signal)), fileThere: (path) => Promise.resolve(path) };
}

async function launchRemote(options: LaunchOptions, signal: AbortSignal): Promise<LaunchedChromium> {
  const { remoteUrl: server = "", kind, capabilities, ...forArguments } = options;
  const { headless, allowedHosts, directWebRtc, switches } = forArguments;
  const args = browserArguments({ headless, allowedHosts, directWebRtc, switches });
  const starting = newChromiumDriver({ kind, server, args, capabilities });
  const launched = await launchRemotely({ server, kind }, starting, signal);
  return { ...launched, fileThere: (path) => uploadFile(launched.driver, path) };
}

interface ChromiumRequest extends Pick<LaunchOptions, "kind" | "capabilities"> {
  /** Address of the driver or Selenium server. */
  server: string;
  args: string[];
  /** For a browser on this machine. */
  binary?: string;
}

async function newChromiumDriver({
  kind,
  server,
  args,
  binary,
  capabilities = {},
}: ChromiumRequest): Promise<WebDriver> {
  const browserOptions = kind === "edge" ? new edge.Options() : new chrome.Options();
  browserOptions.addArguments(...args);
  if (binary !== undefined) browserOptions.setBinaryPath(binary);
  browserOptions.setUserPreferences(BROWSER_PREFERENCES);
  browserOptions.excludeSwitches(...LOGGING);
  for (const [name, value] of Object.entries(capabilities)) browserOptions.set(name, value);
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
