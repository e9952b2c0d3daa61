import type { Logger } from "pino";
import type {
  KeyedTestCases,
  NewTestStep,
  NumberedTestCase,
  StepKey,
  StoredTestCase,
  StoredTestStep,
  TestCaseChanges,
  TestCaseQuery,
  TestCaseStore,
  TestCaseSummary,
  TestStepChanges,
} from "../../cases/ports.js";
import { AppError } from "../../protocol/errors.js";
import type { KeyedRequest, RequestKey } from "../../protocol/idempotency.js";
import type { Verification } from "../../protocol/verification.js";
import type { FileArtifactStore } from "../artifacts/store.js";
import type { StoreEngine } from "../engine.js";
import type { Prisma } from "../generated/client.js";
import { requireEnvironment } from "./environment-store.js";
import { FORGOTTEN, isRemembered, toColumns, whereAsked } from "./idempotency.js";
import { closeGap, makeRoom, takeOut } from "./step-numbers.js";

const SUMMARY = {
  _count: { select: { steps: true } },
  tags: { select: { tag: true }, orderBy: { tag: "asc" } },
} as const;
export const WHOLE = { ...SUMMARY, steps: { orderBy: { stepNumber: "asc" } } } as const;

/** Test cases and steps as people edit them, in the database. */
export class PrismaTestCaseStore implements TestCaseStore {
  readonly #engine: StoreEngine;
  readonly #artifactStore: FileArtifactStore;
  readonly #log: Logger;

  constructor(
    engine: StoreEngine,
    { artifactStore, log }: { artifactStore: FileArtifactStore; log: Logger },
  ) {
    this.#engine = engine;
    this.#artifactStore = artifactStore;
    this.#log = log;
  }

  async listTestCases({ limit, before, search, tag }: TestCaseQuery): Promise<TestCaseSummary[]> {
    const testCases = await this.#engine.client.testCase.findMany({
      where: {
        ...(before !== undefined && { id: { lt: before } }),
        ...(search !== undefined && {
          OR: [{ name: this.#engine.containing(search) }, { description: this.#engine.containing(search) }],
        }),
        ...(tag !== undefined && { tags: { some: { tag } } }),
      },
      orderBy: { id: "desc" },
      take: limit,
      include: SUMMARY,
    });
    return testCases.map(withCount);
  }

  async findTestCase(id: number): Promise<StoredTestCase | undefined> {
    const testCase = await this.#engine.client.testCase.findUnique({ where: { id }, include: WHOLE });
    return testCase === null ? undefined : whole(testCase);
  }

  async createTestCase(testCase: NumberedTestCase): Promise<StoredTestCase> {
    if (testCase.environment != null) await requireEnvironment(this.#engine.client, testCase.environment);
    return this.#unlessTaken(testCase.slug, async () =>
      whole(await this.#engine.client.testCase.create({ data: newCase(testCase), include: WHOLE })),
    );
  }

  async createTestCases(
    testCases: NumberedTestCase[],
    once: KeyedRequest | undefined,
  ): Promise<StoredTestCase[] | undefined> {
    const { client } = this.#engine;
    for (const name of new Set(testCases.flatMap(({ environment }) => environment ?? [])))
      await requireEnvironment(client, name);
    const creations = testCases.map((testCase, index) =>
      client.testCase.create({
        data: { ...newCase(testCase), ...toColumns(once), idempotencyPart: index + 1 },
        include: WHOLE,
      }),
    );
    try {
      return (await client.$transaction(creations)).map(whole);
    } catch (error) {
      if (once !== undefined && this.#engine.isUnique(error)) return undefined;
      throw error;
    }
  }

  async findTestCasesOfRequest(request: RequestKey): Promise<KeyedTestCases | undefined> {
    const where = whereAsked(request);
    const found = await this.#engine.client.testCase.findMany({
      where,
      orderBy: { idempotencyPart: "asc" },
      include: SUMMARY,
    });
    const [first] = found;
    if (first === undefined) return undefined;
    if (!isRemembered(first.createdAt)) {
      await this.#engine.client.testCase.updateMany({ where, data: FORGOTTEN });
      return undefined;
    }
    return { testCases: found.map(withCount), asked: first.idempotencyRequest ?? "{}" };
  }

