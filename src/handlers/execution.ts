import type { Handlers, RequestContext } from "../connection/router.js";
import type { RunControls } from "../execution/controls.js";
import type { ExecutionService, RunRequest } from "../execution/service.js";
import type { ExecuteAll, ExecuteStep } from "../protocol/messages.js";
import type { Subscriptions } from "./subscriptions.js";

/** The messages that start and control runs. A client that starts a run watches it without asking. */
export function executionHandlers(
  { execution, controls }: { execution: ExecutionService; controls: RunControls },
  subscriptions: Subscriptions,
): Pick<Handlers, "execute_step" | "execute_all" | "cancel" | "pause" | "resume" | "step"> {
  return {
    async execute_step(message, context) {
      const runId = await execution.startStep(message.step_id, requestOf(message, context));
      subscriptions.follow(runId, context);
      return `run ${runId} of test_step ${message.step_id}`;
    },
    async execute_all(message, context) {
      const { test_case_id, on_failure = "stop" } = message;
      const runId = await execution.startCase(test_case_id, on_failure, requestOf(message, context));
      subscriptions.follow(runId, context);
      return `run ${runId} of test_case ${test_case_id}`;
    },
    async cancel({ run_id }, { client, reply }) {
      await controls.control("cancel", run_id, client.identity);
      reply({ type: "cancel_accepted", run_id });
      return `run ${run_id}`;
    },
    async pause({ run_id }, { client, reply }) {
      await controls.control("pause", run_id, client.identity);
      reply({ type: "pause_accepted", run_id });
      return `run ${run_id}`;
    },
    async resume({ run_id }, { client, reply }) {
      await controls.control("resume", run_id, client.identity);
      reply({ type: "resume_accepted", run_id });
      return `run ${run_id}`;
    },
    async step({ run_id }, { client, reply }) {
      await controls.control("step", run_id, client.identity);
      reply({ type: "step_accepted", run_id });
      return `run ${run_id}`;
    },
  };
}

function requestOf(
  {
    retries,
    video,
    priority,
    step_timeout,
    run_timeout,
    idempotency_key,
    environment,
    variables,
    browser,
    browser_version,
  }: ExecuteStep | ExecuteAll,
  { requestId, client }: RequestContext,
): RunRequest {
  return {
    requestId,
    principal: client.principal,
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
