import { randomUUID } from "node:crypto";
import { AppError } from "../protocol/errors.js";
import { SCHEDULES, type Wakes } from "../wakes/ports.js";
import { toRunOptions } from "./run-request.js";
import type {
  Changer,
  NewSchedule,
  RunStarter,
  ScheduleChanges,
  ScheduleFields,
  ScheduleRow,
  ScheduleStore,
  StoredSchedule,
} from "./ports.js";
import { nextTime } from "./times.js";

/** Attempts to change a schedule that others change at the same time. */
const ATTEMPTS = 5;

export interface ScheduleServiceOptions {
  store: ScheduleStore;
  runs: Pick<RunStarter, "requireAllowed">;
  wakes: Pick<Wakes, "wake">;
  now: () => Date;
}

/**
 * Schedules, for everyone who reads or changes them.
 *
 * Methods throw an AppError `schedule_not_found` when there is none with the id; `forbidden` when it is somebody else's
 * that is to be changed; `invalid_message` when its times or options cannot be; `conflict` when the name is taken; and
 * `test_case_not_found`, `step_not_found` or `environment_not_found` when it names what there is not.
 */
export class ScheduleService {
  readonly #options: ScheduleServiceOptions;

  constructor(options: ScheduleServiceOptions) {
    this.#options = options;
  }

  /** In the order of their names. */
  list(): Promise<StoredSchedule[]> {
    return this.#options.store.listSchedules();
  }

  async read(id: string): Promise<StoredSchedule> {
    const schedule = await this.#options.store.findSchedule(id);
    if (schedule === undefined) throw notFound(id);
    return schedule;
  }

  async create(given: NewSchedule, { principal }: Changer): Promise<StoredSchedule> {
    const { store, now, wakes } = this.#options;
    const at = now();
    const fields: ScheduleFields = {
      testStepId: null,
      cron: null,
      timeZone: "UTC",
      executeAt: null,
      environment: null,
      options: {},
      enabled: true,
      ...given,
    };
    const made = { id: randomUUID(), createdBy: principal, createdAt: at, updatedAt: at };
    const row: ScheduleRow = { ...fields, ...made, principal, nextAt: firstTime(fields, at) };
    this.#requireRunnable(row);
    await store.createSchedule(row);
    wakes.wake(SCHEDULES);
    return await this.read(row.id);
  }

  /** Fields that are absent stay as they are. Its runs are started in the name of whoever changes it. */
  async update(id: string, changes: ScheduleChanges, by: Changer): Promise<StoredSchedule> {
    const { store, now, wakes } = this.#options;
    for (let left = ATTEMPTS; left > 0; left--) {
      const before = await this.read(id);
      requireOwn(before, by);
      const after = changed(rowOf(before), changes, { principal: by.principal, now: now() });
      this.#requireRunnable(after);
      if (!(await store.updateSchedule(after, before.updatedAt))) continue;
      wakes.wake(SCHEDULES);
      return await this.read(id);
    }
    throw new AppError(
      "conflict",
      `Others change the schedule ${id} at the same time; look at it and try again.`,
    );
  }

  async delete(id: string, by: Changer): Promise<void> {
    requireOwn(await this.read(id), by);
    if (!(await this.#options.store.deleteSchedule(id))) throw notFound(id);
    this.#options.wakes.wake(SCHEDULES);
  }

  #requireRunnable(schedule: ScheduleRow): void {
    if (schedule.testStepId !== null && schedule.options.on_failure !== undefined) {
      throw new AppError(
        "invalid_message",
        "'options.on_failure' is for a whole case; leave it out with 'test_step_id'.",
      );
    }
    this.#options.runs.requireAllowed(toRunOptions(schedule));
  }
}

/** A schedule without what came of its last time. */
export function rowOf(schedule: StoredSchedule): ScheduleRow {
  const row: ScheduleRow & Partial<StoredSchedule> = { ...schedule };
  delete row.last;
  return row;
}

/** A schedule with its changes. Its next time stays unless its times are changed, or it is enabled or disabled. */
function changed(
  before: ScheduleRow,
  changes: ScheduleChanges,
  { principal, now }: { principal: string; now: Date },
): ScheduleRow {
  const fields = { ...before, ...changes, ...timesOf(before, changes) };
  const isMoved =
    fields.cron !== before.cron ||
    fields.timeZone !== before.timeZone ||
    fields.executeAt?.getTime() !== before.executeAt?.getTime() ||
    fields.enabled !== before.enabled;
  // Each change is later than the one before, also within a millisecond, so that nobody takes one for the other.
  const updatedAt = new Date(Math.max(now.getTime(), before.updatedAt.getTime() + 1));
  return { ...fields, principal, updatedAt, nextAt: isMoved ? firstTime(fields, now) : before.nextAt };
}

/** One of the two ways to give its times takes the place of the other. */
function timesOf(
  before: ScheduleFields,
  { cron, executeAt }: ScheduleChanges,
): Pick<ScheduleFields, "cron" | "executeAt"> {
  return {
    cron: cron === undefined ? (executeAt ? null : before.cron) : cron,
    executeAt: executeAt === undefined ? (cron ? null : before.executeAt) : executeAt,
  };
}

/** @throws AppError `invalid_message` */
function firstTime({ cron, timeZone, executeAt, enabled }: ScheduleFields, now: Date): Date | null {
  if ((cron === null) === (executeAt === null)) {
    throw new AppError(
      "invalid_message",
      "'cron', 'execute_at': a schedule has one of the two: an expression for times that come again, or one time.",
    );
  }
  if (!enabled) return null;
  if (cron !== null) return nextTime(cron, timeZone, now);
  if (executeAt !== null && executeAt <= now) {
    throw new AppError(
      "invalid_message",
      `'execute_at': ${executeAt.toISOString()} is over, it is ${now.toISOString()}; give a later time, or 'enabled': false.`,
    );
  }
  return executeAt;
}

function requireOwn({ id, principal }: StoredSchedule, by: Changer): void {
  if (principal === by.principal || by.scopes.has("admin")) return;
  throw new AppError(
    "forbidden",
    `The schedule ${id} is another principal's; changing it needs the scope 'admin', which makes it yours.`,
  );
}

function notFound(id: string): AppError {
  return new AppError("schedule_not_found", `There is no schedule with id ${id}.`);
}
