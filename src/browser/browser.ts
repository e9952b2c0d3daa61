import type { Logger } from "pino";
import { Builder, type WebDriver } from "selenium-webdriver";
import * as chrome from "selenium-webdriver/chrome.js";
import * as edge from "selenium-webdriver/edge.js";
import type { BrowserSession } from "../execution/ports.js";
import { BROWSER_PREFERENCES, browserArguments } from "./arguments.js";
import { abortable, BidiConnection, BrowserLostError } from "./bidi-connection.js";
import { BidiPage } from "./bidi-page.js";
import { DriverProcess } from "./driver-process.js";
import { Profile } from "./profile.js";

/** Longest time to start a browser, in milliseconds. */
const START_TIMEOUT_MS = 30_000;
/** Longest time to make a browser context, in milliseconds. */
const CONTEXT_TIMEOUT_MS = 15_000;
/** A browser context that is not gone by then is taken down with its whole browser, in milliseconds. */
const CLOSE_TIMEOUT_MS = 2_000;

const VIEWPORT = { width: 1280, height: 720 };

export interface BrowserOptions {
  kind: "chrome" | "edge";
  headless: boolean;
  allowedHosts: readonly string[];
  /** A Selenium server or Grid to use instead of a browser on this machine. */
  remoteUrl?: string;
  /** Finds the browser and driver of this machine; rejects with the remedy when there is none. */
  find: (signal: AbortSignal) => Promise<{ binary: string; driver: string }>;
  log: Logger;
}

/** One browser with its driver. Runs share it, each in a browser context of its own. */
export class Browser {
  readonly #bidi: BidiConnection;
  readonly #dispose: () => Promise<void>;
  readonly #log: Logger;
  #closing: Promise<void> | undefined;
  /** Sessions made so far, to retire a browser before it grows old. */
  sessionsMade = 0;

  private constructor(bidi: BidiConnection, dispose: () => Promise<void>, log: Logger) {
    this.#bidi = bidi;
    this.#dispose = dispose;
    this.#log = log;
  }

  /** @throws Error with the remedy when no browser can be started. */
  static async launch(options: BrowserOptions): Promise<Browser> {
    const signal = AbortSignal.timeout(START_TIMEOUT_MS);
    const launched = await (options.remoteUrl === undefined ? launchLocal : launchRemote)(options, signal);
    const { driver, dispose } = launched;
    try {
      const bidi = await abortable(BidiConnection.open(driver), signal);
      launched.onDriverExit(() => {
        bidi.close();
      });
      await bidi.send("session.subscribe", { events: BidiPage.EVENTS }, signal);
      return new Browser(bidi, dispose, options.log);
    } catch (error) {
      await dispose();
      throw error;
    }
  }

  get lost(): AbortSignal {
    return this.#bidi.lost;
  }

  /** Makes a fresh browser context with one tab. */
  async newSession(): Promise<BrowserSession> {
    this.sessionsMade++;
    const signal = AbortSignal.timeout(CONTEXT_TIMEOUT_MS);
    const { userContext } = await this.#bidi.send<{ userContext: string }>(
      "browser.createUserContext",
      {},
      signal,
    );
    const { context } = await this.#bidi.send<{ context: string }>(
      "browsingContext.create",
      { type: "window", userContext },
      signal,
    );
    await this.#bidi.send("browsingContext.setViewport", { context, viewport: VIEWPORT }, signal);
    const page = new BidiPage(this.#bidi, context);
    const close = async () => {
      page.detach();
      await this.#removeContext(userContext);
    };
    return { page, lost: this.lost, close };
  }

  /** Ends the browser, its driver and its profile, whatever state they are in. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#bidi.close();
    await this.#dispose();
  }

  async #removeContext(userContext: string): Promise<void> {
    try {
      await this.#bidi.send(
        "browser.removeUserContext",
        { userContext },
        AbortSignal.timeout(CLOSE_TIMEOUT_MS),
      );
    } catch (error) {
      if (error instanceof BrowserLostError) return;
      this.#log.warn({ err: error }, "browser context did not close, ending its browser");
      await this.close();
    }
  }
}

interface Launched {
  driver: WebDriver;
  onDriverExit: (listener: () => void) => void;
  dispose: () => Promise<void>;
}

async function launchLocal(options: BrowserOptions, signal: AbortSignal): Promise<Launched> {
  const found = await options.find(signal);
  const profile = await Profile.create();
  let driverProcess: DriverProcess | undefined;
  const dispose = async () => {
    await profile.endProcesses();
    await driverProcess?.stop();
    await profile.remove();
  };
  try {
    driverProcess = await DriverProcess.start({
      driver: found.driver,
      logFile: `${profile.folder}/driver.log`,
      signal,
    });
    await profile.lease(driverProcess.pid);
    const args = browserArguments({
      headless: options.headless,
      profileFolder: profile.folder,
      allowedHosts: options.allowedHosts,
    });
    const driver = await abortable(newDriver(options.kind, driverProcess.url, args, found.binary), signal);
    const started = driverProcess;
    return {
      driver,
      dispose,
      onDriverExit: (listener) => {
        started.onExit(listener);
      },
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function launchRemote(options: BrowserOptions, signal: AbortSignal): Promise<Launched> {
  const url = options.remoteUrl ?? "";
  const args = browserArguments({ headless: options.headless, allowedHosts: options.allowedHosts });
  try {
    const driver = await abortable(newDriver(options.kind, url, args), signal);
    const quit = () => abortable(driver.quit(), AbortSignal.timeout(CLOSE_TIMEOUT_MS)).catch(() => undefined);
    return { driver, dispose: quit, onDriverExit: () => undefined };
  } catch (cause) {
    throw new Error(`The Selenium server at SELENIUM_REMOTE_URL (${new URL(url).host}) gave no browser.`, {
      cause,
    });
  }
}

async function newDriver(
  kind: "chrome" | "edge",
  server: string,
  args: string[],
  binary?: string,
): Promise<WebDriver> {
  const browserOptions = kind === "edge" ? new edge.Options() : new chrome.Options();
  browserOptions.addArguments(...args);
  if (binary !== undefined) browserOptions.setBinaryPath(binary);
  browserOptions.setUserPreferences(BROWSER_PREFERENCES);
  browserOptions.set("webSocketUrl", true);
  // A dialog that nobody expects must not block the page; beforeunload must not keep a run from leaving it.
  browserOptions.set("unhandledPromptBehavior", { default: "dismiss", beforeUnload: "accept" });
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
