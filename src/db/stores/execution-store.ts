import { randomUUID } from "node:crypto";
import {
  LeaseLostError,
  type EventBatch,
  type ExecutionStore,
  type KeyedRun,
  type NewRun,
  type RequestKey,
  type RunEnvironment,
  type RunResult,
  type StepRecord,
  type StepResult,
  type UnfinishedRun,
} from "../../execution/ports.js";
import { DatabaseUnavailableError } from "../../protocol/errors.js";
import type { RunEvent } from "../../protocol/messages.js";
import { eventsOf, type Wakes } from "../../wakes/ports.js";
import type { Engine, RunLease, ServerRuns, StoreEngine } from "../engine.js";
import type { Prisma } from "../generated/client.js";
import { toEnvironment } from "./environment-store.js";
import { FIRST_LEASE, leaseFrom } from "./leases.js";
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
const OF_CASE = { environment: true, typingDelay: true } as const;
const STEP_AND_CASE = { ...STEP, testCase: { select: OF_CASE } } as const;

/** Runs without a verdict. */
const UNFINISHED = { status: { in: ["queued" as const, "running" as const] } };

const UNFINISHED_RUN = {
  id: true,
  kind: true,
  testCaseId: true,
  testStepId: true,
  requestId: true,
  leaseNumber: true,
  events: { select: { payload: true }, orderBy: { seq: "asc" } },
} as const;

type Transaction = Prisma.TransactionClient;
type OwnRun = Prisma.RunGetPayload<{ select: typeof UNFINISHED_RUN }>;

interface StoreServer extends Pick<ServerRuns, "owner">, Partial<Pick<ServerRuns, "leases">> {
  /** Names of the webhooks that are to be told of each verdict of a run. @defaultValue none */
  webhooks?: readonly string[];
}

/** The rows that execution reads and saves, in the database, on behalf of one server. */
export class PrismaExecutionStore implements ExecutionStore {
  readonly isSole: boolean;
  readonly #engine: StoreEngine;
  readonly #wakes: Wakes;
  readonly #owner: string;
  readonly #webhooks: readonly string[];
  /** The numbers of the leases under which this server has runs that have no verdict yet. */
  readonly #leases: Map<string, number>;
  /** Runs whose saving was reported as failed and may have succeeded all the same: nobody carries them out. */
  readonly #doubtful = new Set<string>();
  /** Runs that may have been taken over and have not been read yet. */
  readonly #taken = new Set<string>();

  /**
   * @param server the one on whose behalf it reads and saves
   */
  constructor(
    engine: StoreEngine & Pick<Engine, "isSole" | "wakes">,
    { owner, leases = new Map(), webhooks = [] }: StoreServer,
  ) {
    this.#engine = engine;
    this.#wakes = engine.wakes;
    this.#owner = owner;
    this.#leases = leases;
    this.#webhooks = webhooks;
    this.isSole = engine.isSole;
  }

