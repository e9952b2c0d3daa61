import type { z } from "zod";
import type * as ports from "../cases/ports.js";
import { requireSelectorsOf } from "../formats/selectors.js";
import { AppError } from "../protocol/errors.js";
import { contentsOf } from "../protocol/script-contents.js";
import { toScriptText, type ScriptText } from "../protocol/script-text.js";
import { isVerified } from "../protocol/verification.js";
import { FieldError } from "./errors.js";
import type * as schemas from "./schemas.js";

// Between the snake_case of the wire and the names of the ports.

export function testStepToWire(step: ports.StoredTestStep): z.infer<typeof schemas.TestStep> {
  const { checks, notUnderstood } = contentsOf(step.seleniumScriptJson);
  return {
    id: step.id,
    test_case_id: step.testCaseId,
    step_number: step.stepNumber,
    description: step.description,
    expected_result: step.expectedResult,
    actual_result: step.actualResult,
    status: step.status,
    transaction_code: step.transactionCode,
    selenium_script: step.seleniumScript,
    selenium_script_json: step.seleniumScriptJson,
    execution_status: step.executionStatus,
    execution_time_ms: step.executionTimeMs,
    last_executed_at: timestamp(step.lastExecutedAt),
    error_message: step.errorMessage,
    warnings: step.warnings,
    verified: isVerified(step.verification),
    verification: step.verification,
    checks,
    not_understood: notUnderstood,
  };
}

export function summaryToWire(testCase: ports.TestCaseSummary): z.infer<typeof schemas.TestCaseSummary> {
  return {
    id: testCase.id,
    name: testCase.name,
    description: testCase.description,
    status: testCase.status,
    assigned_to: testCase.assignedTo,
    requirements: testCase.requirements,
    test_case_version: testCase.testCaseVersion,
    slug: testCase.slug,
    tags: testCase.tags,
    environment: testCase.environment,
    typing_delay: testCase.typingDelay,
    generator: testCase.generator,
    steps_count: testCase.stepsCount,
    created_at: testCase.createdAt.toISOString(),
    updated_at: testCase.updatedAt.toISOString(),
  };
}

export function testCaseToWire(testCase: ports.StoredTestCase): z.infer<typeof schemas.TestCase> {
  const steps = testCase.steps.map(testStepToWire);
  const checks = steps.reduce((sum, step) => sum + step.checks, 0);
  return { ...summaryToWire(testCase), warnings: testCase.warnings, checks, steps };
}

export function runToWire(run: ports.StoredRun): z.infer<typeof schemas.Run> {
  return {
    id: run.id,
    kind: run.kind,
    test_case_id: run.testCaseId,
    test_step_id: run.testStepId,
    status: run.status,
    on_failure: run.onFailure,
    request_id: run.requestId,
    principal: run.principal,
    environment: run.environment,
    browser: run.browser,
    browser_version: run.browserVersion,
    error_message: run.errorMessage,
    attempts: run.attempts,
    flaky: run.flaky,
    created_at: run.createdAt.toISOString(),
    started_at: timestamp(run.startedAt),
    finished_at: timestamp(run.finishedAt),
  };
}

export function artifactToWire(artifact: ports.StoredArtifact): z.infer<typeof schemas.Artifact> {
  return {
    id: artifact.id,
    url: `/api/artifacts/${artifact.id}`,
    kind: artifact.kind,
    name: artifact.name,
    variant: artifact.variant,
    media_type: artifact.mediaType,
    bytes: artifact.size,
    missing: artifact.missingSince !== null,
  };
}

export function baselineToWire(baseline: ports.StoredBaseline): z.infer<typeof schemas.Baseline> {
  const { id, testCaseId, name, variant, bytes, acceptedAt, acceptedBy } = baseline;
  return {
    id,
    test_case_id: testCaseId,
    name,
    variant,
    url: `/api/test-cases/${testCaseId}/baselines/${id}`,
    bytes,
    accepted_at: acceptedAt.toISOString(),
    accepted_by: acceptedBy,
  };
}

export function environmentToWire(environment: ports.StoredEnvironment): z.infer<typeof schemas.Environment> {
  return {
    name: environment.name,
    base_url: environment.baseUrl,
    variables: environment.variables,
    secrets: environment.secrets,
    created_at: environment.createdAt.toISOString(),
    updated_at: environment.updatedAt.toISOString(),
  };
}

export function environmentFromWire(body: schemas.EnvironmentChanges): ports.EnvironmentChanges {
  const { name, base_url: baseUrl, variables, secrets } = body;
  return { name, baseUrl, variables, secrets };
}

export function testCaseFromWire(body: schemas.TestCaseChanges): ports.TestCaseChanges {
  return {
    name: body.name,
    description: body.description,
    status: body.status,
    assignedTo: body.assigned_to,
    requirements: body.requirements,
    testCaseVersion: body.test_case_version,
    slug: body.slug,
    tags: body.tags,
    environment: body.environment,
    typingDelay: body.typing_delay,
  };
}

/**
 * @param at - Where in the body the step is, such as `steps.0.`.
 * @throws FieldError when the script is not valid.
 */
export function testStepFromWire(body: schemas.TestStepChanges, at = ""): ports.TestStepChanges {
  return {
    stepNumber: body.step_number,
    description: body.description,
    expectedResult: body.expected_result,
    actualResult: body.actual_result,
    status: body.status,
    transactionCode: body.transaction_code,
    seleniumScript: body.selenium_script,
    seleniumScriptJson: scriptFromWire(...scriptIn(body, at)),
  };
}

/** The script of a body, by either of its names, and the field that it is in. @throws FieldError when it has both. */
function scriptIn(
  { selenium_script_json: script, script: alias }: schemas.TestStepChanges,
  at: string,
): [script: string | unknown[] | null | undefined, field: string] {
  if (alias === undefined) return [script, `${at}selenium_script_json`];
  if (script === undefined) return [alias, `${at}script`];
  const message = "is the same as selenium_script_json; send one of them.";
  throw new FieldError(`${at}script`, new AppError("invalid_message", message));
}

/** The script, `null` for none, `undefined` for no change. @throws FieldError when it is not valid. */
function scriptFromWire(
  script: string | unknown[] | null | undefined,
  field: string,
): ScriptText | null | undefined {
  if (script === undefined || script === null) return script;
  try {
    return toScriptText(script, requireSelectorsOf);
  } catch (error) {
    if (error instanceof AppError) throw new FieldError(field, error);
    throw error;
  }
}

function timestamp(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
