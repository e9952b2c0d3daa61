import { mkdir } from "node:fs/promises";
import type { WebDriver } from "selenium-webdriver";
import type { BrowserSession } from "../../execution/ports.js";
import { timeoutSignal } from "../../async/timeout-signal.js";
import { refusedUrls } from "../setup/arguments.js";
import { BidiConnection } from "./bidi-connection.js";
import { newClassicDriver } from "./capabilities.js";
import { ClassicDriver } from "./driver.js";
import type { ClassicFrames } from "./frames.js";
import { ClassicPage } from "./page.js";
import { diskUse, ProfileSize } from "../setup/disk-use.js";
import { sendDevTools } from "./vendor.js";
import { ExposedFrames } from "./exposed-frames.js";
import type { BrowserProcess, LaunchOptions } from "../launched-browser.js";
import {
  launchLocally,
  launchRemotely,
  startTimeoutMs,
  type Launched,
  type LocalDriver,
} from "../setup/launching.js";
import { IsolatedFrames } from "./isolated-frames.js";
import { relayedAddresses } from "../relayed-addresses.js";
import { BidiDevTools } from "./session-devtools.js";

/** Longest time to connect with a session's WebSocket, in milliseconds; a proxy before a Grid may refuse it. */
const SOCKET_TIMEOUT_MS = 5_000;

/**
 * Browsers driven with classic WebDriver. It knows no browser contexts, so each session is a browser of its own with
 * a profile and a driver of its own, and this object only makes them.
 */
export class ClassicBrowser implements BrowserProcess {
  readonly #options: LaunchOptions;
  readonly #closed = new AbortController();
  /** Sessions that are just starting. */
  readonly #starts = new Set<Promise<BrowserSession>>();
  readonly #sessions = new Set<BrowserSession>();
  sessionsMade = 0;

  /** @throws Error when hosts are allowed that classic WebDriver cannot keep from opening more than they should */
  constructor(options: LaunchOptions) {
    const { kind, allowedHosts, remoteUrl } = options;
    if (remoteUrl !== undefined && kind !== "firefox" && refusedUrls(allowedHosts).length > 0) {
      throw new Error(
        "ALLOWED_HOSTS has a pattern that takes in a cloud's metadata service, which only the DevTools protocol can " +
          "still refuse. Name the hosts one by one, or set BROWSER_PROTOCOL to cdp.",
      );
    }
    this.#options = options;
  }

  /** Never aborted before {@link close}: a browser that is lost takes nothing but its own session along. */
  get lost(): AbortSignal {
    return this.#closed.signal;
  }

  get isRunning(): boolean {
    return this.#sessions.size > 0;
  }

  /** @throws Error with the remedy when no browser can be started */
  newSession(): Promise<BrowserSession> {
    this.sessionsMade++;
    const start = this.#start().finally(() => this.#starts.delete(start));
    this.#starts.add(start);
    return start;
  }

