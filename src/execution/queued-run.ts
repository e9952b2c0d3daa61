import type { Logger } from "pino";
import type { RunTrace } from "../tracing/ports.js";
import type { RunLog } from "./event-log.js";
import type { VideoMode } from "./facilities.js";
import type { Gate } from "./gate.js";
import type { PlannedStep } from "./plan.js";
import type { GenerationTask, NewRun, RequestedBrowser, RunEnvironment } from "./ports.js";

/** Limits of a run's attempts and time. */
export interface RunLimits {
  /** Attempts that may follow one that does not pass. */
  retries: number;
  stepTimeoutMs: number;
  runTimeoutMs: number;
}

/** A run that is saved and put in the queue, with all that is its own. */
export interface QueuedRun {
  run: NewRun;
  limits: RunLimits;
  /** @defaultValue the server's own */
  browser?: RequestedBrowser | undefined;
  runLog: RunLog;
  gate: Gate;
  /** Aborted to end the run early; the reason's message becomes the verdict's. */
  cancelled: AbortSignal;
  trace: RunTrace;
  log: Logger;
}

/** One that executes a step or a case. */
export interface QueuedExecution extends QueuedRun {
  steps: readonly [PlannedStep, ...PlannedStep[]];
  /** The environment that the run is given. @defaultValue none */
  environment?: RunEnvironment | undefined;
  video: VideoMode;
}

/** One that generates on the open page. */
export interface QueuedGeneration extends QueuedRun {
  task: GenerationTask;
  /** As of a {@link QueuedExecution}. */
  environment?: RunEnvironment | undefined;
}
