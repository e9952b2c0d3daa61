import type { Logger } from "pino";
import type { BrowserPool, BrowserSession } from "../../execution/ports.js";
import type { PoolSessions } from "../../metrics/ports.js";
import { timeoutSignal } from "../../async/timeout-signal.js";
import { abortable, Change } from "../../async/abortable.js";
import { Demand, DEMAND_WINDOW_MS } from "./demand.js";
import { BrowserLostError, type BrowserProcess } from "../launched-browser.js";
import { answers, HEAD_START_MS, isMishap, isOld, type Prepared } from "./prepared.js";

/** Longest time to prepare a session, the start of a browser included, in milliseconds. */
const PREPARE_TIMEOUT_MS = 60_000;

export interface PoolOptions {
  /** Rejects, with the remedy, when no browser could be started. */
  check: (signal: AbortSignal) => Promise<unknown>;
  /** Most sessions that may be held at the same time. */
  size: number;
  /** Starts a browser, and leaves nothing behind when it is told to give up. */
  launch: (signal: AbortSignal) => Promise<BrowserProcess>;
  log: Logger;
}

/** The sessions of a browser: those that are held by runs, and all of them. */
interface Load {
  held: number;
  all: number;
}

/**
 * Keeps browsers warm and fresh sessions ready, as many as were held at the same time lately, so that a run starts
 * on what is already there. Sessions are spread over two browsers once runs come side by side: a browser that dies
 * takes only its own along.
 */
export class WarmBrowserPool implements BrowserPool {
  readonly size: number;
  readonly #options: PoolOptions;
  readonly #log: Logger;
  readonly #demand = new Demand();
  readonly #browsers = new Map<BrowserProcess, Load>();
  readonly #closing = new Set<Promise<void>>();
  #launching: Promise<BrowserProcess> | undefined;
  #ready: Prepared[] = [];
  #preparing: Promise<void> | undefined;
  /** Notified when a session is ready, or cannot be made so. */
  readonly #prepared = new Change();
  /** True while somebody waits for the session that is being prepared. */
  #isClaimed = false;
  #adjustment: NodeJS.Timeout | undefined;
  readonly #closed = new AbortController();

  constructor(options: PoolOptions) {
    this.#options = options;
    this.size = options.size;
    this.#log = options.log;
  }

  /** Starts a browser and prepares a session; a failure is logged and comes up again at the first run. */
  async warm(): Promise<void> {
    await this.#adjust();
  }

