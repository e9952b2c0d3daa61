import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { atMost } from "../async/at-most.js";
import { AppError } from "../protocol/errors.js";
import { Alarm } from "../wakes/alarm.js";
import { answerTo, CONTROLS, type Wakes } from "../wakes/ports.js";
import { notPaused, notUnderWay, requireController, type Controller } from "./active-runs.js";
import {
  LEASE_MS,
  type ControlOutcome,
  type ControlRequest,
  type ControlStore,
  type RunControl,
} from "./ports.js";

/** Time after which requests and answers are looked for although nobody was woken, in milliseconds. */
const POLL_MS = 2_000;

/** Longest wait for the server that has the run, in milliseconds: then it is taken for dead, or it stands still. */
const ANSWER_TIMEOUT_MS = 5_000;

/** Longest wait of a stop for the request that is being carried out, in milliseconds: the database may be away. */
const STOP_WAIT_MS = 1_000;

/** Who asks has been found to be allowed to, by the server that was asked. */
const ANOTHER_SERVER: Controller = { principal: "", scopes: new Set(["admin"]) };

/** The runs of this process. */
export type LocalRuns = Record<RunControl, (runId: string, by?: Controller) => void> & {
  has(runId: string): boolean;
  /** True while there are none. */
  readonly isIdle: boolean;
};

export interface RunControlsOptions {
  execution: LocalRuns;
  /** Undefined where there is no other server. */
  store: ControlStore | undefined;
  wakes: Wakes;
  log: Logger;
}

/**
 * Controls any run, whichever server has it. A run of this process is controlled at once. For any other one a request is
 * stored, which its server takes once and answers.
 */
export class RunControls {
  readonly #options: RunControlsOptions;
  readonly #asking = new Set<Alarm>();
  #isStopped = false;
  #serving: { alarm: Alarm; ended: Promise<void> } | undefined;

  constructor(options: RunControlsOptions) {
    this.#options = options;
  }

  /** Carries out what other servers request from now on. */
  start(): void {
    const { store, wakes } = this.#options;
    if (store === undefined || this.#serving !== undefined) return;
    const alarm = new Alarm(wakes, CONTROLS);
    this.#serving = { alarm, ended: this.#serve(store, alarm) };
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const alarm of this.#asking) alarm.ring();
    this.#serving?.alarm.ring();
    if (this.#serving) await atMost(STOP_WAIT_MS, this.#serving.ended);
  }

  /**
   * Controls a run.
   *
   * @throws AppError `run_not_found` when no such run waits or is under way, `forbidden` when it is somebody else's,
   *   `run_not_paused` when it would have to be paused, `run_unreachable` when its server does not answer within 5 s.
   */
  async control(control: RunControl, runId: string, by: Controller): Promise<void> {
    const { execution, store } = this.#options;
    if (store === undefined || execution.has(runId)) {
      execution[control](runId, by);
      return;
    }
    const run = await store.findUnfinished(runId);
    if (run === undefined) throw notUnderWay(runId);
    requireController({ id: runId, principal: run.principal ?? "" }, control, by);
    const outcome = await this.#ask({ id: randomUUID(), runId, control }, store);
    if (outcome === "run_not_found") throw notUnderWay(runId);
    if (outcome === "run_not_paused") throw notPaused(runId);
  }

  /** Asks the server that has taken a run over for what was asked of this one before. Whoever did has been told that it is done. */
  forward(control: RunControl, runId: string): void {
    const { store, log } = this.#options;
    if (store === undefined) return;
    this.#ask({ id: randomUUID(), runId, control }, store).catch((error: unknown) => {
      log.warn(
        { err: error, runId, control },
        "a control could not be handed on to the server that has taken the run",
      );
    });
  }

  async #ask(request: ControlRequest, store: ControlStore): Promise<ControlOutcome> {
    const { wakes } = this.#options;
    const { id, runId } = request;
    const alarm = new Alarm(wakes, answerTo(id));
    this.#asking.add(alarm);
    try {
      if (!(await store.request(request))) return "run_not_found";
      wakes.wake(CONTROLS);
      const outcome = await this.#outcomeOf(id, { alarm, store });
      const isWithdrawn = await store.withdraw(id);
      if (outcome !== undefined) return outcome;
      // It may have ended meanwhile, because its server is gone.
      if ((await store.findUnfinished(runId)) === undefined) return "run_not_found";
      throw unreachable(runId, isWithdrawn);
    } finally {
      this.#asking.delete(alarm);
      alarm.stop();
    }
  }

  /** @returns nothing when no answer has come in time */
  async #outcomeOf(
    id: string,
    { alarm, store }: { alarm: Alarm; store: ControlStore },
  ): Promise<ControlOutcome | undefined> {
    const until = performance.now() + ANSWER_TIMEOUT_MS;
    while (!this.#isStopped) {
      const leftMs = until - performance.now();
      if (leftMs <= 0) return undefined;
      await alarm.wait(Math.min(leftMs, POLL_MS));
      const outcome = await store.findOutcome(id);
      if (outcome !== undefined) return outcome;
    }
    throw new AppError("server_stopping", "The server is stopping; ask another one.");
  }

  /** Never rejects. */
  async #serve(store: ControlStore, alarm: Alarm): Promise<void> {
    while (!this.#isStopped) {
      await alarm.wait(POLL_MS);
      if (this.#options.execution.isIdle) continue;
      try {
        for (const request of await store.takeRequests()) await this.#carryOut(request, store);
      } catch (error) {
        this.#options.log.warn({ err: error }, "requests to control runs could not be read, trying again");
      }
    }
    alarm.stop();
  }

  async #carryOut({ id, runId, control }: ControlRequest, store: ControlStore): Promise<void> {
    await store.answer(id, this.#outcomeHere(control, runId));
    this.#options.wakes.wake(answerTo(id));
  }

  #outcomeHere(control: RunControl, runId: string): ControlOutcome {
    try {
      this.#options.execution[control](runId, ANOTHER_SERVER);
      return "done";
    } catch (error) {
      if (error instanceof AppError && error.code === "run_not_paused") return error.code;
      if (error instanceof AppError && error.code === "run_not_found") return error.code;
      throw error;
    }
  }
}

function unreachable(runId: string, isWithdrawn: boolean): AppError {
  const doubt = isWithdrawn ? "" : " Whether it has done what was asked is not known.";
  return new AppError(
    "run_unreachable",
    `The server that has the run ${runId} does not answer.${doubt} Try again; if it is gone, another server ends the run ` +
      `${LEASE_MS / 1000} s after its last sign of life.`,
    { retryAfterMs: ANSWER_TIMEOUT_MS },
  );
}
