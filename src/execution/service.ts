import { randomUUID } from "node:crypto";
import { stdSerializers, type Logger } from "pino";
import type { BrowserName } from "../protocol/browsers.js";
import { AppError } from "../protocol/errors.js";
import { requireSameRequest, type AskedFields, type KeyedRequest } from "../protocol/idempotency.js";
import type { OnFailure } from "../protocol/messages.js";
import { ActiveRun } from "./active-run.js";
import { ActiveRuns, type Controller } from "./active-runs.js";
import { BrokenRuns } from "./broken-runs.js";
import { EventLog, type RunLog } from "./event-log.js";
import type { RunFacilities } from "./facilities.js";
import type { Feed } from "./feed.js";
import { KeptStore } from "./kept-store.js";
import { Leases, type Clock } from "./leases.js";
import type { LiveEnd } from "./live-run.js";
import { performGeneration } from "./perform-generation.js";
import { performRun } from "./perform-run.js";
import { planCase, planStep, type PlannedStep } from "./plan.js";
import {
  LeaseLostError,
  type GenerationTask,
  type NewRun,
  type RunControl,
  type TakenRun,
  type UnfinishedRun,
} from "./ports.js";
import type { RunQueue } from "./queue/queue.js";
import type { SharedQueue } from "./queue/shared-queue.js";
import type { QueuedRun, RunLimits } from "./queued-run.js";
import { UNTRACED, type Traces } from "../tracing/ports.js";
import { closeUnfinishedRuns } from "./recovery.js";
import { environmentOf } from "./run-environment.js";
import { jobOf, type RunOrder } from "./run-order.js";
import {
  browserOf,
  keyed,
  limitsOf,
  requireAllowed,
  requireBrowser,
  videoModeOf,
  type RunRequest,
} from "./run-request.js";

export type { RunRequest };

/**
 * Time that a stop waits for runs to be saved while the database takes no changes, in milliseconds. The server's whole
 * stop has 4.5 s.
 */
const STOP_WAIT_MS = 2_500;

export interface ExecutionOptions extends RunFacilities {
  queue: RunQueue;
  /** The same queue, where it is one of several servers: they take runs over from each other. @defaultValue it is not */
  shared?: SharedQueue | undefined;
  /** Hands a control on to the server that has taken a run over. */
  forward?: (control: RunControl, runId: string) => void;
  /**
   * The feed through which others than those who start runs follow them.
   * @defaultValue nowhere
   */
  feed?: Feed;
  /**
   * Called before a run is saved. It throws an AppError when the server can take none.
   * @defaultValue the server takes runs at any time
   */
  admit?: () => Promise<void>;
  /** The only browser that there is. @defaultValue runs may ask for any */
  ownBrowser?: BrowserName | undefined;
  /** The clock of leases. @defaultValue the system's */
  clock?: Clock;
  /** @defaultValue nobody follows */
  traces?: Pick<Traces, "run">;
  log: Logger;
}

type Perform = (queued: QueuedRun) => Promise<void>;

/** The way in which a run is carried out. */
interface Work {
  limits: RunLimits;
  perform: Perform;
}

/** The case or script that a generation writes. */
interface GenerationSubject {
  /** The step whose script it writes, with its case; null where it makes a case. */
  testCaseId: number | null;
  testStepId: number | null;
  /** The request's fields, which one with the same idempotency key has to repeat. */
  asked: AskedFields;
}

type PlannedSteps = readonly [PlannedStep, ...PlannedStep[]];

/** Starts, stops and recovers runs. */
export class ExecutionService {
  readonly #options: ExecutionOptions;
  readonly #store: KeptStore;
  readonly #facilities: RunFacilities;
  readonly #eventLog: EventLog;
  readonly #broken: BrokenRuns;
  readonly #leases: Leases;
  readonly #active = new ActiveRuns();
  readonly #starting = new Set<Promise<string>>();
  #isTaking = true;
  #stopping = false;

