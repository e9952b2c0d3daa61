import type { RunEvent } from "../../protocol/messages.js";
import type { TestOutcome } from "./test-runs.js";

/** Follows the events of a case's run, and knows its outcome once the last one has come. */
export class OutcomeFold {
  #errorMessage: string | undefined;

  /** @returns the outcome with the last event */
  take(event: RunEvent): TestOutcome | undefined {
    if (event.type === "attempt_failed") this.#errorMessage = undefined;
    if (event.type === "execution_complete" && event.error_message !== null) {
      // A step that was skipped has nothing to say beside the one before it.
      this.#errorMessage ??= event.error_message;
    }
    if (event.type !== "all_steps_complete") return undefined;
    const { status, flaky, attempt: attempts, checks, execution_time_ms: durationMs, run_id: runId } = event;
    const errorMessage = status === "passed" ? undefined : this.#errorMessage;
    return { status, errorMessage, flaky, attempts, checks, durationMs, runId };
  }
}

/** The outcome of a test that could not be started, or whose end nobody could tell. */
export function unjudged(errorMessage: string, runId?: string): TestOutcome {
  return {
    status: "error",
    errorMessage,
    flaky: false,
    attempts: 1,
    checks: undefined,
    durationMs: 0,
    runId,
  };
}