  async updateTestCase(id: number, { tags, ...changes }: TestCaseChanges): Promise<StoredTestCase> {
    if (changes.environment != null) await requireEnvironment(this.#engine.client, changes.environment);
    const data = {
      ...given(changes),
      ...(tags && { tags: { deleteMany: {}, createMany: { data: toTags(tags) } } }),
    };
    return this.#unlessTaken(changes.slug, () =>
      this.#orNotFound(testCaseNotFound(id), async () =>
        whole(await this.#engine.client.testCase.update({ where: { id }, data, include: WHOLE })),
      ),
    );
  }

  async deleteTestCase(id: number): Promise<void> {
    const runIds = await this.#orNotFound(testCaseNotFound(id), () =>
      this.#engine.client.$transaction(async (transaction) => {
        await this.#engine.lockTestCase(transaction, id);
        await refuseDuringRun(transaction, id, "test case");
        const runs = await transaction.run.findMany({
          where: { testCaseId: id, artifacts: { some: {} } },
          select: { id: true },
        });
        await transaction.testCase.delete({ where: { id }, select: { id: true } });
        return runs.map((run) => run.id);
      }),
    );
    // The case is gone for good whether or not its files could be deleted.
    await this.#artifactStore
      .deleteFilesOf(id, runIds)
      .catch((error: unknown) =>
        this.#log.warn({ err: error, testCaseId: id }, "artifact files not deleted"),
      );
  }

  async findStep(stepId: number): Promise<StoredTestStep | undefined> {
    const step = await this.#engine.client.testStep.findUnique({ where: { id: stepId } });
    return step === null ? undefined : toStep(step);
  }

  async addStep(testCaseId: number, step: NewTestStep): Promise<StoredTestStep> {
    return this.#orNotFound(testCaseNotFound(testCaseId), () =>
      this.#engine.client.$transaction(async (transaction) => {
        await this.#engine.lockTestCase(transaction, testCaseId);
        await touch(transaction, testCaseId);
        const stepNumber = step.stepNumber ?? (await lastNumber(transaction, testCaseId)) + 1;
        await makeRoom(transaction, testCaseId, stepNumber);
        return toStep(
          await transaction.testStep.create({ data: { ...newStep({ ...step, stepNumber }), testCaseId } }),
        );
      }),
    );
  }

  async updateStep(key: StepKey, { stepNumber, ...changes }: TestStepChanges): Promise<StoredTestStep> {
    return this.#engine.client.$transaction(async (transaction) => {
      await this.#engine.lockTestCase(transaction, key.testCaseId);
      const step = await findStepOf(transaction, key);
      await touch(transaction, key.testCaseId);
      const moves = stepNumber !== undefined && stepNumber !== step.stepNumber;
      if (moves) {
        await takeOut(transaction, step);
        await makeRoom(transaction, key.testCaseId, stepNumber);
      }
      return toStep(
        await transaction.testStep.update({
          where: { id: key.stepId },
          data: { ...given(withRemarks(changes)), ...(moves && { stepNumber }) },
        }),
      );
    });
  }

  async deleteStep(key: StepKey): Promise<void> {
    await this.#engine.client.$transaction(async (transaction) => {
      await this.#engine.lockTestCase(transaction, key.testCaseId);
      const step = await findStepOf(transaction, key);
      await refuseDuringRun(transaction, key.testCaseId, "step");
      await touch(transaction, key.testCaseId);
      await transaction.testStep.delete({ where: { id: key.stepId }, select: { id: true } });
      await closeGap(transaction, key.testCaseId, step.stepNumber);
    });
  }

  async #unlessTaken<T>(slug: string | null | undefined, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      // The slug is the only thing about a case that another can have already.
      if (slug == null || !this.#engine.isUnique(error)) throw error;
      throw new AppError("conflict", `Another test case has the slug '${slug}'. Choose another one.`);
    }
  }

  async #orNotFound<T>(notFound: AppError, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (this.#engine.isMissing(error)) throw notFound;
      throw error;
    }
  }
}

async function findStepOf(
  transaction: Prisma.TransactionClient,
  { testCaseId, stepId }: StepKey,
): Promise<{ id: number; testCaseId: number; stepNumber: number }> {
  const step = await transaction.testStep.findFirst({
    where: { id: stepId, testCaseId },
    select: { id: true, testCaseId: true, stepNumber: true },
  });
  if (step !== null) return step;
  throw new AppError("step_not_found", `Test case ${testCaseId} has no step with id ${stepId}.`);
}

