import type { Identity } from "../auth/ports.js";
import type { BrowserName } from "../protocol/browsers.js";
import type { ErrorCode } from "../protocol/errors.js";
import type { OnFailure } from "../protocol/messages.js";
import type { ScheduleOptions } from "../protocol/schedules.js";
import type { RunStatus } from "../protocol/statuses.js";

/** The fields of a schedule that a person sets. */
export interface ScheduleFields {
  /** No other schedule has it. */
  name: string;
  testCaseId: number;
  /** A step of the case that runs by itself, with the login before it; null for the whole case. */
  testStepId: number | null;
  /** Five fields, as in a crontab; null for a schedule with {@link executeAt}. */
  cron: string | null;
  /** IANA name of the time zone that {@link cron} is read in. */
  timeZone: string;
  /** The time of a schedule that runs once; null for one with {@link cron}. */
  executeAt: Date | null;
  /** Name of the environment of its runs; null for that of the case. */
  environment: string | null;
  options: ScheduleOptions;
  enabled: boolean;
}

export type NewSchedule = Pick<ScheduleFields, "name" | "testCaseId"> & Partial<ScheduleFields>;
export type ScheduleChanges = Partial<ScheduleFields>;

/** The outcome of a schedule's time. */
export interface Outcome {
  /** `skipped`: the run before had not ended. `refused`: no run could be started. */
  outcome: "started" | "skipped" | "refused";
  /** The run that was started, or the one that had not ended. */
  runId: string | null;
  /** Of what was refused. */
  code: ErrorCode | null;
  /** The reason that no run was started, for people. */
  message: string | null;
}

export interface StoredSchedule extends ScheduleFields {
  id: string;
  /** Principal of who made it. */
  createdBy: string;
  /** Principal of who changed it last, in whose name its runs are started. */
  principal: string;
  createdAt: Date;
  /** Time of the last change by a person; later with every change. */
  updatedAt: Date;
  /** Its next time, or one that is still to be had; null when there is none. */
  nextAt: Date | null;
  /** The time that it had last, and what came of it; null before the first. */
  last: (Outcome & { at: Date }) | null;
}

/** Everything of a schedule that is stored but {@link StoredSchedule.last}, which comes with its times. */
export type ScheduleRow = Omit<StoredSchedule, "last">;

/** A time of a schedule that has come. */
export interface Occurrence {
  scheduleId: string;
  dueAt: Date;
}

/**
 * The schedules of a database. Changes throw an AppError `conflict` when the name is taken, and `test_case_not_found`,
 * `step_not_found` or `environment_not_found` where a schedule names what there is not.
 */
export interface ScheduleStore {
  /** In the order of their names. */
  listSchedules(): Promise<StoredSchedule[]>;
  findSchedule(id: string): Promise<StoredSchedule | undefined>;
  createSchedule(schedule: ScheduleRow): Promise<void>;
  /**
   * @param unchangedSince its `updatedAt` when it was read
   * @returns false when it was changed or deleted since then; nothing is changed then
   */
  updateSchedule(schedule: ScheduleRow, unchangedSince: Date): Promise<boolean>;
  /** @returns false when there is none */
  deleteSchedule(id: string): Promise<boolean>;
  /** Those whose next time has come, the longest due first. */
  findDueSchedules(now: Date): Promise<StoredSchedule[]>;
  /** The first time of any schedule after a moment. */
  findNextTime(after: Date): Promise<Date | undefined>;
  /**
   * Saves the outcome of a time, and the next time of the schedule, unless another server has done so before.
   *
   * @returns whether it was saved
   */
  settle(occurrence: Occurrence, outcome: Outcome, nextAt: Date | null): Promise<boolean>;
  /** Notes the run of a time that another server has taken for skipped or refused. */
  noteRun(occurrence: Occurrence, runId: string): Promise<void>;
}

/** The request of a schedule for a run; what is undefined is as the server has it. */
export interface ScheduledRunRequest {
  requestId: string;
  principal: string;
  idempotencyKey: string;
  environment: string | undefined;
  retries: number | undefined;
  priority: number | undefined;
  video: boolean | undefined;
  browser: BrowserName | undefined;
  browserVersion: string | undefined;
  /** In milliseconds. */
  stepTimeoutMs: number | undefined;
  runTimeoutMs: number | undefined;
}

/** Starts runs. Methods throw an AppError when none can be started; nothing has been then. */
export interface RunStarter {
  /** @throws AppError `invalid_message` when this server starts no run with such options */
  requireAllowed(request: Omit<ScheduledRunRequest, "requestId" | "idempotencyKey">): void;
  /** @returns the id of the run, the same for the same idempotency key */
  startStep(stepId: number, request: ScheduledRunRequest): Promise<string>;
  startCase(testCaseId: number, onFailure: OnFailure, request: ScheduledRunRequest): Promise<string>;
}

/** Tells how a run stands; undefined for one that was deleted. */
export type FindRun = (id: string) => Promise<{ status: RunStatus } | undefined>;

/** Somebody who wants to change a schedule: their own, or with the scope `admin` any. */
export type Changer = Pick<Identity, "principal" | "scopes">;
