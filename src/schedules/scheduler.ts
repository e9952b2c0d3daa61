import type { Logger } from "pino";
import { atMost } from "../async/at-most.js";
import { AppError, asAppError, type ErrorCode } from "../protocol/errors.js";
import { Alarm } from "../wakes/alarm.js";
import { SCHEDULES, type Wakes } from "../wakes/ports.js";
import type { FindRun, Occurrence, Outcome, RunStarter, ScheduleStore, StoredSchedule } from "./ports.js";
import { toRunRequest } from "./run-request.js";
import { nextTime } from "./times.js";

/** Longest time between two looks at the schedules, in milliseconds: clocks are set, and a wake may be lost. */
const LOOK_MS = 15_000;

/** Longest wait of a stop for a run that is just being started, in milliseconds. */
const STOP_WAIT_MS = 1_000;

/** Errors for which nothing is noted: this server stops, or the database takes nothing now. */
const UNNOTED: ReadonlySet<ErrorCode> = new Set(["server_stopping", "database_unavailable"]);

/** Errors that pass. The time of the schedule stays due, and is tried again with each look. */
const PASSING: ReadonlySet<ErrorCode> = new Set(["queue_full", "disk_full"]);

const NO_LONGER_GOOD =
  "The token of who changed the schedule last was revoked or deleted, or has expired. With the scope 'admin', change it ('enabled': true will do), and its runs are started in your name.";

export interface SchedulerOptions {
  store: ScheduleStore;
  runs: RunStarter;
  findRun: FindRun;
  /** Tells if runs may still be started in the name of a principal. */
  isGood: (principal: string) => Promise<boolean>;
  wakes: Wakes;
  now: () => Date;
  log: Logger;
}

/**
 * Starts the runs of schedules at their times. A run is started before the schedule's next time is stored, under a key made
 * of the schedule and the time: whichever servers come to start it, and also after a server was killed in between, the run
 * is one. Times that passed while no server looked are made up for by one run.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  #serving: { alarm: Alarm; ended: Promise<void> } | undefined;
  #isStopped = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** Starts runs from now on. */
  start(): void {
    if (this.#serving !== undefined || this.#isStopped) return;
    const alarm = new Alarm(this.#options.wakes, SCHEDULES);
    this.#serving = { alarm, ended: this.#serve(alarm) };
  }

  /** Starts no more runs. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#serving?.alarm.ring();
    if (this.#serving) await atMost(STOP_WAIT_MS, this.#serving.ended);
  }

  /** Never rejects. */
  async #serve(alarm: Alarm): Promise<void> {
    while (!this.#isStopped) await alarm.wait(await this.#look());
    alarm.stop();
  }

  /** Never rejects. @returns the time until the next look, in milliseconds */
  async #look(): Promise<number> {
    const { store, now, log } = this.#options;
    const at = now();
    try {
      for (const schedule of await store.findDueSchedules(at)) {
        if (!this.#isStopped) await this.#carryOut(schedule);
      }
      const next = await store.findNextTime(at);
      if (next === undefined) return LOOK_MS;
      return Math.max(0, Math.min(next.getTime() - now().getTime(), LOOK_MS));
    } catch (error) {
      log.warn({ err: error }, "schedules could not be read, trying again");
      return LOOK_MS;
    }
  }

  /** Never rejects: a time whose outcome could not be found out or stored stays due. */
  async #carryOut(schedule: StoredSchedule): Promise<void> {
    const { id: scheduleId, name, nextAt: dueAt } = schedule;
    if (dueAt === null) return;
    const occurrence = { scheduleId, dueAt };
    const log = this.#options.log.child({ scheduleId, scheduleName: name, dueAt });
    try {
      const outcome = await this.#outcomeOf(schedule, occurrence);
      if (await this.#settle(schedule, occurrence, outcome)) tell(outcome, log);
    } catch (error) {
      const code = asAppError(error)?.code;
      if (code === "server_stopping") return;
      log.warn({ err: error }, "a schedule's run could not be started, trying again");
    }
  }

  /** @throws what keeps the time due without anything being noted */
  async #outcomeOf(schedule: StoredSchedule, occurrence: Occurrence): Promise<Outcome> {
    const runId = schedule.last?.runId ?? null;
    if (await this.#isUnderWay(runId)) {
      return { outcome: "skipped", runId, code: null, message: `The run before, ${runId}, had not ended.` };
    }
    if (!(await this.#options.isGood(schedule.principal)))
      return refused(new AppError("unauthorized", NO_LONGER_GOOD));
    try {
      return {
        outcome: "started",
        runId: await this.#start(schedule, occurrence),
        code: null,
        message: null,
      };
    } catch (error) {
      const known = asAppError(error);
      if (known === undefined || UNNOTED.has(known.code)) throw error;
      return refused(known);
    }
  }

  async #isUnderWay(runId: string | null): Promise<boolean> {
    const run = runId === null ? undefined : await this.#options.findRun(runId);
    return run?.status === "queued" || run?.status === "running";
  }

  async #start(schedule: StoredSchedule, occurrence: Occurrence): Promise<string> {
    const { runs } = this.#options;
    const { testCaseId, testStepId, options } = schedule;
    const request = toRunRequest(schedule, occurrence);
    if (testStepId !== null) return await runs.startStep(testStepId, request);
    return await runs.startCase(testCaseId, options.on_failure ?? "stop", request);
  }

  /** @returns whether this server has noted the outcome, and not another one before */
  async #settle(schedule: StoredSchedule, occurrence: Occurrence, outcome: Outcome): Promise<boolean> {
    const { store, now } = this.#options;
    const { cron, timeZone } = schedule;
    const isToBeTried = outcome.code !== null && PASSING.has(outcome.code);
    const after = cron === null ? null : nextTime(cron, timeZone, now());
    if (await store.settle(occurrence, outcome, isToBeTried ? occurrence.dueAt : after)) return true;
    // The run before may have ended between the looks of two servers, of which one took the time for skipped.
    if (outcome.outcome === "started" && outcome.runId !== null)
      await store.noteRun(occurrence, outcome.runId);
    return false;
  }
}

function refused({ code, message }: AppError): Outcome {
  return { outcome: "refused", runId: null, code, message };
}

function tell({ outcome, runId, code, message }: Outcome, log: Logger): void {
  if (outcome === "refused") log.warn({ code, reason: message }, "a schedule's run was refused");
  else log.info({ runId }, outcome === "started" ? "a schedule's run started" : "a schedule's time skipped");
}
