import { AppError } from "../../protocol/errors.js";
import { PRIORITY } from "../../protocol/limits.js";
import type { RequestedBrowser } from "../ports.js";
import { PausedPlaces, type PausedJob, type WaitingJob } from "./paused-places.js";

/** Least time between two announcements of positions, in milliseconds. */
export const ANNOUNCE_INTERVAL_MS = 250;

/** Up to this position each move is announced; farther back only moves of at least a tenth. */
const NEAR_POSITION = 20;

/** A place in the queue of runs. */
export interface QueuedJob {
  /**
   * Runs that have to start before this one, itself included; 0 once it has started. Others may come in between when
   * a principal has as many running as it may.
   */
  readonly position: number;
  /** Takes the job out of the queue. @returns whether it had not started yet, here or elsewhere */
  remove(): boolean | Promise<boolean>;
  /** Tells that the job keeps its place without working, and that it works again. */
  pause(): void;
  goOn(): void;
}

/** The owner of a job, and the callbacks that tell how it stands. */
export interface QueueTicket {
  /** Id of the run, by which servers that share a queue know it. */
  runId?: string;
  /** Principals take turns. */
  principal?: string;
  /**
   * Its place among the waiting jobs of the principal: the highest gets the principal's next turn.
   * @defaultValue that of `PRIORITY`
   */
  priority?: number | undefined;
  /** The browser that the job needs. @defaultValue the server's own */
  browser?: RequestedBrowser | undefined;
  /** Called when another server has taken the job, or is to: it will not start here. */
  onMoved?: () => void;
  /** Called when the job has moved while it waits; at most every 250 ms. */
  onPosition?: (position: number) => void;
  /**
   * Called once a pause, when others have waited for half of the time that the job may be paused beside them.
   *
   * @param leftMs when it has to end unless it goes on, in milliseconds
   */
  onWarning?: (leftMs: number) => void;
  /**
   * Called when the job has to end, because others have waited too long while it was paused.
   *
   * @param pausedMs how long it has been paused, in milliseconds
   */
  onGiveUp?: (pausedMs: number) => void;
}

/** Decides when a run may start. */
export interface RunQueue {
  /**
   * Counts a job that is about to be added, so that many at once do not get past a limit together.
   *
   * @returns what to call once the job has been added, or will not be
   * @throws AppError `queue_full`
   */
  reserve(principal: string, browser?: RequestedBrowser): (() => void) | Promise<() => void>;
  /** Puts a job in line. It starts at once when nothing else has to start or end before. */
  add(job: () => Promise<void>, ticket?: QueueTicket): QueuedJob;
}

/** Places of another system, which others use, too: they come and go. */
export interface Places {
  /** Jobs that may have such a browser at the same time, with one that waits there while there is no room. */
  placesFor(browser: RequestedBrowser | undefined): number;
  /** The same without the one that waits there. */
  roomFor(browser: RequestedBrowser | undefined): number;
  /** Requests that wait for a place there, and come before the jobs that wait here. */
  ahead(): number;
}

export interface QueueLimits {
  /** Jobs that may run at the same time. */
  concurrency: number;
  /** Jobs that may wait. */
  capacity: number;
  /**
   * Jobs of one principal that may run at the same time, and that may wait.
   * @defaultValue no limit
   */
  runningPerPrincipal?: number | undefined;
  waitingPerPrincipal?: number | undefined;
  /**
   * Time for which a paused job may keep a job of another principal waiting, in milliseconds.
   * @defaultValue as long as it likes
   */
  pauseHoldMs?: number | undefined;
  /**
   * The places that jobs need, beside the limits above; {@link InProcessQueue.placesChanged} is to be called whenever
   * there may be more.
   * @defaultValue there are always enough
   */
  places?: Places | undefined;
}

interface Job extends WaitingJob, PausedJob {
  start: () => Promise<void>;
  priority: number;
  onPosition: ((position: number) => void) | undefined;
  browser: RequestedBrowser | undefined;
  /** The round in which it is this job's turn. */
  round: number;
  /** The position that was announced last. */
  told: number;
}

