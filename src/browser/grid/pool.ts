import type { Logger } from "pino";
import type { AcquireOptions, BrowserPool, BrowserSession, RequestedBrowser } from "../../execution/ports.js";
import type { PoolSessions } from "../../metrics/ports.js";
import { abortable } from "../../async/abortable.js";
import type { BrowserProcess } from "../launched-browser.js";
import { Demand, DEMAND_WINDOW_MS } from "../pool/demand.js";
import { answers, HEAD_START_MS, isMishap, isOld, type Prepared } from "../pool/prepared.js";
import type { BrowserKind } from "../setup/places.js";
import { freePlaces, keyOf, offered, offers, type AskedBrowser, type GridCapacity } from "./capacity.js";
import { GridWatch } from "./status.js";
import { Waiter } from "./waiter.js";

/** Sessions that are started in vain, one after the other, before a run is told. */
const ATTEMPTS = 2;

/** A Grid's words for a request that has waited for too long: https://www.selenium.dev/documentation/grid/configuration/cli_options/#new-session-queue */
const STRUCK = /New session request timed out|timed out waiting/i;

export interface GridPoolOptions {
  /** The address of the Selenium server. */
  server: string;
  /** The browser of runs that ask for none. */
  kind: BrowserKind;
  /** Most sessions that runs may hold at the same time, whatever the server has. */
  size: number;
  /** The same while the server does not tell how many it has. */
  sizeUnlessTold: number;
  /** Rejects, with the remedy, when the server gives no browsers. */
  check: (signal: AbortSignal) => Promise<unknown>;
  /** Starts a browser of the server, and leaves nothing behind when it is told to give up. */
  launch: (asked: AskedBrowser, signal: AbortSignal) => Promise<BrowserProcess>;
  log: Logger;
}

/** A browser of the server with a session that is ready, or held by a run. */
interface Seat extends Prepared {
  key: string;
  asked: AskedBrowser;
}

/** A browser that is starting, or making its next session. */
interface Coming {
  key: string;
}

/**
 * Browsers of a Selenium server: one run each, because a node gives each a place of its own. A browser that can serves
 * one run after the other, in a session of its own each, and is the one that the next run finds ready. Those that nobody
 * needs are given back: at once when somebody waits in the server's queue, otherwise when as many have not been needed for
 * a minute; one stays.
 */
export class GridPool implements BrowserPool {
  readonly size: number;
  /** Called when places may have come. */
  onPlaces: () => void = () => undefined;
  readonly #options: GridPoolOptions;
  readonly #log: Logger;
  readonly #watch: GridWatch;
  readonly #demand = new Demand();
  readonly #held = new Set<Seat>();
  #idle: Seat[] = [];
  readonly #coming = new Set<Coming>();
  readonly #waiters: Waiter<Seat>[] = [];
  readonly #tasks = new Set<Promise<void>>();
  /** Browsers that have come since the last look at the server, which may count their places as free yet. */
  #opened = 0;
  readonly #closed = new AbortController();
  #adjustment: NodeJS.Timeout | undefined;

  constructor(options: GridPoolOptions) {
    const { server, log } = options;
    this.#options = options;
    this.size = options.size;
    this.#log = log;
    const isBusy = () => this.#held.size + this.#waiters.length > 0;
    this.#watch = new GridWatch({ server, isBusy, onLook: () => this.#looked(), log });
  }

  /** Starts a browser, if the server has a place; a failure is logged and comes up again at the first run. */
  async warm(): Promise<void> {
    await this.#watch.look();
    await this.#prepare();
  }

