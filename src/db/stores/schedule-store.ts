import { AppError } from "../../protocol/errors.js";
import type {
  Occurrence,
  Outcome,
  ScheduleRow,
  ScheduleStore,
  StoredSchedule,
} from "../../schedules/ports.js";
import type { StoreEngine } from "../engine.js";
import type { Prisma } from "../generated/client.js";
import { requireEnvironment } from "./environment-store.js";
import { unlessTaken } from "./unless-taken.js";

type Transaction = Prisma.TransactionClient;

/** Schedules in the database. */
export class PrismaScheduleStore implements ScheduleStore {
  readonly #engine: StoreEngine;

  constructor(engine: StoreEngine) {
    this.#engine = engine;
  }

  async listSchedules(): Promise<StoredSchedule[]> {
    return (await this.#engine.client.schedule.findMany({ orderBy: { name: "asc" } })).map(toSchedule);
  }

  async findSchedule(id: string): Promise<StoredSchedule | undefined> {
    const found = await this.#engine.client.schedule.findUnique({ where: { id } });
    return found === null ? undefined : toSchedule(found);
  }

  async createSchedule(schedule: ScheduleRow): Promise<void> {
    await unlessTaken(this.#engine, `a schedule '${schedule.name}'`, () =>
      this.#engine.client.$transaction(async (transaction) => {
        await requireNamed(transaction, schedule);
        await transaction.schedule.createMany({ data: [schedule] });
      }),
    );
  }

  async updateSchedule({ id, ...schedule }: ScheduleRow, unchangedSince: Date): Promise<boolean> {
    return await unlessTaken(this.#engine, `a schedule '${schedule.name}'`, () =>
      this.#engine.client.$transaction(async (transaction) => {
        await requireNamed(transaction, schedule);
        const where = { id, updatedAt: unchangedSince };
        const { count } = await transaction.schedule.updateMany({ where, data: schedule });
        return count > 0;
      }),
    );
  }

  async deleteSchedule(id: string): Promise<boolean> {
    const { count } = await this.#engine.client.schedule.deleteMany({ where: { id } });
    return count > 0;
  }

  async findDueSchedules(now: Date): Promise<StoredSchedule[]> {
    const where = { nextAt: { lte: now } };
    return (await this.#engine.client.schedule.findMany({ where, orderBy: { nextAt: "asc" } })).map(
      toSchedule,
    );
  }

  async findNextTime(after: Date): Promise<Date | undefined> {
    const next = await this.#engine.client.schedule.findFirst({
      where: { nextAt: { gt: after } },
      orderBy: { nextAt: "asc" },
      select: { nextAt: true },
    });
    return next?.nextAt ?? undefined;
  }

  async settle({ scheduleId, dueAt }: Occurrence, outcome: Outcome, nextAt: Date | null): Promise<boolean> {
    const { count } = await this.#engine.client.schedule.updateMany({
      where: { id: scheduleId, nextAt: dueAt },
      data: { nextAt, lastAt: dueAt, ...toColumns(outcome) },
    });
    return count > 0;
  }

  async noteRun({ scheduleId, dueAt }: Occurrence, runId: string): Promise<void> {
    await this.#engine.client.schedule.updateMany({
      where: { id: scheduleId, lastAt: dueAt, lastOutcome: { not: "started" } },
      data: toColumns({ outcome: "started", runId, code: null, message: null }),
    });
  }
}

/** @throws AppError `test_case_not_found`, `step_not_found` or `environment_not_found` */
async function requireNamed(
  transaction: Transaction,
  { testCaseId, testStepId, environment }: Pick<ScheduleRow, "testCaseId" | "testStepId" | "environment">,
): Promise<void> {
  if ((await transaction.testCase.count({ where: { id: testCaseId } })) === 0) {
    throw new AppError("test_case_not_found", `'test_case_id': there is no test case with id ${testCaseId}.`);
  }
  if (
    testStepId !== null &&
    (await transaction.testStep.count({ where: { id: testStepId, testCaseId } })) === 0
  ) {
    throw new AppError(
      "step_not_found",
      `'test_step_id': the test case ${testCaseId} has no step with id ${testStepId}. Leave it out to run the whole case.`,
    );
  }
  if (environment !== null) await requireEnvironment(transaction, environment);
}

function toColumns({ outcome, runId, code, message }: Outcome) {
  return { lastOutcome: outcome, lastRunId: runId, lastCode: code, lastMessage: message };
}

type Row = Prisma.ScheduleGetPayload<object>;

function toSchedule({
  lastAt,
  lastOutcome,
  lastRunId,
  lastCode,
  lastMessage,
  options,
  ...row
}: Row): StoredSchedule {
  return {
    ...row,
    // Only this store writes options and outcomes, as the port has them: hence the casts.
    options: options as StoredSchedule["options"],
    last: lastAt && {
      at: lastAt,
      outcome: lastOutcome as Outcome["outcome"],
      runId: lastRunId,
      code: lastCode as Outcome["code"],
      message: lastMessage,
    },
  };
}
