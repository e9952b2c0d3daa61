import type {
  EnvironmentFields,
  NewEnvironment,
  NewTestCase,
  StoredTestCase,
  StoredTestStep,
} from "../../cases/ports.js";
import type { ImportContent } from "../../cases/import-plan.js";
import type { NewEnvironment as FileEnvironment } from "../../protocol/environments.js";
import { AppError } from "../../protocol/errors.js";
import { scriptTextOf } from "../../protocol/script-text.js";
import { parseScript } from "../../protocol/script.js";
import type { CaseFileContent } from "./read.js";
import type { FileCase, FileStep } from "./schema.js";

// Between cases as files have them and as they are stored.

/** Read files as they are imported. */
export function toContent({ cases, environments }: CaseFileContent): ImportContent {
  return {
    cases: cases.map(({ testCase, file, place }) => ({
      testCase: fromFile(testCase),
      place: { file, ...place },
    })),
    environments: environments.map(({ environment, file, place }) => ({
      environment: environmentFromFile(environment),
      place: { file, ...place },
    })),
  };
}

/** A case as a file has it. Fields that are missing are empty in a case that is stored. */
function fromFile(testCase: FileCase): NewTestCase {
  return {
    name: testCase.name,
    description: testCase.description ?? "",
    status: testCase.status,
    assignedTo: testCase.assigned_to,
    requirements: testCase.requirements ?? null,
    testCaseVersion: testCase.test_case_version ?? null,
    slug: testCase.slug ?? null,
    tags: testCase.tags ?? [],
    environment: testCase.environment ?? null,
    typingDelay: testCase.typing_delay ?? null,
    steps: testCase.steps.map((step) => ({
      stepNumber: step.step_number,
      description: step.description,
      expectedResult: step.expected_result ?? "",
      transactionCode: step.transaction_code ?? null,
      seleniumScriptJson: step.script.length === 0 ? null : scriptTextOf(step.script),
    })),
  };
}

/** Cases and environments as they are written into one file, without what is empty. */
export function toFileContent({
  cases,
  environments,
}: {
  cases: FileCase[];
  environments: FileEnvironment[];
}): object {
  return { ...(environments.length > 0 && { environments }), cases: cases.map(withoutEmptyScripts) };
}

/** A step that has no script has none in its file either. */
export function withoutEmptyScripts({ steps, ...testCase }: FileCase): object {
  const written = steps.map(({ script, ...step }) => ({ ...step, ...(script.length > 0 && { script }) }));
  return { ...testCase, steps: written };
}

/**
 * A stored case as a file has it, without what is empty.
 *
 * @throws AppError `invalid_script` that names the case and step whose script is none
 */
export function toFile(testCase: StoredTestCase): FileCase {
  const { description, status, assignedTo, requirements, testCaseVersion, slug, tags } = testCase;
  const { environment, typingDelay } = testCase;
  return {
    ...(slug !== null && { slug }),
    name: testCase.name,
    ...(description !== "" && { description }),
    ...(status !== "draft" && { status }),
    ...(assignedTo !== null && { assigned_to: assignedTo }),
    ...(requirements !== null && { requirements }),
    ...(testCaseVersion !== null && { test_case_version: testCaseVersion }),
    ...(tags.length > 0 && { tags }),
    ...(environment !== null && { environment }),
    ...(typingDelay !== null && { typing_delay: typingDelay }),
    steps: testCase.steps.map((step, index) => toFileStep(step, { place: index + 1, of: testCase })),
  };
}

function toFileStep(step: StoredTestStep, { place, of }: { place: number; of: StoredTestCase }): FileStep {
  const { stepNumber, description, expectedResult, transactionCode } = step;
  return {
    ...(stepNumber !== place && { step_number: stepNumber }),
    description,
    ...(expectedResult !== "" && { expected_result: expectedResult }),
    ...(transactionCode !== null && { transaction_code: transactionCode }),
    script: scriptOf(step, of),
  };
}

function scriptOf({ stepNumber, seleniumScriptJson: script }: StoredTestStep, { id, name }: StoredTestCase) {
  if (!script?.trim()) return [];
  try {
    return parseScript(script);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const where = `Step ${stepNumber} of test case ${id} ('${name}') cannot be written into a file`;
    throw new AppError(error.code, `${where}: ${error.message}`, { cause: error });
  }
}

function environmentFromFile({
  name,
  base_url: baseUrl = null,
  variables,
  secrets,
}: FileEnvironment): NewEnvironment {
  return { name, baseUrl, variables: variables ?? {}, secrets: secrets ?? {} };
}

export function environmentToFile({ name, baseUrl, variables, secrets }: EnvironmentFields): FileEnvironment {
  return {
    name,
    ...(baseUrl !== null && { base_url: baseUrl }),
    ...(Object.keys(variables).length > 0 && { variables }),
    ...(Object.keys(secrets).length > 0 && { secrets }),
  };
}