  /** @throws Error with the remedy when the server gives no browsers */
  async check(signal: AbortSignal): Promise<void> {
    if (this.#held.size + this.#idle.length === 0) await this.#options.check(signal);
  }

  sessions(): PoolSessions {
    return { free: this.#idle.length, preparing: this.#coming.size };
  }

  /** The places of the server for the runs of this one. */
  readonly places = {
    // One more waits in the server's own queue: whatever gets free goes to that first.
    placesFor: (browser: RequestedBrowser | undefined): number => this.#placesFor(browser, 1),
    roomFor: (browser: RequestedBrowser | undefined): number => this.#placesFor(browser, 0),
    ahead: () => this.#watch.capacity?.queued ?? 0,
  };

  /** @param least places beside those that it has, whatever the server has free */
  #placesFor(browser: RequestedBrowser | undefined, least: number): number {
    const { capacity } = this.#watch;
    if (capacity === undefined) return this.#options.sizeUnlessTold;
    const asked = this.#askedOf(browser);
    const isSame = ({ key }: { key: string }) => key === keyOf(asked);
    const own = [...this.#held, ...this.#idle].filter(isSame).length;
    const coming = [...this.#coming].filter(isSame).length;
    return own + Math.max(freePlaces(capacity, asked) - this.#opened, coming, least);
  }

  async acquire(signal: AbortSignal, { browser, onQueued }: AcquireOptions = {}): Promise<BrowserSession> {
    const asked = this.#askedOf(browser);
    let ready = this.#takeIdle(asked);
    while (ready !== undefined && !(await answers(ready, signal))) {
      this.#end(ready.browser);
      signal.throwIfAborted();
      ready = this.#takeIdle(asked);
    }
    // Nothing may come between the look at those that are ready and the beginning of the wait.
    const seat = ready ?? (await this.#wait(asked, { signal, onQueued }));
    this.#held.add(seat);
    this.#demand.change(1);
    this.#adjustIn(HEAD_START_MS);
    // The session is closed once, however often it is asked to: a stopped run closes early, and every run at its end.
    let released: Promise<void> | undefined;
    const close = () => (released ??= this.#release(seat));
    const { page, browser: name, lost, diskUse } = seat.session;
    return { page, browser: name, lost, close, diskUse };
  }

  /** Ends every browser, also one that is just starting. Sessions still held are lost. */
  async close(): Promise<void> {
    this.#closed.abort(new Error("The browser pool is closed."));
    clearTimeout(this.#adjustment);
    for (const waiter of this.#waiters.splice(0)) waiter.reject(this.#closed.signal.reason as Error);
    for (const seat of [...this.#held, ...this.#idle.splice(0)]) this.#end(seat.browser);
    await this.#watch.close();
    // An error begins an end of its own.
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }

  #askedOf({ browser = this.#options.kind, version }: RequestedBrowser = {}): AskedBrowser {
    return { kind: browser, version };
  }

  #takeIdle(asked: AskedBrowser): Seat | undefined {
    const key = keyOf(asked);
    const index = this.#idle.findIndex((seat) => seat.key === key);
    return index < 0 ? undefined : this.#idle.splice(index, 1)[0];
  }

  /** Waits for the first browser that comes: a new one, or one that another run has given back. */
  async #wait(
    asked: AskedBrowser,
    { signal, onQueued }: Pick<AcquireOptions, "onQueued"> & { signal: AbortSignal },
  ): Promise<Seat> {
    this.#closed.signal.throwIfAborted();
    const waiter = new Waiter<Seat>(asked, onQueued);
    this.#waiters.push(waiter);
    if (!this.#hasPlaceFor(asked)) this.#giveBack();
    this.#startFor(asked);
    void this.#watch.look();
    try {
      return await abortable(waiter.seat, signal);
    } catch (error) {
      // It may have been handed over at the same moment.
      waiter.seat.then((seat) => this.#offer(seat)).catch(() => undefined);
      throw error;
    } finally {
      const index = this.#waiters.indexOf(waiter);
      if (index >= 0) this.#waiters.splice(index, 1);
    }
  }

  #hasPlaceFor(asked: AskedBrowser): boolean {
    const { capacity } = this.#watch;
    return capacity === undefined || freePlaces(capacity, asked) > 0;
  }

  /** Starts as many browsers as are waited for. */
  #startFor(asked: AskedBrowser): void {
    const key = keyOf(asked);
    const isOfKey = (each: { key: string }) => each.key === key;
    let missing = this.#waiters.filter(isOfKey).length - [...this.#coming].filter(isOfKey).length;
    for (; missing > 0; missing--) this.#begin(this.#start(asked));
  }

  /** Never rejects: whoever waits is told. */
  async #start(asked: AskedBrowser): Promise<void> {
    const key = keyOf(asked);
    const coming = { key };
    this.#coming.add(coming);
    try {
      const seat = await this.#open(asked);
      this.#coming.delete(coming);
      this.#offer(seat);
    } catch (error) {
      this.#coming.delete(coming);
      if (this.#closed.signal.aborted) return;
      const index = this.#waiters.findIndex((waiter) => waiter.key === key);
      const [waiter] = index < 0 ? [] : this.#waiters.splice(index, 1);
      if (waiter === undefined) this.#log.warn({ err: error }, "no browser session could be prepared");
      else waiter.reject(error as Error);
      this.#startFor(asked);
    }
  }

  async #open(asked: AskedBrowser): Promise<Seat> {
    for (let attempt = 1; ; attempt++) {
      const started = performance.now();
      try {
        const seat = await this.#openOnce(asked);
        this.#opened++;
        this.#log.info({ ms: Math.round(performance.now() - started), ...asked }, "browser started");
        return seat;
      } catch (error) {
        if (this.#closed.signal.aborted || !this.#mayTryAgain(asked, attempt, error))
          throw this.#explained(asked, error);
      }
    }
  }

  async #openOnce(asked: AskedBrowser): Promise<Seat> {
    const { signal } = this.#closed;
    const browser = await this.#options.launch(asked, signal);
    try {
      return { key: keyOf(asked), asked, browser, session: await abortable(browser.newSession(), signal) };
    } catch (error) {
      this.#end(browser);
      throw error;
    }
  }

  /** Asks again while a run waits: the server strikes a request from its queue after some minutes. */
  #mayTryAgain(asked: AskedBrowser, attempt: number, error: unknown): boolean {
    // Its node may have gone just then: another gets one chance.
    if (isMishap(error)) return attempt < ATTEMPTS;
    const { capacity } = this.#watch;
    const key = keyOf(asked);
    const isWaitedFor = this.#waiters.some((waiter) => waiter.key === key);
    return isWaitedFor && capacity !== undefined && offers(capacity, asked) && STRUCK.test(String(error));
  }

  #explained(asked: AskedBrowser, error: unknown): unknown {
    const { capacity } = this.#watch;
    const isMissing = capacity !== undefined && !offers(capacity, asked);
    return isMissing ? noSuchBrowser(asked, capacity, error) : error;
  }

  /** Hands a browser to whoever waits for one like it, or keeps it. */
  #offer(seat: Seat): void {
    if (this.#closed.signal.aborted || seat.session.lost.aborted) {
      this.#end(seat.browser);
      return;
    }
    const index = this.#waiters.findIndex(({ key }) => key === seat.key);
    const [waiter] = index < 0 ? [] : this.#waiters.splice(index, 1);
    if (waiter === undefined) {
      this.#idle.push(seat);
      seat.session.lost.addEventListener("abort", () => this.#forget(seat), { once: true });
      this.#adjust();
    } else {
      waiter.resolve(seat);
    }
    this.onPlaces();
  }

  #forget(seat: Seat): void {
    const index = this.#idle.indexOf(seat);
    if (index < 0) return;
    this.#idle.splice(index, 1);
    this.#end(seat.browser);
  }

  async #release(seat: Seat): Promise<void> {
    this.#held.delete(seat);
    this.#demand.change(-1);
    // The next run may wait for this very browser.
    const coming = { key: seat.key };
    this.#coming.add(coming);
    this.#adjustIn(DEMAND_WINDOW_MS + 1);
    await seat.session.close();
    this.#begin(this.#renew(seat, coming));
  }

  /** Makes the next session of a browser that was given back, or gives it back to the server. Never rejects. */
  async #renew({ key, asked, browser }: Seat, coming: Coming): Promise<void> {
    const isGoingOn = browser.isRunning && !isOld(browser) && !browser.lost.aborted;
    const { signal } = this.#closed;
    const session = isGoingOn
      ? await abortable(browser.newSession(), signal).catch(() => undefined)
      : undefined;
    this.#coming.delete(coming);
    if (session !== undefined) {
      this.#offer({ key, asked, browser, session });
      return;
    }
    this.#end(browser);
    if (signal.aborted) return;
    this.#startFor(asked);
    void this.#prepare();
  }

  /** Work that the pool's end waits for. It never rejects. */
  #begin(task: Promise<void>): void {
    const tracked = task.finally(() => this.#tasks.delete(tracked));
    this.#tasks.add(tracked);
  }

  #end(browser: BrowserProcess): void {
    this.#begin(this.#close(browser));
  }

