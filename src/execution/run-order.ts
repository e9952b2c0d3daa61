import { PRIORITY } from "../protocol/limits.js";
import type { VideoMode } from "./facilities.js";
import type { PlannedStep } from "./plan.js";
import type { RequestedBrowser, RunEnvironment } from "./ports.js";
import type { SharedJob } from "./queue/shared-queue.js";
import type { RunLimits } from "./queued-run.js";
import type { RunRequest } from "./run-request.js";

/**
 * All that a server needs to carry out a run that came to another one, beside the run itself. It is stored while the run
 * waits; scripts and the environment are so anyway, and secrets stand in neither.
 */
export interface RunOrder {
  steps: readonly [PlannedStep, ...PlannedStep[]];
  /** @defaultValue none */
  environment?: RunEnvironment | undefined;
  video: VideoMode;
  limits: RunLimits;
  /** @defaultValue the one that the server has */
  browser?: RequestedBrowser | undefined;
}

/**
 * Names what keeps other servers from carrying a run out: values of a request are for this run only and stored nowhere, and
 * a generation is more than data.
 *
 * @returns undefined when nothing does
 */
function keptHere({ variables = {} }: RunRequest, order: RunOrder | undefined): string | undefined {
  if (order === undefined) return "Generations on the open page";
  return Object.keys(variables).length > 0 ? "'variables' of a run" : undefined;
}

/** The job of a run, of which nothing is stored that stays on this server. */
export function jobOf(request: RunRequest, order: RunOrder | undefined): SharedJob {
  const onlyHere = keptHere(request, order);
  const { priority = PRIORITY.default } = request;
  return { content: onlyHere === undefined ? { ...order } : {}, onlyHere, priority };
}