  constructor(options: ExecutionOptions) {
    const { log } = options;
    this.#options = options;
    this.#store = new KeptStore(options);
    this.#facilities = { ...options, store: this.#store };
    this.#leases = new Leases({
      store: this.#store,
      onLost: (error) => {
        // One that waits was taken over by a server that has room for it.
        if (options.shared?.isWaiting(error.runId)) options.shared.look();
        else this.#active.lose(error);
      },
      endAbandoned: (runs) => this.#endAbandoned(runs),
      clock: options.clock,
      log,
    });
    this.#eventLog = new EventLog({ store: this.#store, log, lossOf: (runId) => this.#leases.lossOf(runId) });
    this.#broken = new BrokenRuns({ store: this.#store, eventLog: this.#eventLog, log });
  }

  /**
   * Saves a run of one step and puts it in the queue.
   *
   * @returns the run's id
   * @throws AppError when the run cannot be started; nothing has been then.
   */
  async startStep(stepId: number, request: RunRequest): Promise<string> {
    const asked = { type: "execute_step", step_id: stepId };
    return await this.#admit(request, asked, async (once) => {
      const planned = await planStep(this.#store, stepId);
      return await this.#executeLater([planned], { kind: "step", onFailure: "stop", once }, request);
    });
  }

  /**
   * Saves a run of every step of a case and puts it in the queue.
   *
   * @returns the run's id
   * @throws AppError when the run cannot be started; nothing has been then.
   */
  async startCase(testCaseId: number, onFailure: OnFailure, request: RunRequest): Promise<string> {
    const asked = { type: "execute_all", test_case_id: testCaseId, on_failure: onFailure };
    return await this.#admit(request, asked, async (once) => {
      const steps = await planCase(this.#store, testCaseId);
      return await this.#executeLater(steps, { kind: "case", onFailure, once }, request);
    });
  }

  /**
   * Saves a run of a generation on the open page and puts it in the queue.
   *
   * @returns the run's id
   * @throws AppError when the run cannot be started; nothing has been then.
   */
  async startGeneration(
    task: GenerationTask,
    { testCaseId, testStepId, asked }: GenerationSubject,
    request: RunRequest,
  ): Promise<string> {
    return await this.#admit(request, asked, async (once) => {
      const environment = await environmentOf(request, {}, this.#store);
      const what = {
        ...({ kind: "generation", testCaseId, testStepId, onFailure: "continue", once } as const),
        environment: environment?.name ?? null,
      };
      const work = {
        limits: limitsOf(request, this.#options.settings),
        perform: (queued: QueuedRun) => performGeneration({ ...queued, task, environment }, this.#facilities),
      };
      return await this.#saveAndQueue(what, request, work);
    });
  }

  /** @throws AppError `invalid_message` when a request asks for what no run on this server is given */
  requireAllowed(request: RunRequest): void {
    requireAllowed(request, this.#options.settings);
    requireBrowser(request, this.#options.ownBrowser);
  }

  /** Tells if a run waits or is under way in this process. */
  has(runId: string): boolean {
    return this.#active.has(runId);
  }

  /** True while no run waits or is under way in this process. */
  get isIdle(): boolean {
    return this.#active.isEmpty;
  }

  /**
   * Stops a run, waiting or under way; its own events tell when it has ended.
   *
   * @throws AppError `run_not_found` when no such run is active, `forbidden` when it is somebody else's.
   */
  cancel(runId: string, by?: Controller): void {
    this.#active.cancel(runId, by);
  }

  /**
   * Holds a run before its next command; a run that waits for a browser is held before its first.
   *
   * @throws AppError `run_not_found` when no such run is active, `forbidden` when it is somebody else's.
   */
  pause(runId: string, by?: Controller): void {
    this.#active.pause(runId, by);
  }

  /**
   * Lets a paused run go on.
   *
   * @throws AppError `run_not_found` when no such run is active, `forbidden` when it is somebody else's,
   *   `run_not_paused` when it is not paused.
   */
  resume(runId: string, by?: Controller): void {
    this.#active.resume(runId, by);
  }

  /**
   * Lets a paused run carry out one command.
   *
   * @throws AppError `run_not_found` when no such run is active, `forbidden` when it is somebody else's,
   *   `run_not_paused` when it is not paused.
   */
  step(runId: string, by?: Controller): void {
    this.#active.step(runId, by);
  }

  /**
   * Starts no more runs, and resolves when those that wait or are under way have ended by themselves. Of a shared queue,
   * those that wait are left to other servers.
   */
  async drain(): Promise<void> {
    this.#isTaking = false;
    // A request that was just being saved becomes a run.
    await Promise.allSettled(this.#starting);
    this.#options.shared?.drain();
    await this.#active.ended();
  }

  /** Starts no more runs, ends those under way as `error` "Server stopping", and resolves when all are saved. */
  async stop(): Promise<void> {
    this.#isTaking = false;
    this.#stopping = true;
    // A request that was just being saved becomes a run that ends at once.
    await Promise.allSettled(this.#starting);
    this.#options.shared?.drain();
    const ended = this.#active.cancelAll(stopping());
    const giveUp = setTimeout(() => {
      this.#store.abandon();
    }, STOP_WAIT_MS);
    await Promise.all([ended, this.#broken.stop(), this.#leases.stop()]);
    clearTimeout(giveUp);
    this.#options.shared?.stop();
  }

  /** Ends every run under way as `error`, for a reason that is nobody's fault. Those that wait stay. */
  endUnderWay(reason: Error): void {
    this.#active.cancelUnderWay(reason);
  }

  /**
   * Ends runs that a killed server left behind as `error` "Server restarted", and looks from then on for more. Runs of
   * a server that may be alive are left to it.
   */
  async recover(): Promise<void> {
    this.#leases.start();
    await this.#end(await this.#store.takeAbandonedRuns("start", new Date()), "Server restarted");
    this.#options.shared?.open((taken) => {
      this.#adopt(taken);
    });
  }

  /** Carries out a run that came to another server. */
  #adopt({ run, content, lastSeq }: TakenRun): void {
    // Any server has written it with this very type.
    const { limits, browser, ...order } = content as RunOrder;
    const perform = (queued: QueuedRun) => performRun({ ...queued, ...order }, this.#facilities);
    const { requestId, principal } = run;
    const request = {
      requestId: requestId ?? undefined,
      principal: principal ?? undefined,
      browser: browser?.browser,
      browserVersion: browser?.version,
    };
    this.#enqueue({ ...run, lastSeq }, request, { limits, perform });
  }

  /** Ends runs that another server has left behind. Never rejects: a run that cannot be saved yet is tried again. */
  async #endAbandoned(runs: UnfinishedRun[]): Promise<void> {
    try {
      await this.#end(runs, "The server that carried the run out is gone.");
    } catch (error) {
      for (const { id } of runs) this.#broken.add(id, error);
    }
  }

  async #end(runs: UnfinishedRun[], reason: string): Promise<void> {
    const { log } = this.#options;
    const reasonOf = () => reason;
    await closeUnfinishedRuns(runs, { store: this.#store, eventLog: this.#eventLog, reasonOf, log });
  }

  async #executeLater(
    steps: PlannedSteps,
    {
      kind,
      onFailure,
      once,
    }: { kind: "step" | "case"; onFailure: OnFailure; once: KeyedRequest | undefined },
    request: RunRequest,
  ): Promise<string> {
    const { step } = steps[0];
    const { id, testCaseId } = step;
    const environment = await environmentOf(request, step, this.#store);
    const testStepId = kind === "step" ? id : null;
    const video = videoModeOf(request, this.#options.settings);
    const what = { kind, testCaseId, testStepId, onFailure, environment: environment?.name ?? null, once };
    const limits = limitsOf(request, this.#options.settings);
    const order: RunOrder = { steps, environment, video, limits, browser: browserOf(request) };
    const work = {
      limits,
      perform: (queued: QueuedRun) => performRun({ ...queued, steps, environment, video }, this.#facilities),
    };
    return await this.#saveAndQueue(what, request, { ...work, order });
  }

  async #saveAndQueue(
    what: Omit<NewRun, "id" | "requestId" | "principal" | "browser" | "browserVersion" | "createdAt">,
    request: RunRequest,
    { order, ...work }: Work & { order?: RunOrder },
  ): Promise<string> {
    const { once } = what;
    const run: NewRun = {
      id: randomUUID(),
      ...what,
      requestId: request.requestId ?? null,
      principal: request.principal ?? null,
      browser: request.browser ?? null,
      browserVersion: request.browserVersion ?? null,
      createdAt: new Date(),
    };
    if (!(await this.#save(run, request, order))) {
      // The same request on another connection has come first, by a moment.
      const first = once && (await this.#startedBefore(once));
      if (first !== undefined) return first;
      throw new Error(`run ${run.id} could not be saved`);
    }
    this.#enqueue(run, request, work);
    return run.id;
  }

  async #save(run: NewRun, request: RunRequest, order: RunOrder | undefined): Promise<boolean> {
    const { shared } = this.#options;
    if (shared === undefined) return await this.#store.createRun(run);
    return await shared.create(run, jobOf(request, order));
  }

  #enqueue(run: NewRun & { lastSeq?: number }, request: RunRequest, { limits, perform }: Work): void {
    const { settings, queue, shared, feed } = this.#options;
    const { principal = "" } = request;
    const runLog = this.#eventLog.open(run);
    const live = feed?.open(run);
    if (live) runLog.listeners.add(live.publish);
    if (request.onEvent) runLog.listeners.add(request.onEvent);
    const trace = (this.#options.traces ?? UNTRACED).run(run);
    runLog.listeners.add((event) => {
      trace.told(event);
    });
    const log = this.#logOf(run, runLog);
    log.info({ kind: run.kind, testCaseId: run.testCaseId, stepId: run.testStepId }, "run queued");
    const { pauseHoldMs } = settings;
    const active = new ActiveRun({ id: run.id, principal, runLog, pauseHoldMs, log });
    const { gate, cancelled } = active;
    const browser = browserOf(request);
    const queued = { run, limits, browser, runLog, gate, cancelled, trace, log };
    const remove = (end: LiveEnd) => {
      this.#active.remove(active);
      this.#leases.remove(run.id);
      live?.close(end);
    };
    this.#active.add(active);
    this.#leases.add(run.id, run.lastSeq === undefined ? run.createdAt : new Date());
    // One that another server can carry out is left to it.
    if (this.#stopping && shared === undefined) active.cancel(stopping());
    const performHere = async () => {
      let end: LiveEnd = "broken";
      try {
        await trace.carryOut(() => perform(queued));
      } catch (error) {
        const isLost = error instanceof LeaseLostError;
        log.error(
          { err: error },
          isLost ? "run lost: its lease is over" : "run broken: it could not be saved",
        );
        this.#broken.add(run.id, error);
        request.onBroken?.(run.id);
        // Watchers hear the verdict of the server that has it now.
        if (isLost && shared !== undefined) end = "moved";
      } finally {
        remove(end);
      }
    };
    active.waitIn({ queue, browser, priority: request.priority }, performHere, () => {
      const control = active.leave();
      remove("moved");
      trace.moved();
      log.info("run left to another server");
      if (control !== undefined) this.#options.forward?.(control, run.id);
    });
  }

  #logOf({ id: runId }: NewRun, { mask }: RunLog): Logger {
    // An error may quote the page, and the page may show a secret.
    const err = (error: Error) => mask.all(stdSerializers.err(error));
    return this.#options.log.child({ runId }, { serializers: { err } });
  }

  /** @throws AppError `conflict` when the request with this key asked for something else. */
  async #startedBefore(once: KeyedRequest): Promise<string | undefined> {
    const run = await this.#store.findRunByKey(once);
    if (run !== undefined) requireSameRequest(run.asked, once);
    return run?.id;
  }

  /** Lets a request start a run, unless it asks for too much, the server is stopping or too many wait. */
  async #admit(
    request: RunRequest,
    asked: AskedFields,
    start: (once: KeyedRequest | undefined) => Promise<string>,
  ): Promise<string> {
    this.requireAllowed(request);
    if (!this.#isTaking) {
      throw new AppError("server_stopping", "The server is stopping and starts no new runs.");
    }
    const once = keyed(request, asked);
    const starting = this.#startOnce(request, once, () => start(once));
    this.#starting.add(starting);
    try {
      return await starting;
    } finally {
      this.#starting.delete(starting);
    }
  }

  async #startOnce(
    request: RunRequest,
    once: KeyedRequest | undefined,
    start: () => Promise<string>,
  ): Promise<string> {
    const before = once && (await this.#startedBefore(once));
    if (before !== undefined) return before;
    await this.#options.admit?.();
    const release = await this.#options.queue.reserve(request.principal ?? "", browserOf(request));
    try {
      return await start();
    } finally {
      release();
    }
  }
}

function stopping(): Error {
  return new Error("Server stopping");
}
