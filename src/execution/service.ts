import { randomUUID } from "node:crypto";
import { stdSerializers, type Logger } from "pino";
import type { Identity } from "../auth/ports.js";
import { AppError } from "../protocol/errors.js";
import { requireSameRequest, toAsked, type AskedFields, type KeyedRequest } from "../protocol/idempotency.js";
import type { OnFailure } from "../protocol/messages.js";
import type { PictureTaker, ScriptRunner, Variables } from "../runner/ports.js";
import { BrokenRuns } from "./broken-runs.js";
import { EventLog, type RunListener, type RunLog } from "./event-log.js";
import type { Feed } from "./feed.js";
import { Gate } from "./gate.js";
import { KeptStore } from "./kept-store.js";
import { planCase, planStep, type Stage } from "./plan.js";
import type {
  ArtifactStore,
  BrowserPool,
  ExecutionStore,
  NewRun,
  RunKind,
  UnfinishedRun,
  VideoWriter,
  WriteBytes,
} from "./ports.js";
import type { RunQueue } from "./queue.js";
import { closeUnfinishedRuns } from "./recovery.js";
import { carryOut, type RunLimits } from "./run.js";
import type { RunSettings } from "./stage.js";
import type { VideoMode } from "./video.js";

/**
 * How long a stop waits for runs to be saved while the database takes no changes, in milliseconds. The server's whole
 * stop has 4.5 s.
 */
const STOP_WAIT_MS = 2_500;

export interface ExecutionOptions {
  store: ExecutionStore;
  artifacts: ArtifactStore;
  pool: BrowserPool;
  queue: RunQueue;
  runScript: ScriptRunner;
  takePicture: PictureTaker;
  /** Takes a picture for a video. */
  takeFrame: PictureTaker;
  newVideo: (write: WriteBytes) => VideoWriter;
  /** Fresh variables for one browser session. */
  newVariables: () => Variables;
  settings: RunSettings;
  /**
   * Where others than those who start runs follow them.
   * @defaultValue nowhere
   */
  feed?: Feed;
  /**
   * Called before a run is saved. It throws an AppError when the server can take none.
   * @defaultValue the server takes runs at any time
   */
  admit?: () => Promise<void>;
  log: Logger;
}

export interface RunRequest {
  requestId?: string | undefined;
  /**
   * Whose run it is: principals take turns and have limits of their own.
   * @defaultValue that of all who have none
   */
  principal?: string | undefined;
  /**
   * How many attempts may follow one that does not pass.
   * @defaultValue 0
   */
  retries?: number | undefined;
  /** A run that the principal started with the same key in the last 24 hours is the answer instead of a new one. */
  idempotencyKey?: string | undefined;
  /** Whether there is to be a video; as the server's own setting says unless given. */
  video?: boolean | undefined;
  /** In milliseconds; the server's own unless given. */
  stepTimeoutMs?: number | undefined;
  runTimeoutMs?: number | undefined;
  /** Called with each event of the run once it is stored; never after the run has ended. */
  onEvent?: RunListener;
  /** Called when the run breaks because its events cannot be stored. */
  onBroken?: (runId: string) => void;
}

/** Whoever wants to control a run: their own, or with the scope `admin` any. */
export type Controller = Pick<Identity, "principal" | "scopes">;

/** As {@link RunRequest} has it, of all who have no principal. */
const NOBODY: Controller = { principal: "", scopes: new Set() };

/** A run that is waiting or under way. */
interface ActiveRun {
  /** Whose run it is. */
  principal: string;
  controller: AbortController;
  runLog: RunLog;
  gate: Gate;
  ended: Promise<void>;
  isUnderWay: boolean;
}

/** Starts, stops and recovers runs. */
export class ExecutionService {
  readonly #options: ExecutionOptions;
  readonly #store: KeptStore;
  readonly #eventLog: EventLog;
  readonly #broken: BrokenRuns;
  readonly #active = new Map<string, ActiveRun>();
  readonly #starting = new Set<Promise<string>>();
  #stopping = false;

  constructor(options: ExecutionOptions) {
    const { log } = options;
    this.#options = options;
    this.#store = new KeptStore(options);
    this.#eventLog = new EventLog({ store: this.#store, log });
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
      const stage = await planStep(this.#store, stepId);
      return await this.#start([stage], { kind: "step", onFailure: "stop", once }, request);
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
      const stages = await planCase(this.#store, testCaseId);
      return await this.#start(stages, { kind: "case", onFailure, once }, request);
    });
  }

