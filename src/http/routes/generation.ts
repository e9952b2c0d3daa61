import type { Identity } from "../../auth/ports.js";
import type { HttpDependencies } from "../dependencies.js";
import * as schemas from "../schemas.js";
import { testCaseToWire, testStepFromWire, testStepToWire } from "../wire.js";
import { answers, disconnected, type Routes } from "./routes.js";

const tags = ["Generation"];

export function generationRoutes(
  app: Routes,
  { cases, stepScripts, generation, admitGeneration, stopping, log }: HttpDependencies,
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
      const options = { admit: admitter(identity), signal: disconnected(reply), log };
      const { step, generator, warnings } = await stepScripts.write(id, options);
      return { ...testStepToWire(step), generator, warnings };
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
      const { id: stepId, testCaseId } = await cases.readStep(id);
      return testStepToWire(await cases.updateStep({ testCaseId, stepId }, testStepFromWire(body)));
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
      const options = { admit: admitter(identity), signal: disconnected(reply), log };
      const { testCase, generated, warnings, errors } = await stepScripts.writeAll(id, options);
      return {
        test_case: testCaseToWire(testCase),
        generated,
        warnings,
        errors: errors.map(({ stepId: step_id, stepNumber: step_number, ...error }) => ({
          step_id,
          step_number,
          ...error,
        })),
      };
    },
  );

  function admitter({ principal }: Identity): (count: number) => Promise<void> {
    return (count) => admitGeneration(principal, count);
  }
}
