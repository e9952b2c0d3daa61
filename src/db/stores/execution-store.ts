import type {
  EventBatch,
  ExecutionStore,
  KeyedRun,
  NewRun,
  RequestKey,
  RunResult,
  StepRecord,
  StepResult,
  UnfinishedRun,
} from "../../execution/ports.js";
import type { RunEvent } from "../../protocol/messages.js";
import type { StoreEngine } from "../engine.js";
import { FORGOTTEN, isRemembered, toColumns, whereAsked } from "./idempotency.js";
import { toRunEvent } from "./run-reader.js";

const STEP = {
  id: true,
  testCaseId: true,
  stepNumber: true,
  description: true,
  expectedResult: true,
  seleniumScriptJson: true,
} as const;

/** What execution reads and saves, in the database. */
export class PrismaExecutionStore implements ExecutionStore {
  readonly #engine: StoreEngine;

  constructor(engine: StoreEngine) {
    this.#engine = engine;
  }

  async findStep(stepId: number): Promise<StepRecord | undefined> {
    const step = await this.#engine.client.testStep.findUnique({ where: { id: stepId }, select: STEP });
    return step === null ? undefined : toStepRecord(step);
  }

  async findSteps(testCaseId: number): Promise<StepRecord[] | undefined> {
    const testCase = await this.#engine.client.testCase.findUnique({
      where: { id: testCaseId },
      select: { steps: { select: STEP, orderBy: { stepNumber: "asc" } } },
    });
    return testCase?.steps.map(toStepRecord);
  }

  async findRunByKey(request: RequestKey): Promise<KeyedRun | undefined> {
    const run = await this.#engine.client.run.findUnique({
      where: whereAsked(request),
      select: { id: true, createdAt: true, idempotencyRequest: true },
    });
    if (run === null) return undefined;
    if (isRemembered(run.createdAt)) return { id: run.id, asked: run.idempotencyRequest ?? "{}" };
    await this.#engine.client.run.updateMany({ where: { id: run.id }, data: FORGOTTEN });
    return undefined;
  }

  async createRun({ once, ...run }: NewRun): Promise<boolean> {
    try {
      await this.#engine.client.run.createMany({ data: [{ ...run, ...toColumns(once) }] });
      return true;
    } catch (error) {
      if (once !== undefined && this.#engine.isUnique(error)) return false;
      throw error;
    }
  }

  // Each update takes what it finds: a step or a run that was deleted meanwhile is not an error of the run.

  async startRun(runId: string, startedAt: Date): Promise<void> {
    await this.#engine.client.run.updateMany({
      where: { id: runId },
      data: { status: "running", startedAt },
    });
  }

  async startStep(stepId: number): Promise<void> {
    await this.#engine.client.testStep.updateMany({
      where: { id: stepId },
      data: { executionStatus: "running" },
    });
  }

  async append({ events, steps, runs }: EventBatch): Promise<void> {
    const writes = [
      ...(events.length > 0
        ? [this.#engine.client.runEvent.createMany({ data: events.map(toEventRow) })]
        : []),
      ...steps.map((result) => this.#finishStep(result)),
      ...runs.map((result) => this.#finishRun(result)),
    ];
    try {
      // Most batches are events alone; one statement needs no transaction around it.
      if (writes.length === 1) await writes[0];
      else await this.#engine.client.$transaction(writes);
    } catch (error) {
      // A batch that comes again was saved the first time if its events are there, whatever was said then.
      if (!this.#engine.isUnique(error) || !(await this.#isStored(events))) throw error;
    }
  }

  async #isStored(events: RunEvent[]): Promise<boolean> {
    const stored = await this.#engine.client.runEvent.findMany({
      where: { OR: events.map(({ run_id: runId, seq }) => ({ runId, seq })) },
      select: { payload: true },
    });
    const texts = new Set(stored.map(({ payload }) => JSON.stringify(payload)));
    return events.every((event) => texts.has(JSON.stringify(event)));
  }

  #finishStep(result: StepResult) {
    return this.#engine.client.testStep.updateMany({
      where: { id: result.stepId },
      data: {
        executionStatus: result.verdict,
        executionTimeMs: result.executionTimeMs,
        errorMessage: result.errorMessage,
        lastExecutedAt: result.executedAt,
        ...(result.actualResult !== null && { actualResult: result.actualResult }),
      },
    });
  }

  #finishRun({ runId, verdict, ...result }: RunResult) {
    return this.#engine.client.run.updateMany({
      where: { id: runId },
      data: { status: verdict, ...result },
    });
  }

  async findUnfinishedRuns(): Promise<UnfinishedRun[]> {
    const runs = await this.#engine.client.run.findMany({
      where: { status: { in: ["queued", "running"] } },
      orderBy: { createdAt: "asc" },
      select: {
        id: true,
        kind: true,
        testCaseId: true,
        testStepId: true,
        requestId: true,
        events: { select: { payload: true }, orderBy: { seq: "asc" } },
      },
    });
    return runs.map((run) => ({ ...run, events: run.events.map(toRunEvent) }));
  }
}

function toEventRow(event: RunEvent) {
  return { runId: event.run_id, seq: event.seq, ts: new Date(event.ts), type: event.type, payload: event };
}

function toStepRecord({
  seleniumScriptJson,
  ...step
}: Omit<StepRecord, "script"> & { seleniumScriptJson: string | null }): StepRecord {
  return { ...step, script: seleniumScriptJson };
}
