import type { StepScripts } from "../cases/step-scripts.js";
import type { Client, Handlers, RequestContext } from "../connection/router.js";
import type { PageGeneration, PageRequest } from "../generation/ports.js";
import type { GenerationService } from "../generation/service.js";
import { generationToWire } from "../generation/wire.js";
import { AppError } from "../protocol/errors.js";
import { asksForPage } from "../protocol/generation-messages.js";
import type { GenerateStepScript, GenerateTestCase } from "../protocol/messages.js";
import type { Subscriptions } from "./subscriptions.js";

export interface GenerationHandlersOptions {
  generation: GenerationService;
  pages: PageGeneration;
  stepScripts: StepScripts;
  subscriptions: Subscriptions;
  /** Aborted when the server stops. */
  stopping: AbortSignal;
}

/**
 * The messages that write test cases and scripts. A client that disconnects does not stop them: they are saved all
 * the same. On the open page they are runs, which a client that starts one watches without asking.
 */
export function generationHandlers(
  options: GenerationHandlersOptions,
): Pick<Handlers, "generate_test_case" | "generate_step_script"> {
  const { generation, pages, stepScripts, subscriptions, stopping } = options;
  return {
    async generate_test_case(message, context) {
      const { description, idempotency_key: idempotencyKey } = message;
      if (asksForPage(message)) {
        requireRunScope(context.client);
        const request = requestOf(message, context);
        const runId = await pages.startCase({ ...request, description });
        subscriptions.follow(runId, context);
        return `run ${runId}`;
      }
      const { client, reply, log } = context;
      const result = await generation.generateTestCase({
        description,
        idempotencyKey,
        principal: client.principal,
        signal: stopping,
        log,
        onProgress: (stage) => {
          reply({ type: "generation_progress", ...stage });
        },
      });
      reply({ type: "generation_complete", ...generationToWire(result) });
      return `test_case ${result.testCaseId}`;
    },

    async generate_step_script(message, context) {
      const { step_id: stepId, start_url } = message;
      const { client, reply, log } = context;
      if (start_url !== undefined) requireRunScope(client);
      const runId = mayRun(client) ? await pages.startStep(stepId, requestOf(message, context)) : undefined;
      if (runId !== undefined) {
        subscriptions.follow(runId, context);
        return `run ${runId} of test_step ${stepId}`;
      }
      // The router has counted the generation already.
      const admit = () => Promise.resolve();
      const written = await stepScripts.write(stepId, {
        ...{ admit, signal: stopping, log },
        principal: client.principal,
      });
      reply({
        type: "step_script_generated",
        step_id: stepId,
        test_case_id: written.step.testCaseId,
        commands: written.commands,
        verified: null,
        generator: written.generator,
        warnings: written.warnings,
        ...(written.aiUsage && { ai_usage: written.aiUsage }),
      });
      return `test_step ${stepId}`;
    },
  };
}

/** On the open page a generation is a run, in which secrets can be typed. */
function mayRun({ identity }: Client): boolean {
  return identity.scopes.has("run");
}

/** @throws AppError `forbidden` */
function requireRunScope(client: Client): void {
  if (mayRun(client)) return;
  throw new AppError("forbidden", "'start_url' starts a run, which needs a token with the scope 'run'.");
}

function requestOf(
  {
    start_url: startUrl,
    environment,
    variables,
    step_timeout,
    run_timeout,
    idempotency_key: idempotencyKey,
  }: GenerateTestCase | GenerateStepScript,
  { requestId, client }: RequestContext,
): PageRequest {
  return {
    startUrl,
    environment,
    variables,
    requestId,
    principal: client.principal,
    idempotencyKey,
    stepTimeoutMs: step_timeout === undefined ? undefined : step_timeout * 1000,
    runTimeoutMs: run_timeout === undefined ? undefined : run_timeout * 1000,
  };
}
