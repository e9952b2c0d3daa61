import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import type { BrowserSession } from "../../execution/ports.js";
import { timeoutSignal } from "../../async/timeout-signal.js";
import { BrowserClipboard } from "./browser-clipboard.js";
import { CdpError, type CdpConnection, type CdpSession } from "./connection.js";
import type { DevTools } from "../devtools-protocol.js";
import { CdpDownloads } from "./downloads.js";
import { CdpPage } from "./page.js";
import type { Explain } from "../../hosts/proxy.js";
import { diskUse, ProfileSize } from "../setup/disk-use.js";
import { BrowserLostError, type BrowserProcess } from "../launched-browser.js";

/** Longest time to make a browser context, in milliseconds. */
const CONTEXT_TIMEOUT_MS = 15_000;
/** Time for a page in the way of its context's end to give in, at each of the {@link FORCES}, in milliseconds. */
const CLOSE_PATIENCE_MS = 500;
/** The means to free a page that is stuck: first its script is ended, then its process. */
const FORCES = ["Runtime.terminateExecution", "Page.crash"] as const;
/** Longest time for a browser context to end before its whole browser is taken down with it, in milliseconds. */
const CLOSE_TIMEOUT_MS = 2_000;
/** Size above which a profile is given up once its sessions have ended, in bytes. */
const BLOATED_BYTES = 300_000_000;

export interface CdpBrowserOptions {
  connection: CdpConnection;
  /** Folder of this machine for the sessions' downloads; none when the browser is on another machine. */
  downloads: string | undefined;
  /** The browser's folder; none when it is on another machine. */
  profileFolder: string | undefined;
  /** Brings a file of this machine to the browser's, and answers with its path there. */
  fileThere: (path: string) => Promise<string>;
  /** Addresses, as `Fetch.enable` takes them, that no window may load. */
  refusedUrls: readonly string[];
  /** Opens pages whatever their certificate. */
  ignoreCertificateErrors: boolean;
  explain: Explain;
  /** As of a session. */
  name?: string | undefined;
  /** Ends the browser, its driver and its profile, whatever state they are in. */
  dispose: () => Promise<void>;
  log: Logger;
}

/** A session's page and downloads. */
interface Context {
  page: CdpPage;
  downloads: CdpDownloads;
}

/** One browser. Runs share it, each in a browser context of its own. */
export class CdpBrowser implements BrowserProcess {
  readonly #options: CdpBrowserOptions;
  readonly #isMac: boolean;
  readonly #contexts = new Map<string, Context>();
  readonly #clipboard: BrowserClipboard;
  readonly #profile: ProfileSize | undefined;
  #closing: Promise<void> | undefined;
  sessionsMade = 0;

  private constructor(options: CdpBrowserOptions, isMac: boolean) {
    this.#options = options;
    this.#isMac = isMac;
    this.#profile = options.profileFolder === undefined ? undefined : new ProfileSize(options.profileFolder);
    this.#clipboard = new BrowserClipboard(options.connection.root);
    this.#listen(options.connection.root);
  }

