import type { Logger } from "pino";
import type {
  CaseChange,
  ImportPlan,
  ImportStore,
  NumberedTestCase,
  StoredContent,
  StoredTestCase,
} from "../../cases/ports.js";
import { AppError } from "../../protocol/errors.js";
import type { FileArtifactStore } from "../artifacts/store.js";
import type { StoreEngine } from "../engine.js";
import type { Prisma } from "../generated/client.js";
import { newEnvironment, toEnvironment } from "./environment-store.js";
import { given, newStep, refuseDuringRun, toTags, toText, whole, WHOLE } from "./test-case-store.js";

type Transaction = Prisma.TransactionClient;

/** Longest time of an import's transaction, in milliseconds: a thousand cases take one or two seconds. */
const TRANSACTION_MS = 60_000;

/** Cases that are read or inserted in one statement: each is a parameter of it, of which SQLite takes a thousand. */
const CASES_AT_ONCE = 200;

/** Steps that are inserted in one statement. */
const STEPS_AT_ONCE = 500;

/** Above every number that a step can have. */
const ASIDE = 1_000_000;

/** Whole contents of the database, read for files and changed to what files say. */
export class PrismaImportStore implements ImportStore {
  readonly #engine: StoreEngine;
  readonly #artifactStore: FileArtifactStore | undefined;
  readonly #log: Logger;

  /** @param options.artifactStore without one, files of artifacts are left to the server's sweep */
  constructor(engine: StoreEngine, options: { artifactStore?: FileArtifactStore; log: Logger }) {
    this.#engine = engine;
    this.#artifactStore = options.artifactStore;
    this.#log = options.log;
  }

  async readContent(): Promise<StoredContent> {
    const { client } = this.#engine;
    const environments = await client.environment.findMany({ orderBy: { name: "asc" } });
    const cases: StoredTestCase[] = [];
    for (;;) {
      const page = await client.testCase.findMany({
        where: { id: { gt: cases.at(-1)?.id ?? 0 } },
        include: WHOLE,
        orderBy: { id: "asc" },
        take: CASES_AT_ONCE,
      });
      cases.push(...page.map(whole));
      if (page.length < CASES_AT_ONCE) break;
    }
    return { cases, environments: environments.map(toEnvironment) };
  }

  async applyPlan(plan: ImportPlan): Promise<void> {
    const gone = await this.#unlessTaken(() =>
      this.#engine.client.$transaction((transaction) => apply(plan, transaction, this.#engine), {
        timeout: TRANSACTION_MS,
      }),
    );
    // The cases are gone for good whether or not their files could be deleted.
    for (const { testCaseId, runIds } of gone)
      await this.#artifactStore
        ?.deleteFilesOf(testCaseId, runIds)
        .catch((error: unknown) => this.#log.warn({ err: error, testCaseId }, "artifact files not deleted"));
  }

  async #unlessTaken<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (!this.#engine.isUnique(error)) throw error;
      throw new AppError(
        "conflict",
        "Somebody made a case or an environment of the same name meanwhile. Try again.",
      );
    }
  }
}

/** A case that was deleted, and its runs that had artifacts. */
interface GoneCase {
  testCaseId: number;
  runIds: string[];
}

/** @returns the cases whose files may go */
async function apply(plan: ImportPlan, transaction: Transaction, engine: StoreEngine): Promise<GoneCase[]> {
  for (const environment of plan.createEnvironments)
    await transaction.environment.create({ data: newEnvironment(environment), select: { id: true } });
  for (const environment of plan.changeEnvironments) {
    const { name, ...data } = newEnvironment(environment);
    await transaction.environment.updateMany({ where: { name }, data });
  }
  for (const { id } of [...plan.delete, ...plan.change.map(({ before }) => before)])
    await engine.lockTestCase(transaction, id);
  const gone: GoneCase[] = [];
  for (const testCase of plan.delete) gone.push(await deleteCase(testCase, transaction));
  for (const change of plan.change) await changeCase(change, transaction);
  for (let first = 0; first < plan.create.length; first += CASES_AT_ONCE)
    await createCases(plan.create.slice(first, first + CASES_AT_ONCE), transaction);
  return gone;
}