  /** Ends every session, also those that are just starting. */
  async close(): Promise<void> {
    this.#closed.abort(new Error("The browsers were closed."));
    await Promise.allSettled(this.#starts);
    await Promise.all([...this.#sessions].map((session) => session.close()));
  }

  async #start(): Promise<BrowserSession> {
    this.#closed.signal.throwIfAborted();
    const signal = AbortSignal.any([timeoutSignal(startTimeoutMs(this.#options)), this.#closed.signal]);
    const launch = this.#options.remoteUrl === undefined ? launchLocal : launchRemote;
    const launched = await launch(this.#options, signal);
    try {
      return await this.#open(launched, signal);
    } catch (error) {
      await launched.dispose();
      throw error;
    }
  }

  async #open(launched: Launched, signal: AbortSignal): Promise<BrowserSession> {
    const driver = new ClassicDriver(launched.driver);
    launched.onDriverExit(() => {
      driver.lose("its driver has ended");
    });
    const { downloads, profileFolder } = launched;
    const isChromium = this.#options.kind !== "firefox";
    if (isChromium && downloads !== undefined) await keepDownloads(launched.driver, downloads);
    const isRemote = downloads === undefined;
    const { network } = this.#options;
    const explain = (text: string, url: string) => network.explain(text, url);
    const { frames, connection } = await this.#framesOf(launched.driver, driver, signal);
    const isMac = (await launched.driver.getCapabilities()).getPlatform() === "mac";
    const options = { driver, frames, connection, explain, isChromium, isMac, isRemote, downloads };
    const page = await ClassicPage.open(options, signal);
    let closing: Promise<void> | undefined;
    const end = async () => {
      driver.lose("it was closed");
      await launched.dispose().catch((error: unknown) => {
        this.#options.log.error({ err: error }, "browser did not end cleanly");
      });
      this.#sessions.delete(session);
    };
    const profile = profileFolder === undefined ? undefined : new ProfileSize(profileFolder);
    const folders = downloads === undefined ? [] : [downloads, `${downloads}-kept`];
    const session: BrowserSession = {
      page,
      browser: launched.browser,
      lost: driver.lost,
      close: () => (closing ??= end()),
      diskUse: profile && (() => diskUse(profile, folders)),
    };
    this.#sessions.add(session);
    return session;
  }

  /** Scripts run in a world of the runner's own where the driver offers a way there. */
  async #framesOf(
    session: WebDriver,
    driver: ClassicDriver,
    signal: AbortSignal,
  ): Promise<{ frames: ClassicFrames; connection: BidiConnection | undefined }> {
    const { kind, remoteUrl, log } = this.#options;
    const capabilities = await session.getCapabilities();
    const told: unknown = capabilities.get("webSocketUrl");
    const urls =
      typeof told !== "string" ? [] : remoteUrl === undefined ? [told] : relayedAddresses(told, remoteUrl);
    for (const url of urls) {
      const soon = AbortSignal.any([signal, timeoutSignal(SOCKET_TIMEOUT_MS)]);
      let connection: BidiConnection | undefined;
      try {
        connection = await BidiConnection.open(url, log, soon);
        const devTools = new BidiDevTools(connection);
        // Older drivers have a socket without DevTools.
        await devTools.reach(await session.getWindowHandle(), soon);
        const { lost } = connection;
        lost.addEventListener("abort", () => {
          driver.lose("its driver's socket has closed");
        });
        driver.lost.addEventListener("abort", () => connection?.close());
        return { frames: new IsolatedFrames(devTools), connection };
      } catch (error) {
        connection?.close();
        signal.throwIfAborted();
        log.warn({ err: error }, "the session's WebSocket leads to no DevTools");
      }
    }
    log.warn(
      "scripts share the world of the page, which may see and change what they do; no secret is given to it",
    );
    return { frames: new ExposedFrames({ countsFromWindow: kind !== "firefox" }), connection: undefined };
  }
}

function launchLocal(options: LaunchOptions, signal: AbortSignal): Promise<Launched> {
  const { kind, headless, directWebRtc, ignoreCertificateErrors, switches, network } = options;
  const start = async ({ server, ...local }: LocalDriver) => {
    await mkdir(local.downloads);
    return await newClassicDriver({
      kind,
      headless,
      directWebRtc,
      ignoreCertificateErrors,
      switches,
      proxyPort: network.proxyPort,
      acceptedKey: network.acceptedKey,
      server,
      local,
    });
  };
  return launchLocally(options, start, signal);
}

function launchRemote(options: LaunchOptions, signal: AbortSignal): Promise<Launched> {
  const { remoteUrl: server = "", kind, headless, allowedHosts, ...rest } = options;
  const { directWebRtc, ignoreCertificateErrors, switches, capabilities } = rest;
  const asked = { directWebRtc, ignoreCertificateErrors, switches, capabilities };
  const starting = newClassicDriver({ kind, headless, allowedHosts, ...asked, server });
  return launchRemotely({ server, kind }, starting, signal);
}

/** Has Chromium save downloads into this folder, without asking anybody; Firefox has preferences for that. */
async function keepDownloads(driver: WebDriver, downloadPath: string): Promise<void> {
  await sendDevTools(driver, "Browser.setDownloadBehavior", { behavior: "allow", downloadPath });
}
