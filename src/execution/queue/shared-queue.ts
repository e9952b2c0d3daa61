import type { Logger } from "pino";
import { AppError } from "../../protocol/errors.js";
import { Alarm } from "../../wakes/alarm.js";
import { QUEUE, type Wakes } from "../../wakes/ports.js";
import type { JobStore, NewRun, RequestedBrowser, TakenRun, TakenBrowsers, WaitingRun } from "../ports.js";
import { PausedPlaces, type PausedJob, type WaitingJob } from "./paused-places.js";
import {
  ANNOUNCE_INTERVAL_MS,
  countOf,
  isWorthTelling,
  queueFull,
  type QueuedJob,
  type QueueLimits,
  type QueueTicket,
  type RunQueue,
} from "./queue.js";

/** Time after which the queue is looked at although nobody was woken, in milliseconds. */
const POLL_MS = 2_000;

/**
 * Time that a run waits for a server with room before one without takes it, in milliseconds: such a one has it wait in the
 * line of its Selenium Grid, and can give it back to nobody.
 */
const OTHERS_FIRST_MS = 1_000;

export interface SharedQueueOptions extends QueueLimits {
  jobs: JobStore;
  wakes: Wakes;
  log: Logger;
}

/** A new run, as servers that share the queue take it over from each other. */
export interface SharedJob {
  /** All that its performing needs beside the run itself; what JSON can hold. */
  content: object;
  /** Names what keeps other servers from carrying it out; undefined where nothing does. */
  onlyHere: string | undefined;
  /** As of a {@link QueueTicket}. */
  priority: number;
}

/** A job that a request to this server has brought, or that this server has taken. */
interface Job extends PausedJob {
  runId: string;
  browser: RequestedBrowser | undefined;
  start: () => Promise<void>;
  onPosition: ((position: number) => void) | undefined;
  onMoved: () => void;
  /** The position that was announced last. */
  told: number;
}

/** A waiting run, of whichever server, for the sake of which a paused one may have to give its place up. */
interface Claimant extends WaitingJob {
  runId: string;
}

/**
 * The queue that all servers of a database share: runs wait in a table, in the turns of their principals, and whichever
 * server has room takes the next one over. `concurrency` is this server's own; with 0 it takes none.
 */
export class SharedQueue implements RunQueue {
  readonly #options: SharedQueueOptions;
  readonly #alarm: Alarm;
  /** Jobs of this server that wait, by their runs. */
  readonly #waiting = new Map<string, Job>();
  readonly #working = new Set<Job>();
  /** Those that no other server can carry out, by their runs. */
  readonly #own = new Set<string>();
  /** Those that are being taken out of the line. */
  readonly #removing = new Set<Job>();
  /** Runs that are being saved here: whoever takes one before it is added starts it then. */
  readonly #coming = new Set<string>();
  /** Runs that this server has taken and that have not been added yet. */
  readonly #taken = new Set<string>();
  readonly #places: PausedPlaces<Claimant>;
  #claimants: Claimant[] = [];
  /** Resolves when the request that came last is saved, or is not. */
  #reserved: Promise<void> = Promise.resolve();
  #adopt: ((taken: TakenRun) => void) | undefined;
  #announcedAt = 0;
  /** True while positions may have changed that have yet to be announced. */
  #isBehind = false;
  /** True while runs wait for a server with more room than this one has. */
  #isPatient = false;
  #isDraining = false;
  #isStopped = false;

