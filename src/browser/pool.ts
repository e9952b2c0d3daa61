import type { Logger } from "pino";
import type { BrowserPool, BrowserSession } from "../execution/ports.js";
import { abortable, BrowserLostError } from "./bidi-connection.js";
import type { Browser } from "./browser.js";

/** A browser that has served this many sessions makes no more and ends with its last one. */
const SESSIONS_A_BROWSER = 100;

export interface PoolOptions {
  /** Finds a browser without starting it; rejects with the remedy when there is none. */
  find: (signal: AbortSignal) => Promise<unknown>;
  /** How many sessions may be held at the same time. */
  size: number;
  launch: () => Promise<Browser>;
  log: Logger;
}

/** A session together with the browser that it is in. */
interface Prepared {
  browser: Browser;
  session: BrowserSession;
}

/**
 * Keeps browsers warm and one fresh session ready, so that a run starts on what is already there. Sessions
 * are spread over two browsers once runs come side by side: a browser that dies takes only its own along.
 */
export class WarmBrowserPool implements BrowserPool {
  readonly size: number;
  readonly #options: PoolOptions;
  readonly #log: Logger;
  /** Live browsers and how many sessions are held in each. */
  readonly #browsers = new Map<Browser, number>();
  readonly #closing = new Set<Promise<void>>();
  #launching: Promise<Browser> | undefined;
  #ready: Prepared | undefined;
  #preparing: Promise<void> | undefined;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.size = options.size;
    this.#log = options.log;
  }

  /** Starts a browser and prepares a session; a failure is logged and comes up again at the first run. */
  async warm(): Promise<void> {
    await this.#prepare();
  }

  /**
   * Resolves when a browser is running or could be started.
   *
   * @throws Error with the remedy when there is none.
   */
  async check(signal: AbortSignal): Promise<void> {
    if (this.#browsers.size === 0) await this.#options.find(signal);
  }

  async acquire(signal: AbortSignal): Promise<BrowserSession> {
    if (this.#preparing && !this.#ready) await abortable(this.#preparing, signal);
    const prepared = this.#takeReady() ?? (await this.#create(signal));
    this.#spread();
    // Closed once, however often it is asked to: a stopped run closes early, and every run at its end.
    let released: Promise<void> | undefined;
    const close = () => (released ??= this.#release(prepared));
    return { page: prepared.session.page, lost: prepared.session.lost, close };
  }

  /** Ends every browser. Sessions still held are lost. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#ready = undefined;
    for (const browser of this.#browsers.keys()) this.#end(browser);
    await this.#launching?.then(
      (browser) => {
        this.#end(browser);
      },
      () => undefined,
    );
    await Promise.all(this.#closing);
  }

  #takeReady(): Prepared | undefined {
    const ready = this.#ready;
    this.#ready = undefined;
    return ready?.session.lost.aborted ? undefined : ready;
  }

  async #create(signal: AbortSignal): Promise<Prepared> {
    try {
      return await this.#open(signal);
    } catch (error) {
      // The browser may have died since it was last heard of; a new one gets one chance.
      if (!(error instanceof BrowserLostError) || this.#closed) throw error;
      return await this.#open(signal);
    }
  }

  async #open(signal: AbortSignal): Promise<Prepared> {
    const browser = await abortable(this.#pick(), signal);
    this.#hold(browser, 1);
    const opening = browser.newSession();
    try {
      return { browser, session: await abortable(opening, signal) };
    } catch (error) {
      opening.then((session) => session.close()).catch(() => undefined);
      this.#hold(browser, -1);
      throw error;
    }
  }

  /** The browser with the fewest sessions; a first one is started. */
  async #pick(): Promise<Browser> {
    const candidates = [...this.#browsers].filter(([browser]) => !isOld(browser)).sort((a, b) => a[1] - b[1]);
    return candidates[0]?.[0] ?? (await this.#launch());
  }

  /** Starts a second browser for the sessions to come once two runs have to share one. */
  #spread(): void {
    const isShared = [...this.#browsers.values()].some((held) => held > 1);
    if (!isShared || this.#browsers.size > 1) return;
    this.#launch().catch((error: unknown) => {
      this.#log.warn({ err: error }, "a second browser could not be started");
    });
  }

  #launch(): Promise<Browser> {
    if (this.#closed) return Promise.reject(new BrowserLostError("The browser pool is closed."));
    this.#launching ??= this.#start().finally(() => {
      this.#launching = undefined;
    });
    return this.#launching;
  }

  async #start(): Promise<Browser> {
    const started = performance.now();
    const browser = await this.#options.launch();
    this.#log.info({ ms: Math.round(performance.now() - started) }, "browser started");
    this.#browsers.set(browser, 0);
    browser.lost.addEventListener(
      "abort",
      () => {
        this.#onLost(browser);
      },
      { once: true },
    );
    if (browser.lost.aborted) this.#onLost(browser);
    return browser;
  }

  #onLost(browser: Browser): void {
    if (!this.#browsers.has(browser)) return;
    this.#log.warn({ err: browser.lost.reason as Error }, "browser lost");
    this.#end(browser);
    if (this.#ready?.browser === browser) this.#ready = undefined;
    void this.#prepare();
  }

  async #release(prepared: Prepared): Promise<void> {
    // A session that is just closing is no load: the next run must not start a further browser because of it.
    this.#hold(prepared.browser, -1);
    await prepared.session.close();
    void this.#prepare();
  }

  #hold(browser: Browser, change: 1 | -1): void {
    const held = this.#browsers.get(browser);
    if (held === undefined) return;
    this.#browsers.set(browser, held + change);
    if (held + change === 0 && isOld(browser)) this.#end(browser);
  }

  #end(browser: Browser): void {
    this.#browsers.delete(browser);
    const closing = browser
      .close()
      .catch((error: unknown) => {
        this.#log.error({ err: error }, "browser did not end cleanly");
      })
      .finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  #prepare(): Promise<void> {
    if (this.#closed || this.#ready) return Promise.resolve();
    this.#preparing ??= this.#create(AbortSignal.timeout(60_000))
      .then((prepared) => {
        if (this.#closed) return;
        this.#ready = prepared;
      })
      .catch((error: unknown) => {
        if (!this.#closed) this.#log.warn({ err: error }, "no browser session could be prepared");
      })
      .finally(() => {
        this.#preparing = undefined;
      });
    return this.#preparing;
  }
}

function isOld(browser: Browser): boolean {
  return browser.sessionsMade >= SESSIONS_A_BROWSER;
}
