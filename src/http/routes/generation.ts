import type { Identity } from "../../auth/ports.js";
import type { HttpDependencies } from "../dependencies.js";
import { generationToWire } from "../../generation/wire.js";
import type { PageRequest } from "../../generation/ports.js";
import { AppError } from "../../protocol/errors.js";
import { asksForPage } from "../../protocol/generation-messages.js";
import type { RunEvent } from "../../protocol/messages.js";
import { lastEventOf } from "../run-end.js";
import * as schemas from "../schemas.js";
import { testCaseToWire, testStepFromWire, testStepToWire } from "../wire.js";
import { answers, disconnected, type Routes } from "./routes.js";

const tags = ["Generation"];

const ON_PAGE =
  "With `start_url` the page is opened and each sentence tried on it: a run of kind `generation`, which `GET /api/runs?kind=generation` finds and `/api/runs/{id}/cancel` stops. The answer comes when it has ended.";
const STEP_ON_PAGE =
  "Where the case begins with `navigate`, or with a `start_url`, the steps before it are run first, and each of its sentences is tried on the page that comes of them. The answer comes when that run has ended.";

type EndType = "generation_complete" | "step_script_generated";

export function generationRoutes(app: Routes, dependencies: HttpDependencies): void {
  const { cases, stepScripts, generation, pageGeneration, feed, admitGeneration, stopping, log } =
    dependencies;

  app.post(
    "/api/test-cases/generate",
    {
      schema: {
        tags,
        summary: "Write the test cases of a description; its format is found",
        description: ON_PAGE,
        body: schemas.GenerateRequest,
        response: answers(201, schemas.GeneratedCase),
      },
    },
    async ({ body, identity }, reply) => {
      await admitGeneration(identity.principal, 1);
      const { description, idempotency_key: idempotencyKey } = body;
      const { principal } = identity;
      if (asksForPage(body)) {
        requireRunScope(identity);
        const request = { ...pageRequestOf(body, identity), description, idempotencyKey };
        const { run_id, ...end } = await endOf(
          "generation_complete",
          await pageGeneration.startCase(request),
        );
        return reply.code(201).send({ ...end, run_id });
      }
      // With a key a client that went away may come back for its case, as over the WebSocket.
      const signal = idempotencyKey === undefined ? disconnected(reply) : stopping;
      const made = await generation.generateTestCase({
        description,
        idempotencyKey,
        principal,
        signal,
        log,
      });
      return reply.code(201).send(generationToWire(made));
    },
  );

  app.post(
    "/api/test-steps/:id/generate-selenium",
    {
      schema: {
        tags,
        summary: "Write the script of a step from its description; replaces the one it has",
        description: STEP_ON_PAGE,
        params: schemas.TestCaseParams,
        body: schemas.StepGenerateRequest.nullish(),
        response: answers(200, schemas.GeneratedStep),
      },
    },
    async ({ params: { id }, body, identity }, reply) => {
      if (body?.start_url !== undefined) requireRunScope(identity);
      const runId = await startStep(id, body ?? {}, identity);
      if (runId !== undefined) {
        const { generator, warnings, ai_usage: usage } = await endOf("step_script_generated", runId);
        const step = testStepToWire(await cases.readStep(id));
        return { ...step, generator, warnings, ...(usage && { ai_usage: usage }) };
      }
      const admit = () => Promise.resolve();
      const { principal } = identity;
      const options = { admit, signal: disconnected(reply), principal, log };
      const { step, generator, warnings, aiUsage } = await stepScripts.write(id, options);
      return { ...testStepToWire(step), generator, warnings, ...(aiUsage && { ai_usage: aiUsage }) };
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
      const { principal } = identity;
      const options = { admit: admitter(identity), signal: disconnected(reply), principal, log };
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

  /** @returns the id of a run on the page, where there is one and it may be opened */
  async function startStep(
    stepId: number,
    body: schemas.StepGenerateRequest,
    identity: Identity,
  ): Promise<string | undefined> {
    await cases.readStep(stepId);
    await admitGeneration(identity.principal, 1);
    if (!identity.scopes.has("run")) return undefined;
    return await pageGeneration.startStep(stepId, pageRequestOf(body, identity));
  }

  /** Waits for the end of a generation's run. @throws AppError why nothing was saved */
  async function endOf<T extends EndType>(type: T, runId: string): Promise<Extract<RunEvent, { type: T }>> {
    const end = await lastEventOf(runId, { feed, signal: stopping });
    if (end?.type === "generation_error") throw new AppError(end.code, end.error);
    // The run ends with one of the two.
    if (end?.type === type) return end as Extract<RunEvent, { type: T }>;
    throw new AppError("generation_stopped", `The end of run ${runId} could not be stored or awaited.`);
  }

  function admitter({ principal }: Identity): (count: number) => Promise<void> {
    return (count) => admitGeneration(principal, count);
  }
}

/** @throws AppError `forbidden` */
function requireRunScope({ scopes }: Identity): void {
  if (scopes.has("run")) return;
  throw new AppError("forbidden", "'start_url' starts a run, which needs a token with the scope 'run'.");
}

function pageRequestOf(
  { start_url: startUrl, environment, variables, step_timeout, run_timeout }: schemas.StepGenerateRequest,
  { principal }: Identity,
): PageRequest {
  return {
    startUrl,
    environment,
    variables,
    principal,
    stepTimeoutMs: step_timeout === undefined ? undefined : step_timeout * 1000,
    runTimeoutMs: run_timeout === undefined ? undefined : run_timeout * 1000,
  };
}
