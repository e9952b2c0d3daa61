import type { Handlers, RequestContext } from "../connection/router.js";
import type { ExecutionService, RunRequest } from "../execution/service.js";
import type { RunEvent } from "../protocol/messages.js";

/** How pictures reach the client: in the message, as a URL, or not at all. */
export type ScreenshotMode = "inline" | "url" | "off";

/** The messages that start and stop runs. Whoever starts a run hears its events as they are stored. */
export function executionHandlers(
  execution: ExecutionService,
  screenshots: ScreenshotMode,
): Pick<Handlers, "execute_step" | "execute_all" | "cancel"> {
  return {
    async execute_step({ step_id }, context) {
      await execution.startStep(step_id, listen(context, screenshots));
    },
    async execute_all({ test_case_id, on_failure = "stop" }, context) {
      await execution.startCase(test_case_id, on_failure, listen(context, screenshots));
    },
    cancel({ run_id }, { reply }) {
      execution.cancel(run_id);
      reply({ type: "cancel_accepted", run_id });
      return Promise.resolve();
    },
  };
}

/** A client that has gone hears nothing more; its run goes on. */
function listen(context: RequestContext, screenshots: ScreenshotMode): RunRequest {
  const { requestId, reply, sendEvent, disconnected } = context;
  return {
    requestId,
    onEvent: (event, image) => {
      if (!disconnected.aborted) sendEvent(screenshots === "inline" ? withImage(event, image) : event);
    },
    onBroken: (runId) => {
      const error =
        "The run was ended because its events could not be stored; the server's log has the cause";
      reply({ type: "execution_error", error, code: "internal", step_id: null, run_id: runId });
    },
  };
}

function withImage(event: RunEvent, image: Uint8Array | undefined): RunEvent {
  if (event.type !== "screenshot" || image === undefined) return event;
  return { ...event, image: Buffer.from(image).toString("base64") };
}
