import type { Logger } from "pino";
import type { RunLog } from "./event-log.js";
import { Gate } from "./gate.js";
import { LeaseLostError, type RequestedBrowser, type RunControl } from "./ports.js";
import type { QueuedJob, RunQueue } from "./queue/queue.js";

export interface ActiveRunOptions {
  id: string;
  /** The owner of the run. */
  principal: string;
  runLog: RunLog;
  /** Time for which the run may keep others waiting while it is paused; `undefined`: as long as it likes. */
  pauseHoldMs: number | undefined;
  log: Logger;
}

/** A run that waits or is under way: its place in the queue, its gate, and what ends it. */
export class ActiveRun {
  readonly id: string;
  readonly principal: string;
  readonly gate: Gate;
  /** Resolves when nothing of the run is under way any more. */
  readonly ended: Promise<void>;
  readonly #options: ActiveRunOptions;
  readonly #controller = new AbortController();
  #job: QueuedJob | undefined;
  #isUnderWay = false;
  #end: () => void = () => undefined;

  constructor(options: ActiveRunOptions) {
    const { id, principal } = options;
    this.id = id;
    this.principal = principal;
    this.#options = options;
    this.gate = new Gate({
      onHeld: () => {
        this.#job?.pause();
      },
      onReleased: () => {
        this.#job?.goOn();
      },
    });
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  /** Aborted when the run is to end early. */
  get cancelled(): AbortSignal {
    return this.#controller.signal;
  }

  /** True once its turn in the queue has come. */
  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** True once its verdict has been announced. */
  get isOver(): boolean {
    return this.#options.runLog.isOver;
  }

  /** Ends the run early. @param reason its message becomes the verdict's */
  cancel(reason: Error): void {
    this.#controller.abort(reason);
  }

  /** Ends the run early, and nothing more is told of it. */
  lose(error: Error): void {
    this.#options.runLog.fail(error);
    this.cancel(error);
  }

  /**
   * Lets go of a run that another server carries out.
   *
   * @returns what was asked of the run here, and has yet to be asked there
   */
  leave(): RunControl | undefined {
    this.#options.runLog.fail(new LeaseLostError(this.id, "Another server carries the run out."));
    this.#end();
    if (this.cancelled.aborted) return "cancel";
    return this.gate.isClosed ? "pause" : undefined;
  }

  /**
   * Puts the run in the queue, and tells those who follow it where it stands.
   *
   * @param onMoved called when another server carries it out instead
   */
  waitIn(
    {
      queue,
      browser,
      priority,
    }: { queue: RunQueue; browser?: RequestedBrowser | undefined; priority?: number | undefined },
    perform: () => Promise<void>,
    onMoved?: () => void,
  ): void {
    const { id: runId, principal, runLog } = this.#options;
    const performOnce = async () => {
      this.#isUnderWay = true;
      await perform().finally(this.#end);
    };
    const job = queue.add(performOnce, {
      runId,
      principal,
      priority,
      browser,
      ...(onMoved && { onMoved }),
      onPosition: (position) => {
        runLog.append({ type: "queued", position });
      },
      onWarning: (leftMs) => {
        this.gate.tell(
          `Others wait for this run's browser: the run ends in ${Math.ceil(leftMs / 1000)} s unless it is resumed or stepped (PAUSE_HOLD).`,
        );
      },
      onGiveUp: (pausedMs) => {
        this.#giveUp(pausedMs);
      },
    });
    this.#job = job;
    if (job.position > 0) runLog.append({ type: "queued", position: job.position });
    // A run that is stopped while it waits needs no browser to end, so it does not have to wait for one.
    this.cancelled.addEventListener("abort", () => {
      const removed = job.remove();
      if (removed === true) void performOnce();
      else if (removed !== false) void this.#performOnceRemoved(removed, performOnce);
    });
  }

  /** Never rejects: a run that cannot be taken out of the queue now ends as soon as a server takes it. */
  async #performOnceRemoved(removing: Promise<boolean>, performOnce: () => Promise<void>): Promise<void> {
    const isRemoved = await removing.catch((error: unknown) => {
      this.#options.log.warn({ err: error }, "a run that was stopped stays in the queue for now");
      return false;
    });
    if (isRemoved) await performOnce();
  }

  #giveUp(pausedMs: number): void {
    const { log, pauseHoldMs } = this.#options;
    log.info({ pausedMs: Math.round(pausedMs) }, "paused run gives its browser up to others");
    this.cancel(new Error(gaveUp(pausedMs, pauseHoldMs)));
  }
}

function gaveUp(pausedMs: number, holdMs = 0): string {
  const paused = `The run was paused for ${Math.round(pausedMs / 1000)} s`;
  return `${paused} while others waited, and gave its browser up to them after ${holdMs / 1000} s (PAUSE_HOLD). Start it again when you can go on with it.`;
}