  constructor(options: SharedQueueOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.wakes, QUEUE);
    this.#places = new PausedPlaces<Claimant>({
      holdMs: options.pauseHoldMs,
      waiting: () => this.#claimants,
      onClaim: ({ runId }) => void this.#putFirst(runId),
    });
  }

  /**
   * Takes runs from now on.
   *
   * @param adopt called with a run that came to another server; it adds the run at once
   */
  open(adopt: (taken: TakenRun) => void): void {
    if (this.#adopt === undefined) void this.#serve();
    this.#adopt = adopt;
  }

  /** Takes no more, and leaves what waits to other servers. Those remain that no other can carry out. */
  drain(): void {
    this.#isDraining = true;
    for (const job of [...this.#waiting.values()]) if (!this.#own.has(job.runId)) this.#move(job);
    this.#alarm.ring();
  }

  /** Looks at nothing any more. */
  stop(): void {
    this.#isStopped = true;
    this.#alarm.ring();
    this.#alarm.stop();
  }

  /** Tells if a run of this server waits; it may have been taken by another one by now. */
  isWaiting(runId: string): boolean {
    return this.#waiting.has(runId);
  }

  /** Looks soon which runs of this server have been taken, and whether there are places for more. */
  look(): void {
    this.#alarm.ring();
  }

  /** Requests are saved one after the other, so that they stand in line as they came; the limits hold there. */
  async reserve(): Promise<() => void> {
    const before = this.#reserved;
    let release: () => void = ignore;
    this.#reserved = new Promise((resolve) => (release = resolve));
    await before;
    return release;
  }

  /**
   * Saves a run and puts it in line; it has to be added next.
   *
   * @returns false when its principal has another with the same idempotency key
   * @throws AppError `queue_full`; `invalid_message` when only this server could carry it out, and it carries out none
   */
  async create(run: NewRun, { content, onlyHere, priority }: SharedJob): Promise<boolean> {
    const { jobs, concurrency, capacity, waitingPerPrincipal = Infinity } = this.#options;
    const isOwn = onlyHere !== undefined;
    if (isOwn && concurrency === 0) {
      throw new AppError(
        "invalid_message",
        `${onlyHere} reach no other server, and this one carries out no runs (ROLE=server). Leave them out, or ask a server with ROLE=all.`,
      );
    }
    this.#coming.add(run.id);
    try {
      const enqueued = await jobs.createRun(run, {
        content,
        priority,
        isOwn,
        places: concurrency,
        mostWaiting: capacity,
        mostWaitingOfPrincipal: waitingPerPrincipal,
      });
      if (enqueued === "full") throw queueFull();
      if (enqueued === "full_for_principal") throw queueFull(waitingPerPrincipal);
      if (enqueued === "queued") {
        if (isOwn) this.#own.add(run.id);
        return true;
      }
      this.#coming.delete(run.id);
      return false;
    } catch (error) {
      this.#coming.delete(run.id);
      throw error;
    }
  }

  add(
    start: () => Promise<void>,
    {
      runId = "",
      principal = "",
      browser,
      onPosition,
      onMoved = ignore,
      onWarning = ignore,
      onGiveUp = ignore,
    }: QueueTicket,
  ): QueuedJob {
    const callbacks = { start, onPosition, onMoved, onWarning, onGiveUp };
    const job: Job = { ...callbacks, runId, principal, browser, told: 0 };
    this.#coming.delete(runId);
    if (this.#taken.delete(runId)) this.#begin(job);
    else {
      this.#waiting.set(runId, job);
      if (this.#isDraining && !this.#own.has(runId)) queueMicrotask(() => this.#move(job));
      this.#options.wakes.wake(QUEUE);
    }
    return {
      get position() {
        return job.told;
      },
      remove: () => this.#remove(job),
      pause: () => {
        if (this.#working.has(job)) this.#places.pause(job);
        this.#alarm.ring();
      },
      goOn: () => {
        this.#places.release(job);
      },
    };
  }

  async #remove(job: Job): Promise<boolean> {
    if (!this.#waiting.has(job.runId)) return false;
    this.#removing.add(job);
    try {
      const isRemoved = await this.#options.jobs.remove(job.runId);
      if (isRemoved) this.#forget(job);
      return isRemoved;
    } finally {
      this.#removing.delete(job);
      this.#alarm.ring();
    }
  }

  #forget({ runId }: Job): void {
    this.#waiting.delete(runId);
    this.#own.delete(runId);
  }

  #move(job: Job): void {
    if (!this.#waiting.has(job.runId) || this.#removing.has(job)) return;
    this.#forget(job);
    this.#options.jobs.forget(job.runId);
    job.onMoved();
  }

  /** Never rejects. */
  async #serve(): Promise<void> {
    while (!this.#isStopped) {
      try {
        await this.#takeAll();
        if (this.#waiting.size > 0 || this.#places.isAnyPaused) await this.#lookOnce();
      } catch (error) {
        this.#options.log.warn({ err: error }, "the queue of runs could not be read, trying again");
      }
      await this.#alarm.wait(this.#pauseMs());
    }
  }

  /** Moves that were not announced yet are so as soon as they may. */
  #pauseMs(): number {
    const pauseMs = this.#isPatient ? OTHERS_FIRST_MS : POLL_MS;
    if (!this.#isBehind) return pauseMs;
    return Math.max(1, Math.ceil(this.#announcedAt + ANNOUNCE_INTERVAL_MS - performance.now()));
  }

  async #takeAll(): Promise<void> {
    const { jobs, concurrency, runningPerPrincipal } = this.#options;
    this.#isPatient = false;
    while (this.#working.size < concurrency && !this.#isStopped) {
      const onlyOwn = this.#isDraining;
      if (onlyOwn && this.#own.size === 0) return;
      const browsers = await this.#findRoom();
      const taken = await jobs.take(new Date(), {
        runningPerPrincipal,
        onlyOwn,
        ...(browsers && { browsers }),
      });
      if (taken === undefined) return;
      this.#takeOver(taken);
    }
  }

  /**
   * The browsers that runs in line ask for and this server has, or could wait for, in its Selenium Grid. What comes to the
   * line meanwhile has to wait for the next look, which it is woken for.
   */
  async #findRoom(): Promise<TakenBrowsers | undefined> {
    const { jobs, places } = this.#options;
    if (places === undefined) return undefined;
    const asked = await jobs.listBrowsers();
    const working = [...this.#working];
    const free = asked.filter((browser) => countOf(working, browser) < places.roomFor(browser));
    const full = asked.filter((browser) => !free.includes(browser));
    const later = full.filter((browser) => countOf(working, browser) < places.placesFor(browser));
    this.#isPatient = later.length > 0;
    return { free, later, laterMs: OTHERS_FIRST_MS };
  }

  #takeOver(taken: TakenRun): void {
    const { id } = taken.run;
    const job = this.#waiting.get(id);
    if (job !== undefined) {
      this.#forget(job);
      this.#begin(job);
      return;
    }
    this.#taken.add(id);
    // The server that it came to lets it go, and those who watch it there look for its events.
    this.#options.wakes.wake(QUEUE);
    // One that is just being saved here is added next.
    if (!this.#coming.has(id)) this.#adopt?.(taken);
  }

  #begin(job: Job): void {
    this.#working.add(job);
    const ended = () => {
      this.#working.delete(job);
      this.#places.release(job);
      // A principal may have one more, on whichever server.
      this.#options.wakes.wake(QUEUE);
    };
    job.start().then(ended, ended);
  }

  /** Finds out where the jobs of this server stand, and who waits beside paused ones. */
  async #lookOnce(): Promise<void> {
    const { jobs, runningPerPrincipal } = this.#options;
    const asked = [...this.#waiting.values()];
    const waiting = await jobs.listWaiting({ runningPerPrincipal });
    const positions = new Map(waiting.map(({ runId }, index) => [runId, index + 1]));
    for (const job of asked) if (!positions.has(job.runId)) this.#move(job);
    this.#claimants = waiting.filter(({ mayStart }) => mayStart).map(toClaimant);
    this.#places.check();
    this.#isBehind = performance.now() < this.#announcedAt + ANNOUNCE_INTERVAL_MS;
    if (this.#isBehind) return;
    this.#announcedAt = performance.now();
    for (const job of this.#waiting.values()) this.#announce(job, positions.get(job.runId));
  }

  #announce(job: Job, position: number | undefined): void {
    if (position === undefined || !isWorthTelling(job.told, position)) return;
    job.told = position;
    job.onPosition?.(position);
  }

  async #putFirst(runId: string): Promise<void> {
    try {
      await this.#options.jobs.putFirst(runId);
    } catch (error) {
      this.#options.log.warn({ err: error, runId }, "a run could not be made the next one");
    }
  }
}

function toClaimant({ runId, principal, queuedAt }: WaitingRun): Claimant {
  return { runId, principal, since: performance.now() - Math.max(0, Date.now() - queuedAt.getTime()) };
}

function ignore(): void {
  // A caller that gives no callback does not want to know.
}
