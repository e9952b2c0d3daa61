import type { FastifyReply } from "fastify";
import type { Identity } from "../../auth/ports.js";
import { AppError } from "../../protocol/errors.js";
import type { HttpDependencies } from "../dependencies.js";
import * as schemas from "../schemas.js";
import { runToWire } from "../wire.js";
import { answers, type Routes } from "./routes.js";

const tags = ["Runs"];

const STARTED =
  "The run waits for a browser. `Location` names it; `GET /api/runs/{id}/events` tells of it as it happens.";

/** The controls of a run, each with what it does. */
const CONTROLS = {
  cancel: "Stop a run; its step under way ends as `error` with the message `Cancelled`",
  pause: "Hold a run before its next command",
  resume: "Let a paused run go on",
  step: "Let a paused run carry out one command",
} as const;

/** Starts and controls runs, as the messages over the WebSocket do. */
export function runControlRoutes(app: Routes, { execution, controls, runs }: HttpDependencies): void {
  app.post(
    "/api/test-steps/:id/run",
    {
      schema: {
        tags,
        summary: "Run a step, with step 1 (login) of its case first in the same browser session",
        description: STARTED,
        params: schemas.TestCaseParams,
        body: schemas.StepRunRequest.nullish(),
        response: answers(202, schemas.Run),
      },
    },
    async ({ params: { id }, body, identity }, reply) =>
      await started(await execution.startStep(id, requestOf(body ?? {}, identity)), reply),
  );

  app.post(
    "/api/test-cases/:id/run",
    {
      schema: {
        tags,
        summary: "Run every step of a test case in the order of their numbers, in one browser session",
        description: STARTED,
        params: schemas.TestCaseParams,
        body: schemas.CaseRunRequest.nullish(),
        response: answers(202, schemas.Run),
      },
    },
    async ({ params: { id }, body, identity }, reply) => {
      const { on_failure: onFailure = "stop", ...options } = body ?? {};
      return await started(await execution.startCase(id, onFailure, requestOf(options, identity)), reply);
    },
  );

  for (const [control, summary] of Object.entries(CONTROLS) as [keyof typeof CONTROLS, string][]) {
    app.post(
      `/api/runs/:id/${control}`,
      {
        schema: {
          tags,
          summary,
          params: schemas.StringIdParams,
          response: answers(202, schemas.RunControlled),
        },
      },
      async ({ params: { id }, identity }, reply) => {
        await controls.control(control, id, identity);
        return reply.code(202).send({ id, accepted: true });
      },
    );
  }

  async function started(runId: string, reply: FastifyReply): Promise<FastifyReply> {
    const run = await runs.findRun(runId);
    if (run === undefined) throw new AppError("run_not_found", `The run ${runId} was deleted meanwhile.`);
    return reply.code(202).header("Location", `/api/runs/${runId}`).send(runToWire(run));
  }
}

function requestOf(options: schemas.StepRunRequest, { principal }: Identity) {
  const { retries, video, step_timeout, run_timeout, idempotency_key, environment, variables } = options;
  const { priority, browser, browser_version } = options;
  return {
    principal,
    retries,
    video,
    priority,
    environment,
    variables,
    browser,
    browserVersion: browser_version,
    idempotencyKey: idempotency_key,
    stepTimeoutMs: step_timeout === undefined ? undefined : step_timeout * 1000,
    runTimeoutMs: run_timeout === undefined ? undefined : run_timeout * 1000,
  };
}