  async findStep(stepId: number): Promise<StepRecord | undefined> {
    const step = await this.#engine.client.testStep.findUnique({
      where: { id: stepId },
      select: STEP_AND_CASE,
    });
    if (step === null) return undefined;
    const { testCase, ...record } = step;
    return toStepRecord(record, testCase);
  }

  async findSteps(testCaseId: number): Promise<StepRecord[] | undefined> {
    const testCase = await this.#engine.client.testCase.findUnique({
      where: { id: testCaseId },
      select: { ...OF_CASE, steps: { select: STEP, orderBy: { stepNumber: "asc" } } },
    });
    return testCase?.steps.map((step) => toStepRecord(step, testCase));
  }

  async findEnvironment(name: string): Promise<RunEnvironment | undefined> {
    const found = await this.#engine.client.environment.findUnique({ where: { name } });
    return found === null ? undefined : toEnvironment(found);
  }

  async findRunByKey(request: RequestKey): Promise<KeyedRun | undefined> {
    const run = await this.#engine.client.run.findFirst({
      where: whereAsked(request),
      select: { id: true, createdAt: true, idempotencyRequest: true },
    });
    if (run === null) return undefined;
    if (isRemembered(run.createdAt)) return { id: run.id, asked: run.idempotencyRequest ?? "{}" };
    await this.#engine.client.run.updateMany({ where: { id: run.id }, data: FORGOTTEN });
    return undefined;
  }

  async createRun({ once, ...run }: NewRun): Promise<boolean> {
    const lease = { owner: this.#owner, leaseNumber: FIRST_LEASE, leaseUntil: leaseFrom(run.createdAt) };
    try {
      await this.#engine.client.run.createMany({ data: [{ ...run, ...toColumns(once), ...lease }] });
    } catch (error) {
      if (once !== undefined && this.#engine.isUnique(error)) return false;
      if (error instanceof DatabaseUnavailableError) this.#doubtful.add(run.id);
      throw error;
    }
    this.#leases.set(run.id, FIRST_LEASE);
    return true;
  }

  async startRun(runId: string, startedAt: Date): Promise<void> {
    const data = { status: "running", startedAt } as const;
    const { count } = await this.#engine.client.run.updateMany({ where: this.#whereHeld(runId), data });
    if (count === 0) throw new LeaseLostError(runId);
  }

  // A step that was deleted meanwhile is not an error of the run.
  async startStep(stepId: number, runId: string): Promise<void> {
    await this.#engine.client.testStep.updateMany({
      where: { id: stepId, testCase: { runs: { some: this.#whereHeld(runId) } } },
      data: { executionStatus: "running" },
    });
  }

  async append({ events, steps, runs }: EventBatch): Promise<void> {
    const { client, mostEventsAtOnce } = this.#engine;
    const isOneStatement = steps.length + runs.length === 0 && events.length <= mostEventsAtOnce;
    try {
      // Most batches are events alone; one statement needs no transaction around it.
      if (isOneStatement) await this.#insert(client, events);
      else await client.$transaction((transaction) => this.#save(transaction, { events, steps, runs }));
    } catch (error) {
      // A batch that comes again was saved the first time if its events are there, even if that was reported as failed.
      const mayBeStored = this.#engine.isUnique(error) && (await this.#isStored(events));
      if (!mayBeStored) throw error;
    }
    for (const { runId } of runs) this.#leases.delete(runId);
    const told = new Set([...events.map(({ run_id: runId }) => runId), ...runs.map(({ runId }) => runId)]);
    this.#wakes.wake(...[...told].map(eventsOf));
  }

  async #save(transaction: Transaction, { events, steps, runs }: EventBatch): Promise<void> {
    await this.#insert(transaction, events);
    for (const result of steps) await finishStep(transaction, result);
    for (const result of runs) await this.#finishRun(transaction, result);
  }

  async #insert(executor: StoreEngine["client"] | Transaction, events: RunEvent[]): Promise<void> {
    if (events.length === 0) return;
    const leases = [...new Set(events.map(({ run_id: runId }) => runId))].map((runId) => {
      const number = this.#leases.get(runId);
      if (number === undefined) throw new LeaseLostError(runId);
      return { runId, number };
    });
    const insert = { events: events.map(toEventRow), owner: this.#owner, leases };
    if (await this.#engine.insertEvents(executor, insert)) return;
    throw new LeaseLostError((await this.#findLost(leases, executor))[0] ?? leases[0]?.runId ?? "");
  }

  async #isStored(events: RunEvent[]): Promise<boolean> {
    // A condition for each run, not for each event: a large batch would take the database minutes.
    const numbers = new Map<string, { gte: number; lte: number }>();
    for (const { run_id: runId, seq } of events) {
      const { gte, lte } = numbers.get(runId) ?? { gte: seq, lte: seq };
      numbers.set(runId, { gte: Math.min(gte, seq), lte: Math.max(lte, seq) });
    }
    const stored = await this.#engine.client.runEvent.findMany({
      where: { OR: [...numbers].map(([runId, seq]) => ({ runId, seq })) },
      select: { payload: true },
    });
    const texts = new Set(stored.map(({ payload }) => JSON.stringify(payload)));
    return events.every((event) => texts.has(JSON.stringify(event)));
  }

  async #finishRun(transaction: Transaction, { runId, verdict, ...result }: RunResult): Promise<void> {
    const { count } = await transaction.run.updateMany({
      where: this.#whereHeld(runId),
      data: { status: verdict, ...result },
    });
    if (count === 0) throw new LeaseLostError(runId);
    if (this.#webhooks.length === 0) return;
    const createdAt = result.finishedAt;
    await transaction.webhookDelivery.createMany({
      data: this.#webhooks.map((target) => {
        return { id: randomUUID(), runId, target, attempts: [], createdAt, nextAttemptAt: createdAt };
      }),
    });
  }

  async renewLeases(now: Date): Promise<string[]> {
    if (this.#leases.size === 0) return [];
    const leases = [...this.#leases].map(([runId, number]) => ({ runId, number }));
    // By their ids where runs are taken of a queue: one whose taking was not answered is nobody's, and its lease has to end.
    const known = this.isSole ? {} : { id: { in: leases.map(({ runId }) => runId) } };
    const { count } = await this.#engine.client.run.updateMany({
      where: { ...known, owner: this.#owner, ...UNFINISHED },
      data: { leaseUntil: leaseFrom(now) },
    });
    if (count >= leases.length) return [];
    // Runs that have their verdicts by now are missing as well, and are not lost.
    const lost = await this.#findLost(leases, this.#engine.client);
    for (const runId of lost) this.#leases.delete(runId);
    return lost;
  }

  async takeAbandonedRuns(when: "start" | "later", now: Date): Promise<UnfinishedRun[]> {
    const isOver = { OR: [{ leaseUntil: null }, { leaseUntil: { lt: now } }] };
    // A lease that is not over says nothing where only one server can be alive, and it is this one.
    const others = { owner: { not: this.#owner }, ...(this.isSole && when === "start" ? {} : isOver) };
    const unknown = { owner: this.#owner, id: { notIn: [...this.#leases.keys()] }, ...isOver };
    const doubtful = [...this.#doubtful];
    const ownerless = [{ owner: null }, others, ...(this.isSole ? [] : [unknown]), { id: { in: doubtful } }];
    const where = { ...UNFINISHED, OR: ownerless };
    // Nearly always there are none, and reading waits for nobody's lock.
    const found = await this.#engine.client.run.findMany({
      // One that waits for whichever server has room is nobody's to end.
      where: { ...where, NOT: { job: { onlyFor: null } } },
      select: { id: true },
    });
    if (found.length === 0) for (const runId of doubtful) this.#doubtful.delete(runId);
    if (found.length === 0 && this.#taken.size === 0) return [];
    // An answer that is lost says nothing about the statement.
    for (const { id } of found) this.#taken.add(id);
    // One statement: of several servers that take the same run over at once, one does.
    await this.#engine.client.run.updateMany({
      where: { ...where, id: { in: found.map(({ id }) => id) } },
      data: { owner: this.#owner, leaseNumber: { increment: 1 }, leaseUntil: leaseFrom(now) },
    });
    for (const runId of doubtful) this.#doubtful.delete(runId);
    // Not every run that is this server's: one that the queue has just given it is known here a moment later.
    const taken = await this.#readOwn({ id: { in: [...this.#taken] }, leaseNumber: { gt: FIRST_LEASE } });
    this.#taken.clear();
    const fresh = taken.filter(({ id }) => !this.#leases.has(id));
    await this.#leaveQueue(fresh);
    return fresh.map((run) => this.#hold(run));
  }

  async takeBackRuns(runIds: readonly string[], now: Date): Promise<UnfinishedRun[]> {
    const where = { id: { in: [...runIds] } };
    await this.#engine.client.run.updateMany({
      where: { ...where, ...UNFINISHED, owner: this.#owner },
      data: { leaseNumber: { increment: 1 }, leaseUntil: leaseFrom(now) },
    });
    const runs = await this.#readOwn(where);
    await this.#leaveQueue(runs);
    for (const runId of runIds) this.#leases.delete(runId);
    return runs.map((run) => this.#hold(run));
  }

  /** Nobody is to carry out what is ended. */
  async #leaveQueue(runs: readonly { id: string }[]): Promise<void> {
    if (this.isSole || runs.length === 0) return;
    await this.#engine.client.runJob.deleteMany({ where: { runId: { in: runs.map(({ id }) => id) } } });
  }

  /** This server's runs without a verdict, oldest first. */
  async #readOwn(where: Prisma.RunWhereInput): Promise<OwnRun[]> {
    return await this.#engine.client.run.findMany({
      where: { ...where, ...UNFINISHED, owner: this.#owner },
      orderBy: { createdAt: "asc" },
      select: UNFINISHED_RUN,
    });
  }

  #hold({ leaseNumber, events, ...run }: OwnRun): UnfinishedRun {
    this.#leases.set(run.id, leaseNumber);
    return { ...run, events: events.map(toRunEvent) };
  }

  /** The runs that are not held under these leases any more, or are gone. */
  async #findLost(
    leases: readonly RunLease[],
    executor: StoreEngine["client"] | Transaction,
  ): Promise<string[]> {
    const rows = await executor.run.findMany({
      where: { id: { in: leases.map(({ runId }) => runId) }, owner: this.#owner },
      select: { id: true, leaseNumber: true },
    });
    const numbers = new Map(rows.map(({ id, leaseNumber }) => [id, leaseNumber]));
    return leases.filter(({ runId, number }) => numbers.get(runId) !== number).map(({ runId }) => runId);
  }

  /** Finds a run while this server has it. */
  #whereHeld(runId: string) {
    // No lease has a number below the first one.
    return { id: runId, owner: this.#owner, leaseNumber: this.#leases.get(runId) ?? FIRST_LEASE - 1 };
  }
}

// The update may find no row: a step that was deleted meanwhile is not an error of the run.
async function finishStep(transaction: Transaction, result: StepResult): Promise<void> {
  await transaction.testStep.updateMany({
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

function toEventRow(event: RunEvent) {
  return { runId: event.run_id, seq: event.seq, ts: new Date(event.ts), type: event.type, payload: event };
}

function toStepRecord(
  { seleniumScriptJson, ...step }: Omit<StepRecord, "script"> & { seleniumScriptJson: string | null },
  { environment, typingDelay }: Required<Pick<StepRecord, keyof typeof OF_CASE>>,
): StepRecord {
  return { ...step, script: seleniumScriptJson, environment, typingDelay };
}