  /**
   * Resolves when a browser is running or could be started.
   *
   * @throws Error with the remedy when there is none.
   */
  async check(signal: AbortSignal): Promise<void> {
    const isRunning = [...this.#browsers.keys()].some((browser) => browser.isRunning);
    if (!isRunning) await this.#options.check(signal);
  }

  /** The sessions that no run holds. */
  sessions(): PoolSessions {
    return { free: this.#ready.length, preparing: this.#preparing === undefined ? 0 : 1 };
  }

  async acquire(signal: AbortSignal): Promise<BrowserSession> {
    const prepared =
      (await this.#takeReady(signal)) ?? (await this.#takePrepared(signal)) ?? (await this.#create(signal));
    this.#demand.change(1);
    this.#load(prepared.browser, "held", 1);
    this.#spread();
    this.#adjustIn(HEAD_START_MS);
    // The session is closed once, however often it is asked to: a stopped run closes early, and every run at its end.
    let released: Promise<void> | undefined;
    const close = () => (released ??= this.#release(prepared));
    const { page, browser, lost, diskUse } = prepared.session;
    return { page, browser, lost, close, diskUse };
  }

  /** Ends every browser, also one that is just starting. Sessions still held are lost. */
  async close(): Promise<void> {
    this.#closed.abort(new BrowserLostError("The browser pool is closed."));
    clearTimeout(this.#adjustment);
    this.#ready = [];
    for (const browser of this.#browsers.keys()) this.#end(browser);
    await this.#launching?.then(
      (browser) => {
        this.#end(browser);
      },
      () => undefined,
    );
    await Promise.all(this.#closing);
  }

  get #isClosed(): boolean {
    return this.#closed.signal.aborted;
  }

  async #takeReady(signal: AbortSignal): Promise<Prepared | undefined> {
    for (let prepared = this.#ready.shift(); prepared !== undefined; prepared = this.#ready.shift()) {
      if (await answers(prepared, signal)) return prepared;
      void this.#discard(prepared);
      signal.throwIfAborted();
    }
    return undefined;
  }

  /** Waits for the session that is being prepared, unless it is somebody else's already. */
  async #takePrepared(signal: AbortSignal): Promise<Prepared | undefined> {
    if (this.#preparing === undefined || this.#isClaimed) return undefined;
    this.#isClaimed = true;
    try {
      await this.#prepared.next(signal);
    } finally {
      this.#isClaimed = false;
    }
    return await this.#takeReady(signal);
  }

  async #create(signal: AbortSignal): Promise<Prepared> {
    try {
      return await this.#open(signal);
    } catch (error) {
      // The browser may have died since it was last heard of, or a process of it: another gets one chance.
      if (!isMishap(error) || this.#isClosed) throw error;
      return await this.#open(signal);
    }
  }

  async #open(signal: AbortSignal): Promise<Prepared> {
    const browser = await abortable(this.#pick(), signal);
    this.#load(browser, "all", 1);
    const opening = browser.newSession();
    try {
      return { browser, session: await abortable(opening, signal) };
    } catch (error) {
      opening.then((session) => session.close()).catch(() => undefined);
      this.#load(browser, "all", -1);
      throw error;
    }
  }

  /** The browser with the fewest sessions; a first one is started. */
  async #pick(): Promise<BrowserProcess> {
    const young = [...this.#browsers].filter(([browser]) => !isOld(browser));
    const [least] = young.sort(([, a], [, b]) => a.all - b.all);
    return least?.[0] ?? (await this.#launch());
  }

  /** Starts a second browser for the sessions to come once two runs have to share one. */
  #spread(): void {
    const isShared = [...this.#browsers.values()].some(({ held }) => held > 1);
    if (!isShared || this.#browsers.size > 1) return;
    this.#launch().catch((error: unknown) => {
      if (!this.#isClosed) this.#log.warn({ err: error }, "a second browser could not be started");
    });
  }

  #launch(): Promise<BrowserProcess> {
    if (this.#isClosed) return Promise.reject(this.#closed.signal.reason as Error);
    this.#launching ??= this.#start().finally(() => {
      this.#launching = undefined;
    });
    return this.#launching;
  }

  async #start(): Promise<BrowserProcess> {
    const started = performance.now();
    const browser = await this.#options.launch(this.#closed.signal);
    this.#log.info({ ms: Math.round(performance.now() - started) }, "browser started");
    this.#browsers.set(browser, { held: 0, all: 0 });
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

  #onLost(browser: BrowserProcess): void {
    if (!this.#browsers.has(browser)) return;
    this.#log.warn({ err: browser.lost.reason as Error }, "browser lost");
    this.#end(browser);
    this.#ready = this.#ready.filter((prepared) => prepared.browser !== browser);
    void this.#adjust();
  }

  async #release(prepared: Prepared): Promise<void> {
    this.#demand.change(-1);
    this.#load(prepared.browser, "held", -1);
    await this.#discard(prepared);
    void this.#adjust();
    // Sessions that are ready only because of this run stay so for as long as it counts.
    this.#adjustIn(DEMAND_WINDOW_MS + 1);
  }

  async #discard({ browser, session }: Prepared): Promise<void> {
    // A session that is just closing is no load: the next run must not start a further browser because of it.
    this.#load(browser, "all", -1);
    await session.close();
  }

  #load(browser: BrowserProcess, which: keyof Load, change: 1 | -1): void {
    const load = this.#browsers.get(browser);
    if (load === undefined) return;
    load[which] += change;
    if (load.all === 0 && isOld(browser)) this.#end(browser);
  }

  #end(browser: BrowserProcess): void {
    this.#browsers.delete(browser);
    const closing = browser
      .close()
      .catch((error: unknown) => {
        this.#log.error({ err: error }, "browser did not end cleanly");
      })
      .finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  #adjustIn(ms: number): void {
    clearTimeout(this.#adjustment);
    if (this.#isClosed) return;
    this.#adjustment = setTimeout(() => void this.#adjust(), ms);
    this.#adjustment.unref();
  }

  /** Number of sessions that should be ready: one for each of the runs there were, but never more than may come. */
  get #wanted(): number {
    if (this.#isClosed) return 0;
    return Math.max(1, Math.min(this.#demand.peak, this.size - this.#demand.held));
  }

  /** Prepares the sessions that are missing, one after the other, and closes those that are too many. */
  #adjust(): Promise<void> {
    for (const surplus of this.#ready.splice(this.#wanted)) void this.#discard(surplus);
    this.#preparing ??= this.#prepare().finally(() => {
      this.#preparing = undefined;
    });
    return this.#preparing;
  }

  async #prepare(): Promise<void> {
    while (this.#ready.length < this.#wanted) {
      try {
        this.#ready.push(await this.#create(timeoutSignal(PREPARE_TIMEOUT_MS)));
      } catch (error) {
        if (!this.#isClosed) this.#log.warn({ err: error }, "no browser session could be prepared");
        return;
      } finally {
        this.#prepared.notify();
      }
    }
  }
}
