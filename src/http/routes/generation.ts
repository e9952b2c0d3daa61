import { AppError } from "../../protocol/errors.js";
import type { GeneratedScript } from "../../generation/ports.js";
import type { HttpDependencies, StoredTestStep } from "../ports.js";
import * as schemas from "../schemas.js";
import { testCaseToWire, testStepFromWire, testStepToWire } from "../wire.js";
import { answers, disconnected, type Routes } from "./routes.js";
import { found } from "./test-cases.js";

const tags = ["Generation"];

/** Errors of one step, which say nothing about the next one. */
const ABOUT_ONE_STEP: ReadonlySet<string> = new Set(["invalid_description", "ai_invalid_answer"]);

export function generationRoutes(
  app: Routes,
  { testCases, generation, admitGeneration, stopping, log }: HttpDependencies,
): void {
  app.post(
    "/api/test-cases/generate",
    {
      schema: {
        tags,
        summary: "Write a test case from a description in plain English",
        body: schemas.GenerateRequest,
        response: answers(201, schemas.GeneratedCase),
      },
    },
    async ({ body, identity }, reply) => {
      await admitGeneration(identity.principal, 1);
      const { description, idempotency_key: idempotencyKey } = body;
      const { principal } = identity;
      // With a key a client that went away may come back for its case, as over the WebSocket.
      const signal = idempotencyKey === undefined ? disconnected(reply) : stopping;
      const made = await generation.generateTestCase({ description, idempotencyKey, principal, signal, log });
      return reply.code(201).send({
        success: true,
        test_case_id: made.testCaseId,
        test_case_name: made.testCaseName,
        steps_count: made.stepsCount,
        redirect_url: made.redirectUrl,
        generator: made.generator,
        warnings: made.warnings,
      });
    },
  );

  app.post(
    "/api/test-steps/:id/generate-selenium",
    {
      schema: {
        tags,
        summary: "Write the script of a step from its description; replaces the one it has",
        params: schemas.TestCaseParams,
        response: answers(200, schemas.GeneratedStep),
      },
    },
    async ({ params: { id }, identity }, reply) => {
      const found = await stepWithId(id);
      await admitGeneration(identity.principal, 1);
      const { step, made } = await regenerate(found, disconnected(reply));
      return { ...testStepToWire(step), generator: made.generator, warnings: made.warnings };
    },
  );

  app.put(
    "/api/test-steps/:id/update-selenium",
    {
      schema: {
        tags,
        summary: "Change the script of a step; fields that are absent stay",
        params: schemas.TestCaseParams,
        body: schemas.SeleniumChanges,
        response: answers(200, schemas.TestStep),
      },
    },
    async ({ params: { id }, body }) => {
      const { id: stepId, testCaseId } = await stepWithId(id);
      return testStepToWire(await testCases.updateStep({ testCaseId, stepId }, testStepFromWire(body)));
    },
  );

  app.post(
    "/api/test-cases/:id/generate-all-selenium",
    {
      schema: {
        tags,
        summary: "Write the scripts of all steps of a test case; replaces those they have",
        params: schemas.TestCaseParams,
        response: answers(200, schemas.GeneratedSteps),
      },
    },
    async ({ params: { id }, identity }, reply) => {
      const { steps } = found(id, await testCases.findTestCase(id));
      if (steps.length === 0) throw new AppError("no_steps", "The test case has no steps.");
      await admitGeneration(identity.principal, steps.length);
      const signal = disconnected(reply);
      const warnings: string[] = [];
      const errors: { step_id: number; step_number: number; code: string; message: string }[] = [];
      for (const step of steps) {
        try {
          const { made } = await regenerate(step, signal);
          warnings.push(...made.warnings.map((warning) => `Step ${step.stepNumber}: ${warning}`));
        } catch (error) {
          if (!(error instanceof AppError && ABOUT_ONE_STEP.has(error.code))) throw error;
          errors.push({
            step_id: step.id,
            step_number: step.stepNumber,
            code: error.code,
            message: error.message,
          });
        }
      }
      const testCase = testCaseToWire(found(id, await testCases.findTestCase(id)));
      return { test_case: testCase, generated: steps.length - errors.length, warnings, errors };
    },
  );

  async function stepWithId(id: number): Promise<StoredTestStep> {
    const step = await testCases.findStep(id);
    if (step !== undefined) return step;
    throw new AppError("step_not_found", `There is no test step with id ${id}.`);
  }

  async function regenerate(
    { id, testCaseId, description, expectedResult }: StoredTestStep,
    signal: AbortSignal,
  ): Promise<{ step: StoredTestStep; made: GeneratedScript }> {
    const made = await generation.generateStepScript({ description, expectedResult, signal, log });
    const step = await testCases.updateStep(
      { testCaseId, stepId: id },
      { seleniumScript: made.seleniumScript, seleniumScriptJson: JSON.stringify(made.commands) },
    );
    return { step, made };
  }
}
