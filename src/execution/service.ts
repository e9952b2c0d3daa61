import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { AppError } from "../protocol/errors.js";
import type { OnFailure } from "../protocol/messages.js";
import type { ScriptRunner } from "../runner/ports.js";
import { EventLog, type RunListener, type RunLog } from "./event-log.js";
import { planCase, planStep, type Stage } from "./plan.js";
import type { ArtifactStore, BrowserPool, ExecutionStore, NewRun, RunKind, UnfinishedRun } from "./ports.js";
import type { RunQueue } from "./queue.js";
import { closeUnfinishedRuns } from "./recovery.js";
import { carryOut } from "./run.js";
import type { RunSettings } from "./stage.js";

export interface ExecutionOptions {
  store: ExecutionStore;
  artifacts: ArtifactStore;
  pool: BrowserPool;
  queue: RunQueue;
  runScript: ScriptRunner;
  settings: RunSettings;
  log: Logger;
}

export interface RunRequest {
  requestId?: string | undefined;
  /** Called with each event of the run once it is stored; never after the run has ended. */
  onEvent: RunListener;
  /** Called when the run breaks because its events cannot be stored. */
  onBroken: (runId: string) => void;
}

/** A run that is waiting or under way. */
interface ActiveRun {
  controller: AbortController;
  runLog: RunLog;
  ended: Promise<void>;
}

/** Starts, stops and recovers runs. */
export class ExecutionService {
  readonly #options: ExecutionOptions;
  readonly #eventLog: EventLog;
  readonly #active = new Map<string, ActiveRun>();
  readonly #starting = new Set<Promise<string>>();
  #stopping = false;

  constructor(options: ExecutionOptions) {
    this.#options = options;
    this.#eventLog = new EventLog({ store: options.store, log: options.log });
  }

  /**
   * Saves a run of one step and puts it in the queue.
   *
   * @returns the run's id
   * @throws AppError when the run cannot be started; nothing has been then.
   */
  async startStep(stepId: number, request: RunRequest): Promise<string> {
    return await this.#admit(async () => {
      const stage = await planStep(this.#options.store, stepId);
      return await this.#start("step", "stop", [stage], request);
    });
  }

  /**
   * Saves a run of every step of a case and puts it in the queue.
   *
   * @returns the run's id
   * @throws AppError when the run cannot be started; nothing has been then.
   */
  async startCase(testCaseId: number, onFailure: OnFailure, request: RunRequest): Promise<string> {
    return await this.#admit(async () => {
      const stages = await planCase(this.#options.store, testCaseId);
      return await this.#start("case", onFailure, stages, request);
    });
  }

  /**
   * Stops a run, waiting or under way; its own events tell when it has ended.
   *
   * @throws AppError `run_not_found` when no such run is active.
   */
  cancel(runId: string): void {
    const run = this.#active.get(runId);
    if (run === undefined || run.runLog.isOver) {
      throw new AppError("run_not_found", `There is no run ${runId} under way.`);
    }
    run.controller.abort(new Error("Cancelled"));
  }

  /** Starts no more runs, ends those under way as `error` "Server stopping", and resolves when all are saved. */
  async stop(): Promise<void> {
    this.#stopping = true;
    // A request that was just being saved becomes a run that ends at once.
    await Promise.allSettled(this.#starting);
    const runs = [...this.#active.values()];
    for (const { controller } of runs) controller.abort(new Error("Server stopping"));
    await Promise.all(runs.map(({ ended }) => ended));
  }

  /** Ends runs that a killed server left behind as `error` "Server restarted". */
  async recover(unfinished: UnfinishedRun[]): Promise<void> {
    const { store, log } = this.#options;
    await closeUnfinishedRuns(unfinished, { store, eventLog: this.#eventLog, log });
  }

  async #start(
    kind: RunKind,
    onFailure: OnFailure,
    stages: readonly [Stage, ...Stage[]],
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
      createdAt: new Date(),
    };
    const log = this.#options.log.child({ runId: run.id });
    await this.#options.store.createRun(run);
    log.info({ kind, testCaseId: run.testCaseId, stepId: run.testStepId }, "run queued");
    this.#enqueue(run, stages, request, log);
    return run.id;
  }

  #enqueue(run: NewRun, stages: readonly [Stage, ...Stage[]], request: RunRequest, log: Logger): void {
    const controller = new AbortController();
    const runLog = this.#eventLog.open(run);
    runLog.listeners.add(request.onEvent);
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const perform = async () => {
      try {
        await carryOut(run, stages, { ...this.#options, runLog, signal: controller.signal, log });
      } catch (error) {
        log.error({ err: error }, "run broken: it could not be saved");
        request.onBroken(run.id);
      } finally {
        this.#active.delete(run.id);
        end();
      }
    };
    this.#active.set(run.id, { controller, runLog, ended });
    if (this.#stopping) controller.abort(new Error("Server stopping"));
    const job = this.#options.queue.add(perform);
    if (job.position > 0) runLog.append({ type: "queued", position: job.position });
    // A run that is stopped while it waits needs no browser to end, so it does not have to wait for one.
    controller.signal.addEventListener("abort", () => {
      if (job.remove()) void perform();
    });
  }

  /** Lets a request start a run, unless the server is stopping or too many wait. */
  async #admit(start: () => Promise<string>): Promise<string> {
    if (this.#stopping) {
      throw new AppError("server_stopping", "The server is stopping and starts no new runs.");
    }
    if (this.#options.queue.isFull) {
      throw new AppError("queue_full", "Too many runs are waiting; try again when some have ended.");
    }
    const starting = start();
    this.#starting.add(starting);
    try {
      return await starting;
    } finally {
      this.#starting.delete(starting);
    }
  }
}