  /**
   * Stops a run, waiting or under way; its own events tell when it has ended.
   *
   * @throws AppError `run_not_found` when no such run is active, `forbidden` when it is somebody else's.
   */
  cancel(runId: string, by: Controller = NOBODY): void {
    this.#findFor("cancel", runId, by).controller.abort(new Error("Cancelled"));
  }

  /**
   * Holds a run before its next command; a run that waits for a browser is held before its first.
   *
   * @throws AppError `run_not_found` when no such run is active, `forbidden` when it is somebody else's.
   */
  pause(runId: string, by: Controller = NOBODY): void {
    this.#findFor("pause", runId, by).gate.hold("Paused by a client.");
  }

  /**
   * Lets a paused run go on.
   *
   * @throws AppError `run_not_found` when no such run is active, `forbidden` when it is somebody else's,
   *   `run_not_paused` when it is not paused.
   */
  resume(runId: string, by: Controller = NOBODY): void {
    if (!this.#findFor("resume", runId, by).gate.resume()) throw notPaused(runId);
  }

  /**
   * Lets a paused run carry out one command.
   *
   * @throws AppError `run_not_found` when no such run is active, `forbidden` when it is somebody else's,
   *   `run_not_paused` when it is not paused.
   */
  step(runId: string, by: Controller = NOBODY): void {
    if (!this.#findFor("step", runId, by).gate.step()) throw notPaused(runId);
  }

  /** Starts no more runs, ends those under way as `error` "Server stopping", and resolves when all are saved. */
  async stop(): Promise<void> {
    this.#stopping = true;
    // A request that was just being saved becomes a run that ends at once.
    await Promise.allSettled(this.#starting);
    const runs = [...this.#active.values()];
    for (const { controller } of runs) controller.abort(new Error("Server stopping"));
    const ended = Promise.all(runs.map((run) => run.ended));
    const giveUp = setTimeout(() => {
      this.#store.abandon();
    }, STOP_WAIT_MS);
    await Promise.all([ended, this.#broken.stop()]);
    clearTimeout(giveUp);
  }

  /** Ends every run under way as `error`, for a reason that is nobody's fault. Those that wait stay. */
  endUnderWay(reason: Error): void {
    for (const { controller, isUnderWay } of this.#active.values()) if (isUnderWay) controller.abort(reason);
  }

  /** Ends runs that a killed server left behind as `error` "Server restarted". */
  async recover(unfinished: UnfinishedRun[]): Promise<void> {
    const store = this.#store;
    const reason = "Server restarted";
    await closeUnfinishedRuns(unfinished, {
      store,
      eventLog: this.#eventLog,
      reason,
      log: this.#options.log,
    });
  }

  #findFor(what: string, runId: string, { principal, scopes }: Controller): ActiveRun {
    const run = this.#active.get(runId);
    if (run === undefined || run.runLog.isOver) {
      throw new AppError("run_not_found", `There is no run ${runId} under way.`);
    }
    if (run.principal === principal || scopes.has("admin")) return run;
    throw new AppError(
      "forbidden",
      `The run ${runId} is somebody else's: '${what}' needs a token with the scope 'admin'.`,
    );
  }

  async #start(
    stages: readonly [Stage, ...Stage[]],
    { kind, onFailure, once }: { kind: RunKind; onFailure: OnFailure; once: KeyedRequest | undefined },
    request: RunRequest,
  ): Promise<string> {
    const { step } = stages[0];
    const run: NewRun = {
      id: randomUUID(),
      kind,
      testCaseId: step.testCaseId,
      testStepId: kind === "step" ? step.id : null,
      onFailure,
      requestId: request.requestId ?? null,
      once,
      createdAt: new Date(),
    };
    if (!(await this.#store.createRun(run))) {
      // The same request on another connection has come first, by a moment.
      const first = once && (await this.#startedBefore(once));
      if (first !== undefined) return first;
      throw new Error(`run ${run.id} could not be saved`);
    }
    this.#enqueue(run, stages, request);
    return run.id;
  }

  #enqueue(run: NewRun, stages: readonly [Stage, ...Stage[]], request: RunRequest): void {
    const controller = new AbortController();
    const gate = new Gate({
      onHeld: () => {
        job.pause();
      },
      onReleased: () => {
        job.goOn();
      },
    });
    const runLog = this.#eventLog.open(run);
    const limits = this.#limits(request);
    const video = this.#videoMode(request);
    const live = this.#options.feed?.open(run);
    if (live) runLog.listeners.add(live.publish);
    if (request.onEvent) runLog.listeners.add(request.onEvent);
    // An error may quote the page, and the page may show a secret.
    const err = (error: Error) => runLog.mask.all(stdSerializers.err(error));
    const log = this.#options.log.child({ runId: run.id }, { serializers: { err } });
    log.info({ kind: run.kind, testCaseId: run.testCaseId, stepId: run.testStepId }, "run queued");
    const { principal = "" } = request;
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const perform = async () => {
      active.isUnderWay = true;
      try {
        const cancelled = controller.signal;
        const store = this.#store;
        await carryOut(run, stages, { ...this.#options, store, limits, video, runLog, gate, cancelled, log });
      } catch (error) {
        log.error({ err: error }, "run broken: it could not be saved");
        this.#broken.add(run.id);
        request.onBroken?.(run.id);
      } finally {
        this.#active.delete(run.id);
        live?.close();
        end();
      }
    };
    const active: ActiveRun = { principal, controller, runLog, gate, ended, isUnderWay: false };
    this.#active.set(run.id, active);
    if (this.#stopping) controller.abort(new Error("Server stopping"));
    const job = this.#options.queue.add(perform, {
      principal,
      onPosition: (position) => {
        runLog.append({ type: "queued", position });
      },
      onWarning: (leftMs) => {
        gate.tell(
          `Others wait for this run's browser: the run ends in ${Math.ceil(leftMs / 1000)} s unless it is resumed or stepped (PAUSE_HOLD).`,
        );
      },
      onGiveUp: (pausedMs) => {
        log.info({ pausedMs: Math.round(pausedMs) }, "paused run gives its browser up to others");
        controller.abort(new Error(gaveUp(pausedMs, this.#options.settings.pauseHoldMs)));
      },
    });
    if (job.position > 0) runLog.append({ type: "queued", position: job.position });
    // A run that is stopped while it waits needs no browser to end, so it does not have to wait for one.
    controller.signal.addEventListener("abort", () => {
      if (job.remove()) void perform();
    });
  }

  #limits({ retries = 0, stepTimeoutMs, runTimeoutMs }: RunRequest): RunLimits {
    const { settings } = this.#options;
    return {
      retries,
      stepTimeoutMs: stepTimeoutMs ?? settings.stepTimeoutMs,
      runTimeoutMs: runTimeoutMs ?? settings.runTimeoutMs,
    };
  }

  #videoMode({ video }: RunRequest): VideoMode {
    if (video === undefined) return this.#options.settings.video;
    return video ? "on" : "off";
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
    const { settings } = this.#options;
    const limits = this.#limits(request);
    requireAtMost("step_timeout", limits.stepTimeoutMs, settings.stepTimeoutMs);
    requireAtMost("run_timeout", limits.runTimeoutMs, settings.runTimeoutMs);
    if (this.#stopping) {
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
    const release = this.#options.queue.hold(request.principal ?? "");
    try {
      return await start();
    } finally {
      release();
    }
  }
}

/** The request as one that is to be carried out once, if it has a key. What it asks for is named as in the protocol. */
function keyed(
  { principal = "", idempotencyKey: key, retries = 0, video, stepTimeoutMs, runTimeoutMs }: RunRequest,
  asked: AskedFields,
): KeyedRequest | undefined {
  if (key === undefined) return undefined;
  const options = { retries, video, step_timeout: stepTimeoutMs, run_timeout: runTimeoutMs };
  return { principal, key, asked: toAsked({ ...asked, ...options }) };
}

/** @throws AppError `invalid_message` */
function requireAtMost(field: "step_timeout" | "run_timeout", askedMs: number, allowedMs: number): void {
  if (askedMs <= allowedMs) return;
  throw new AppError(
    "invalid_message",
    `'${field}': at most ${allowedMs / 1000} s, which is this server's ${field.toUpperCase()}.`,
  );
}

function gaveUp(pausedMs: number, holdMs = 0): string {
  const paused = `The run was paused for ${Math.round(pausedMs / 1000)} s`;
  return `${paused} while others waited, and gave its browser up to them after ${holdMs / 1000} s (PAUSE_HOLD). Start it again when you can go on with it.`;
}

function notPaused(runId: string): AppError {
  return new AppError("run_not_paused", `The run ${runId} is not paused.`);
}