  async #close(browser: BrowserProcess): Promise<void> {
    try {
      await browser.close();
    } catch (error) {
      this.#log.error({ err: error }, "browser did not end cleanly");
    }
    // A place is free now, if the server says so.
    if (!this.#closed.signal.aborted) void this.#watch.look();
  }

  #looked(): void {
    const { capacity } = this.#watch;
    this.#opened = 0;
    if (capacity !== undefined) {
      // Those that came later are behind.
      for (const [index, waiter] of this.#waiters.entries())
        waiter.tell(capacity.queued - (this.#waiters.length - 1 - index));
      const isShort = this.#waiters.some(({ asked }) => freePlaces(capacity, asked) === 0);
      if (isShort || capacity.queued > this.#waiters.length) this.#giveBack();
    }
    this.onPlaces();
  }

  /** Somebody, or a run that needs another browser, waits for places that are only kept ready here. */
  #giveBack(): void {
    for (const { browser } of this.#idle.splice(0)) this.#end(browser);
  }

  #adjustIn(ms: number): void {
    clearTimeout(this.#adjustment);
    if (this.#closed.signal.aborted) return;
    this.#adjustment = setTimeout(() => {
      this.#adjust();
      void this.#prepare();
    }, ms);
    this.#adjustment.unref();
  }

  /**
   * Browsers that should be ready: with those that are held, as many as there were runs at the same time. A run leaves its
   * browser to the next one, so that none has to be started beside it; one of the usual kind is there at any time.
   */
  get #wanted(): number {
    const usual = keyOf(this.#askedOf(undefined));
    const isUsualHeld = [...this.#held].some(({ key }) => key === usual);
    return Math.max(isUsualHeld ? 0 : 1, Math.min(this.#demand.peak, this.size) - this.#held.size);
  }

  #adjust(): void {
    for (const { browser } of this.#idle.splice(this.#wanted)) this.#end(browser);
  }

  /** Starts one of the browsers that are missing, where a place is free that nobody waits for. */
  async #prepare(): Promise<void> {
    const asked = this.#askedOf(undefined);
    const { capacity } = this.#watch;
    const isEnough = this.#idle.length + this.#coming.size >= this.#wanted || this.#held.size >= this.size;
    if (isEnough || this.#closed.signal.aborted) return;
    if (capacity !== undefined && (capacity.queued > 0 || freePlaces(capacity, asked) === 0)) return;
    const starting = this.#start(asked);
    this.#begin(starting);
    await starting;
  }
}

function noSuchBrowser(asked: AskedBrowser, capacity: GridCapacity, cause: unknown): Error {
  const { kind, version } = asked;
  const wanted = version === undefined ? kind : `${kind} ${version}`;
  const has = offered(capacity).join(", ") || "no browser";
  const message = cause instanceof Error ? cause.message : String(cause);
  return new Error(`${message} No node of it has ${wanted}; they have ${has}.`, { cause });
}