/** A principal's jobs and place in the rounds. */
interface Share {
  waiting: number;
  running: number;
  /** Jobs about to be added. */
  reserved: number;
  /** The first round in which none of its jobs has had, or will have, its turn. */
  nextRound: number;
}

/**
 * Principals take turns; each one's jobs are served by their priorities and, where those are equal, in the order in which
 * they came. A principal has one turn a round, and a job that comes brings one of the round under way or, when its
 * principal has had that turn, of a later one: start-time fair queueing (Goyal, Vin and Cheng, 1996) with jobs of equal
 * weight, by which nobody waits for ever, even if others come and go. A priority only decides which of its principal's
 * turns a job has. It works inside this process only, which is all that an embedded database has.
 */
export class InProcessQueue implements RunQueue {
  readonly #limits: QueueLimits;
  readonly #shares = new Map<string, Share>();
  /** Jobs in the order in which they start, but for principals who have as many running as they may. */
  readonly #waiting: Job[] = [];
  readonly #working = new Set<Job>();
  #round = 0;
  #isAnnouncing = false;
  readonly #places: PausedPlaces<Job>;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
    this.#places = new PausedPlaces<Job>({
      holdMs: limits.pauseHoldMs,
      waiting: () => this.#waiting.filter(({ principal }) => this.#mayRunMore(principal)),
      onClaim: ({ principal }) => {
        this.#putFirst(principal);
      },
    });
  }

  reserve(principal: string, browser?: RequestedBrowser): () => void {
    const { concurrency, capacity, waitingPerPrincipal = Infinity } = this.#limits;
    let coming = this.#working.size + this.#waiting.length;
    for (const { reserved } of this.#shares.values()) coming += reserved;
    if (coming >= concurrency + capacity) {
      throw queueFull();
    }
    const share = this.#shareOf(principal);
    const startable = this.#hasPlaceFor(browser) ? this.#startable(share) : 0;
    if (share.waiting + share.reserved >= waitingPerPrincipal + startable) {
      throw queueFull(waitingPerPrincipal);
    }
    share.reserved++;
    let isReserved = true;
    return () => {
      if (isReserved) share.reserved--;
      isReserved = false;
    };
  }

  add(
    start: () => Promise<void>,
    {
      principal = "",
      priority = PRIORITY.default,
      browser,
      onPosition,
      onWarning = ignore,
      onGiveUp = ignore,
    }: QueueTicket = {},
  ): QueuedJob {
    const share = this.#shareOf(principal);
    const round = Math.max(this.#round, share.nextRound);
    const callbacks = { start, onPosition, onWarning, onGiveUp };
    const since = performance.now();
    const job: Job = { ...callbacks, principal, priority, browser, since, round, told: 0 };
    share.nextRound = round + 1;
    share.waiting++;
    const place = this.#waiting.findIndex((other) => other.round > round);
    this.#waiting.splice(place < 0 ? this.#waiting.length : place, 0, job);
    this.#putBefore(job);
    this.#startNext();
    const position = () => this.#positionAt(this.#waiting.indexOf(job));
    job.told = position();
    // Jobs whose turn comes later have moved back.
    this.#moved();
    this.#places.check();
    return {
      get position() {
        return position();
      },
      remove: () => {
        const index = this.#waiting.indexOf(job);
        if (index < 0) return false;
        this.#waiting.splice(index, 1);
        share.waiting--;
        this.#moved();
        this.#places.check();
        return true;
      },
      pause: () => {
        if (this.#working.has(job)) this.#places.pause(job);
      },
      goOn: () => {
        this.#places.release(job);
      },
    };
  }

  /** Starts the jobs for which there are places now. */
  placesChanged(): void {
    if (this.#waiting.length === 0) return;
    this.#startNext();
    this.#moved();
    this.#places.check();
  }

  /** @param index in the line; below 0 for a job that has started */
  #positionAt(index: number): number {
    return index < 0 ? 0 : index + 1 + (this.#limits.places?.ahead() ?? 0);
  }

  #hasPlaceFor(browser: RequestedBrowser | undefined): boolean {
    const { places } = this.#limits;
    if (places === undefined) return true;
    return countOf([...this.#working], browser) < places.placesFor(browser);
  }

  #shareOf(principal: string): Share {
    let share = this.#shares.get(principal);
    if (share === undefined) {
      share = { waiting: 0, running: 0, reserved: 0, nextRound: 0 };
      this.#shares.set(principal, share);
    }
    return share;
  }

  /** The number of jobs of a principal that could start at once. */
  #startable({ running }: Share): number {
    const { concurrency, runningPerPrincipal = Infinity } = this.#limits;
    return Math.max(0, Math.min(concurrency - this.#working.size, runningPerPrincipal - running));
  }

  #mayRunMore(principal: string): boolean {
    return this.#shareOf(principal).running < (this.#limits.runningPerPrincipal ?? Infinity);
  }

  /** Gives a job the turns of its principal's jobs with lower priorities, which get those behind. */
  #putBefore(job: Job): void {
    let last = this.#waiting.indexOf(job);
    for (let index = last - 1; index >= 0; index--) {
      const other = this.#waiting[index];
      if (other?.principal !== job.principal) continue;
      if (other.priority >= job.priority) return;
      [this.#waiting[index], this.#waiting[last]] = [job, other];
      [job.round, other.round] = [other.round, job.round];
      last = index;
    }
  }

  /** Makes a principal's next job the next one to start, even if it is another's turn. */
  #putFirst(principal: string): void {
    const index = this.#waiting.findIndex((job) => job.principal === principal);
    const [job] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (job === undefined) return;
    job.round = this.#round;
    this.#waiting.unshift(job);
    this.#moved();
  }

  #startNext(): void {
    for (let job = this.#takeNext(); job !== undefined; job = this.#takeNext()) {
      const share = this.#shareOf(job.principal);
      this.#working.add(job);
      share.waiting--;
      share.running++;
      this.#enterRound(job.round);
      // A job deals with its own errors; the queue only has to learn that it ended.
      const ended = () => {
        this.#working.delete(job);
        share.running--;
        this.#startNext();
        this.#moved();
        this.#places.release(job);
        this.#places.check();
      };
      job.start().then(ended, ended);
    }
  }

  #takeNext(): Job | undefined {
    const index = this.#waiting.findIndex(
      ({ principal, browser }) => this.#startable(this.#shareOf(principal)) > 0 && this.#hasPlaceFor(browser),
    );
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
  }

  /** Begins a round and forgets the principals who have no job here and may have a turn in this round. */
  #enterRound(round: number): void {
    if (round <= this.#round) return;
    this.#round = round;
    for (const [principal, { waiting, running, reserved, nextRound }] of this.#shares) {
      if (waiting + running + reserved === 0 && nextRound <= round) this.#shares.delete(principal);
    }
  }

  #moved(): void {
    if (this.#isAnnouncing) return;
    this.#isAnnouncing = true;
    setTimeout(() => {
      this.#isAnnouncing = false;
      this.#announce();
    }, ANNOUNCE_INTERVAL_MS).unref();
  }

  #announce(): void {
    for (const [index, job] of this.#waiting.entries()) {
      const position = this.#positionAt(index);
      if (!isWorthTelling(job.told, position)) continue;
      job.told = position;
      job.onPosition?.(position);
    }
  }
}

/** The number of jobs that need such a browser. */
export function countOf(
  jobs: readonly { browser: RequestedBrowser | undefined }[],
  asked: RequestedBrowser | undefined,
): number {
  return jobs.filter(
    ({ browser }) => browser?.browser === asked?.browser && browser?.version === asked?.version,
  ).length;
}

/** @param waitingPerPrincipal how many of one principal may wait, where that is the reason */
export function queueFull(waitingPerPrincipal?: number): AppError {
  const text =
    waitingPerPrincipal === undefined
      ? "Too many runs are waiting; try again when some have ended."
      : `You have ${waitingPerPrincipal} runs waiting, as many as may; try again when one has started.`;
  return new AppError("queue_full", text);
}

function ignore(): void {
  // A caller that gives no callback does not want to know.
}

/** Each announcement is stored; all moves of a long queue would be as many as its length squared. */
export function isWorthTelling(told: number, position: number): boolean {
  if (position === told) return false;
  return position <= NEAR_POSITION || Math.abs(position - told) >= told / 10;
}