  static async open(options: CdpBrowserOptions, signal: AbortSignal): Promise<CdpBrowser> {
    const { root } = options.connection;
    const { userAgent } = await root.send("Browser.getVersion", {}, signal);
    const browser = new CdpBrowser(options, userAgent.includes("Macintosh"));
    // Every window to come is attached to, and held back until it is set up.
    const filter = [{ type: "page" }, { exclude: true }];
    const attachment = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true, filter };
    await root.send("Target.setAutoAttach", attachment, signal);
    return browser;
  }

  get lost(): AbortSignal {
    return this.#options.connection.lost;
  }

  get isRunning(): boolean {
    return !this.lost.aborted;
  }

  get isBloated(): boolean {
    return (this.#profile?.bytes ?? 0) > BLOATED_BYTES;
  }

  async newSession(): Promise<BrowserSession> {
    this.sessionsMade++;
    const signal = timeoutSignal(CONTEXT_TIMEOUT_MS);
    const { connection, fileThere, refusedUrls, ignoreCertificateErrors, explain } = this.#options;
    const { browserContextId } = await connection.root.send(
      "Target.createBrowserContext",
      { disposeOnDetach: true },
      signal,
    );
    const folder = this.#options.downloads && join(this.#options.downloads, browserContextId);
    const downloads = new CdpDownloads(folder);
    const isMac = this.#isMac;
    const browserClipboard = this.#clipboard;
    const surroundings = {
      connection,
      isMac,
      refusedUrls,
      ignoreCertificateErrors,
      explain,
      browserClipboard,
    };
    const page = new CdpPage({ ...surroundings, browserContextId, downloads, fileThere });
    this.#contexts.set(browserContextId, { page, downloads });
    let closing: Promise<void> | undefined;
    const close = () => (closing ??= this.#closeContext(browserContextId, folder));
    try {
      await Promise.all([this.#takeDownloads(browserContextId, folder, signal), page.openWindow(signal)]);
    } catch (error) {
      await close();
      throw error;
    }
    const profile = this.#profile;
    const onDisk = profile && folder !== undefined ? () => diskUse(profile, [folder]) : undefined;
    return { page, browser: this.#options.name, lost: this.lost, close, diskUse: onDisk };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#options.connection.close();
    await this.#options.dispose();
  }

  #listen(root: CdpSession): void {
    const { connection } = this.#options;
    root.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
      const session = connection.session(sessionId);
      const context = this.#contexts.get(targetInfo.browserContextId ?? "");
      // A subtype marks targets that people do not call a window, such as a page loaded ahead that nobody sees yet.
      if (context && targetInfo.subtype === undefined) context.page.addWindow(targetInfo.targetId, session);
      else if (!this.#clipboard.takes(targetInfo.browserContextId, session)) this.#leave(session, sessionId);
    });
    root.on("Target.detachedFromTarget", ({ sessionId }) => {
      const session = connection.session(sessionId);
      for (const { page } of this.#contexts.values()) if (page.removeWindow(session)) break;
      connection.endSession(session, new CdpError("the window is closed"));
    });
    root.on("Browser.downloadWillBegin", (download) => {
      const contexts = [...this.#contexts.values()];
      contexts.find(({ page }) => page.frameIds.has(download.frameId))?.downloads.began(download);
    });
    root.on("Browser.downloadProgress", (progress) => {
      for (const { downloads } of this.#contexts.values()) if (downloads.progressed(progress)) break;
    });
  }

  /** Leaves a window alone that is none of ours, such as the one the driver has opened. */
  #leave(session: CdpSession, sessionId: string): void {
    const signal = timeoutSignal(CONTEXT_TIMEOUT_MS);
    session.send("Runtime.runIfWaitingForDebugger", {}, signal).catch(() => undefined);
    const { root } = this.#options.connection;
    root.send("Target.detachFromTarget", { sessionId }, signal).catch(() => undefined);
  }

  async #takeDownloads(
    browserContextId: string,
    folder: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { root } = this.#options.connection;
    // The browser gives files names of its own, because two downloads may have the same name.
    const behavior: DevTools.Browser.SetDownloadBehaviorRequest =
      folder === undefined ? { behavior: "default" } : { behavior: "allowAndName", downloadPath: folder };
    await root.send(
      "Browser.setDownloadBehavior",
      { ...behavior, browserContextId, eventsEnabled: true },
      signal,
    );
  }

  /** Never rejects. */
  async #closeContext(browserContextId: string, folder: string | undefined): Promise<void> {
    const { log } = this.#options;
    try {
      await this.#disposeContext(browserContextId);
      if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    } catch (error) {
      // Its folder goes with the browser's profile.
      if (error instanceof BrowserLostError) return;
      log.warn({ err: error }, "browser context did not close, ending its browser");
      await this.close().catch((failure: unknown) => {
        log.error({ err: failure }, "browser did not end cleanly");
      });
    } finally {
      this.#contexts.delete(browserContextId);
    }
  }

  /** A page that is stuck in its own script holds its context back until it is freed. */
  async #disposeContext(browserContextId: string): Promise<void> {
    const signal = timeoutSignal(CLOSE_TIMEOUT_MS);
    const page = this.#contexts.get(browserContextId)?.page;
    const timers = FORCES.map((method, index) =>
      setTimeout(
        () => {
          for (const session of page?.sessions ?? []) session.send(method, {}, signal).catch(() => undefined);
        },
        CLOSE_PATIENCE_MS * (index + 1),
      ),
    );
    try {
      await this.#options.connection.root.send("Target.disposeBrowserContext", { browserContextId }, signal);
    } finally {
      for (const timer of timers) clearTimeout(timer);
    }
  }
}
