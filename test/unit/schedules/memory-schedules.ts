import type {
  Occurrence,
  Outcome,
  ScheduleRow,
  ScheduleStore,
  StoredSchedule,
} from "../../../src/schedules/ports.js";

/** The schedules' port without a database. */
export class MemorySchedules implements ScheduleStore {
  readonly rows = new Map<string, StoredSchedule>();
  /** Called before a schedule is changed by a person. */
  beforeUpdate: () => void = () => undefined;

  listSchedules(): Promise<StoredSchedule[]> {
    return Promise.resolve([...this.rows.values()]);
  }

  findSchedule(id: string): Promise<StoredSchedule | undefined> {
    return Promise.resolve(this.rows.get(id));
  }

  createSchedule(schedule: ScheduleRow): Promise<void> {
    this.rows.set(schedule.id, { ...schedule, last: null });
    return Promise.resolve();
  }

  updateSchedule(schedule: ScheduleRow, unchangedSince: Date): Promise<boolean> {
    this.beforeUpdate();
    const before = this.rows.get(schedule.id);
    if (before?.updatedAt.getTime() !== unchangedSince.getTime()) return Promise.resolve(false);
    this.rows.set(schedule.id, { ...before, ...schedule });
    return Promise.resolve(true);
  }

  deleteSchedule(id: string): Promise<boolean> {
    return Promise.resolve(this.rows.delete(id));
  }

  findDueSchedules(now: Date): Promise<StoredSchedule[]> {
    return Promise.resolve([...this.rows.values()].filter(({ nextAt }) => nextAt !== null && nextAt <= now));
  }

  findNextTime(after: Date): Promise<Date | undefined> {
    const times = [...this.rows.values()].flatMap(({ nextAt }) => nextAt ?? []);
    return Promise.resolve(
      times.toSorted((one, other) => one.getTime() - other.getTime()).find((at) => at > after),
    );
  }

  settle({ scheduleId, dueAt }: Occurrence, outcome: Outcome, nextAt: Date | null): Promise<boolean> {
    const before = this.rows.get(scheduleId);
    if (before?.nextAt?.getTime() !== dueAt.getTime()) return Promise.resolve(false);
    this.rows.set(scheduleId, { ...before, nextAt, last: { ...outcome, at: dueAt } });
    return Promise.resolve(true);
  }

  noteRun({ scheduleId, dueAt }: Occurrence, runId: string): Promise<void> {
    const before = this.rows.get(scheduleId);
    if (before?.last?.at.getTime() !== dueAt.getTime()) return Promise.resolve();
    const last = { ...before.last, outcome: "started" as const, runId, code: null, message: null };
    this.rows.set(scheduleId, { ...before, last });
    return Promise.resolve();
  }
}