async function createCases(cases: readonly NumberedTestCase[], transaction: Transaction): Promise<void> {
  const rows = await transaction.testCase.createManyAndReturn({
    data: cases.map(caseRow),
    select: { id: true, name: true },
  });
  // Ids are given in the order of the values; that the names agree shows it.
  rows.sort((a, b) => a.id - b.id);
  const tags: { testCaseId: number; tag: string }[] = [];
  const steps = cases.flatMap((testCase, index) => {
    const row = rows[index];
    if (row?.name !== testCase.name) throw new Error("the database has numbered the cases in another order");
    const testCaseId = row.id;
    tags.push(...toTags(testCase.tags ?? []).map((tag) => ({ ...tag, testCaseId })));
    return testCase.steps.map((step) => ({ ...newStep(step), testCaseId }));
  });
  if (tags.length > 0) await transaction.testCaseTag.createMany({ data: tags });
  for (let first = 0; first < steps.length; first += STEPS_AT_ONCE)
    await transaction.testStep.createMany({ data: steps.slice(first, first + STEPS_AT_ONCE) });
}

function caseRow({ warnings, ...testCase }: NumberedTestCase) {
  const fields: Omit<typeof testCase, "steps" | "tags"> & { steps?: unknown; tags?: unknown } = {
    ...testCase,
  };
  delete fields.steps;
  delete fields.tags;
  return { ...given(fields), name: testCase.name, warnings: toText(warnings) };
}

async function changeCase({ before, fields, steps }: CaseChange, transaction: Transaction): Promise<void> {
  const { tags, ...others } = fields;
  await touchUnchanged(before, transaction, given(others));
  if (tags !== undefined) {
    await transaction.testCaseTag.deleteMany({ where: { testCaseId: before.id } });
    const data = toTags(tags).map((tag) => ({ ...tag, testCaseId: before.id }));
    await transaction.testCaseTag.createMany({ data });
  }
  if (steps.every(({ kind }) => kind === "same")) return;
  const testCaseId = before.id;
  const gone = steps.flatMap((match) => (match.kind === "deleted" ? [match.before.id] : []));
  if (gone.length > 0) {
    await refuseDuringRun(transaction, testCaseId, "step");
    await transaction.testStep.deleteMany({ where: { id: { in: gone } } });
  }
  // No number is taken while the steps get theirs.
  await transaction.testStep.updateMany({
    where: { testCaseId },
    data: { stepNumber: { increment: ASIDE } },
  });
  for (const match of steps) {
    if (match.kind === "deleted") continue;
    if (match.kind === "created") {
      await transaction.testStep.create({
        data: { ...newStep(match.step), testCaseId },
        select: { id: true },
      });
      continue;
    }
    const {
      description,
      expectedResult = "",
      transactionCode = null,
      seleniumScriptJson = null,
    } = match.step;
    const changed = { description, expectedResult, transactionCode, seleniumScriptJson };
    const isNewScript = seleniumScriptJson !== match.before.seleniumScriptJson;
    // Python and what was remarked are about the script of before.
    const remarks = isNewScript ? { seleniumScript: null, warnings: null, verification: null } : {};
    const data = match.kind === "same" ? {} : { ...changed, ...remarks };
    await transaction.testStep.update({
      where: { id: match.before.id },
      data: { ...data, stepNumber: match.number },
      select: { id: true },
    });
  }
}

/** Changes a case that nobody else has changed since it was read. */
async function touchUnchanged(before: StoredTestCase, transaction: Transaction, data: object): Promise<void> {
  const { count } = await transaction.testCase.updateMany({
    where: { id: before.id, updatedAt: before.updatedAt },
    data: { ...data, updatedAt: new Date() },
  });
  if (count > 0) return;
  throw new AppError(
    "conflict",
    `Somebody changed the test case '${before.name}' meanwhile. Look again, then try again.`,
  );
}

async function deleteCase(before: StoredTestCase, transaction: Transaction): Promise<GoneCase> {
  await touchUnchanged(before, transaction, {});
  await refuseDuringRun(transaction, before.id, "test case");
  const runs = await transaction.run.findMany({
    where: { testCaseId: before.id, artifacts: { some: {} } },
    select: { id: true },
  });
  await transaction.testCase.delete({ where: { id: before.id }, select: { id: true } });
  return { testCaseId: before.id, runIds: runs.map(({ id }) => id) };
}
