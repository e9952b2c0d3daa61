import type { RunEventBody, Verdict } from "../protocol/messages.js";
import type { RunLog } from "./event-log.js";
import type { PlannedStep } from "./plan.js";
import type { StepResult } from "./ports.js";
import type { StepOutcome } from "./perform-step.js";

type WithStep = Pick<PlannedStep, "step">;
type WithChecks = Pick<PlannedStep, "step" | "checks">;

/** The attempt that an event belongs to. */
export interface AttemptMark {
  attempt: number;
  flaky: boolean;
}

export function initializing({ step, commands }: PlannedStep): RunEventBody {
  return {
    type: "progress",
    step_id: step.id,
    step: 0,
    total: commands.length,
    action: "initialize",
    message: "Initializing browser...",
  };
}

export function announce({ step, title }: PlannedStep, runLog: RunLog): void {
  runLog.append({ type: "execution_started", step_id: step.id });
  runLog.append({ type: "status_update", step_id: step.id, status: "running", message: title });
}

const MESSAGES: Record<Verdict, string> = {
  passed: "Step executed successfully",
  failed: "Step failed",
  error: "Step could not be judged",
};

export function completed(
  { step, checks }: WithChecks,
  result: StepOutcome,
  mark: AttemptMark,
): RunEventBody {
  const { verdict, errorMessage, executionTimeMs, artifacts } = result;
  return {
    type: "execution_complete",
    step_id: step.id,
    status: verdict,
    message: MESSAGES[verdict],
    execution_time_ms: executionTimeMs,
    error_message: errorMessage,
    actual_result: verdict === "passed" ? step.expectedResult : null,
    artifacts: [...artifacts],
    checks,
    ...mark,
  };
}

/** A step that was not run because an earlier one did not pass; its stored result stays as it is. */
export function skipped({ step, checks }: WithChecks, reason: string, attempt: number): RunEventBody {
  return {
    type: "execution_complete",
    step_id: step.id,
    status: "skipped",
    message: "Step skipped",
    execution_time_ms: 0,
    error_message: `Skipped, because an earlier step did not pass. ${reason}`,
    actual_result: null,
    artifacts: [],
    checks,
    attempt,
    flaky: false,
  };
}

/** The end of an attempt that is followed by another. */
export function attemptFailed(
  { step }: WithStep,
  result: StepOutcome & { verdict: "failed" | "error" },
  attempt: { attempt: number; attempts: number },
): RunEventBody {
  return {
    type: "attempt_failed",
    step_id: step.id,
    ...attempt,
    status: result.verdict,
    error_message: result.errorMessage ?? MESSAGES[result.verdict],
    artifacts: [...result.artifacts],
  };
}

export function stepResult(
  { step }: WithStep,
  { verdict, executionTimeMs, errorMessage }: StepOutcome,
): StepResult {
  return {
    stepId: step.id,
    verdict,
    executionTimeMs,
    errorMessage,
    actualResult: verdict === "passed" ? step.expectedResult : null,
    executedAt: new Date(),
  };
}