/** A run writes to its case, steps and artifacts until it has ended. */
export async function refuseDuringRun(
  transaction: Prisma.TransactionClient,
  testCaseId: number,
  what: "test case" | "step",
): Promise<void> {
  const runs = await transaction.run.count({
    where: { testCaseId, status: { in: ["queued", "running"] } },
  });
  if (runs === 0) return;
  throw new AppError("conflict", `A run of the test case is under way. Cancel it, then delete the ${what}.`);
}

async function lastNumber(transaction: Prisma.TransactionClient, testCaseId: number): Promise<number> {
  const { _max } = await transaction.testStep.aggregate({
    where: { testCaseId },
    _max: { stepNumber: true },
  });
  return _max.stepNumber ?? 0;
}

/** Marks the case as changed, as a change of its steps is one; also finds out whether there is such a case. */
async function touch(transaction: Prisma.TransactionClient, testCaseId: number): Promise<void> {
  await transaction.testCase.update({
    where: { id: testCaseId },
    data: { updatedAt: new Date() },
    select: { id: true },
  });
}

/** A nested creation is one transaction: the case with all its steps, or nothing. */
function newCase({ steps, warnings, tags = [], generationRunId, ...fields }: NumberedTestCase) {
  return {
    ...given(fields),
    name: fields.name,
    warnings: toText(warnings),
    tags: { createMany: { data: toTags(tags) } },
    steps: { createMany: { data: steps.map(newStep) } },
    // A run that another server has ended meanwhile is not found, and no case is saved for it.
    ...(generationRunId && { runs: { connect: { id: generationRunId, status: "running" as const } } }),
  };
}

export function newStep<S extends NewTestStep & { stepNumber: number }>({
  stepNumber,
  description,
  warnings,
  verification,
  ...rest
}: S) {
  return {
    ...given(rest),
    stepNumber,
    description,
    warnings: toText(warnings),
    verification: verification ? JSON.stringify(verification) : null,
  };
}

/** The remarks on a script go with it. */
function withRemarks({ warnings, verification, ...changes }: Omit<TestStepChanges, "stepNumber">) {
  const isNewScript = changes.seleniumScriptJson !== undefined;
  return {
    ...changes,
    warnings: warnings !== undefined || isNewScript ? toText(warnings) : undefined,
    verification: verification ? JSON.stringify(verification) : isNewScript ? null : undefined,
  };
}

export function toTags(tags: readonly string[]): { tag: string }[] {
  return Array.from(new Set(tags), (tag) => ({ tag }));
}

export function toText(texts: string[] | undefined): string | null {
  return texts === undefined || texts.length === 0 ? null : JSON.stringify(texts);
}

/** Only {@link toText} writes them: hence the cast. */
function toTexts(text: string | null): string[] {
  return text === null ? [] : (JSON.parse(text) as string[]);
}

/** Only {@link newStep} and {@link withRemarks} write verifications: hence the cast. */
function toStep<S extends { warnings: string | null; verification: string | null }>(step: S) {
  const verification = step.verification === null ? null : (JSON.parse(step.verification) as Verification);
  return { ...step, warnings: toTexts(step.warnings), verification };
}

/** Only the fields that were given: Prisma's input types know no `undefined`. */
export function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // The cast holds because every entry that is `undefined` is left out.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function withCount<
  T extends { _count: { steps: number }; warnings: string | null; tags: readonly { tag: string }[] },
>({
  _count,
  warnings,
  tags,
  ...rest
}: T): Omit<T, "_count" | "warnings" | "tags"> & Pick<TestCaseSummary, "stepsCount" | "warnings" | "tags"> {
  return {
    ...rest,
    stepsCount: _count.steps,
    warnings: toTexts(warnings),
    tags: tags.map(({ tag }) => tag),
  };
}

/** A case with its steps. */
export function whole({
  steps,
  ...testCase
}: Prisma.TestCaseGetPayload<{ include: typeof WHOLE }>): StoredTestCase {
  return { ...withCount(testCase), steps: steps.map(toStep) };
}

function testCaseNotFound(id: number): AppError {
  return new AppError("test_case_not_found", `There is no test case with id ${id}.`);
}
