import type { Logger } from "pino";
import { numberSteps } from "../../cases/numbering.js";
import type { NewTestCase, StoredTestCase } from "../../cases/ports.js";
import { parseConfig } from "../../config.js";
import type { CaseKeeper } from "../../generation/ports.js";
import { GenerationService } from "../../generation/service.js";
import { generatorsOf } from "../../generators.js";
import type { CommandContext } from "../command-context.js";
import { createCommandLog } from "../command-log.js";
import { toFiles, type Generated, type GenerateRequest } from "./generated.js";

/** Generates in this process, without a database unless the page is to be opened. */
export async function generateHere(
  { url, ...request }: GenerateRequest,
  context: CommandContext,
): Promise<Generated> {
  const log = await createCommandLog();
  if (url === undefined) return await generateOffPage(request, { ...context, log });
  const { generateOnPage } = await import("./generate-on-page.js");
  return await generateOnPage({ ...request, url }, { ...context, log });
}

async function generateOffPage(
  request: Omit<GenerateRequest, "url">,
  { environment, now, log }: CommandContext & { log: Logger },
): Promise<Generated> {
  const kept = new CasesInMemory(now);
  const { generator } = await generatorsOf(parseConfig(environment));
  const service = new GenerationService({ generator, cases: kept, now, log });
  await service.generateTestCase(request);
  const { cases } = kept;
  return { cases: toFiles(cases), warnings: cases.flatMap(({ warnings }) => warnings) };
}

/** Keeps generated cases until they are written into files. */
class CasesInMemory implements CaseKeeper {
  readonly cases: StoredTestCase[] = [];
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  createAll(testCases: NewTestCase[]): Promise<StoredTestCase[]> {
    const stored = testCases.map((testCase, index) => toStored(testCase, { id: index + 1, at: this.#now() }));
    this.cases.push(...stored);
    return Promise.resolve(stored);
  }

  findMadeBy(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

/** A new case with the values that a database gives to what it does not say. */
function toStored(
  { steps, name, description = "", requirements = null, warnings = [], generator = null }: NewTestCase,
  { id, at }: { id: number; at: Date },
): StoredTestCase {
  return {
    id,
    name,
    description,
    requirements,
    warnings,
    generator,
    status: "draft",
    assignedTo: null,
    testCaseVersion: null,
    tags: [],
    slug: null,
    environment: null,
    typingDelay: null,
    createdAt: at,
    updatedAt: at,
    stepsCount: steps.length,
    steps: numberSteps(steps).map((step, index) => ({
      id: index + 1,
      testCaseId: id,
      stepNumber: step.stepNumber,
      description: step.description,
      expectedResult: step.expectedResult ?? "",
      seleniumScript: step.seleniumScript ?? null,
      seleniumScriptJson: step.seleniumScriptJson ?? null,
      warnings: step.warnings ?? [],
      verification: step.verification ?? null,
      actualResult: null,
      status: "not_started",
      transactionCode: null,
      executionStatus: "not_run",
      executionTimeMs: null,
      lastExecutedAt: null,
      errorMessage: null,
    })),
  };
}
