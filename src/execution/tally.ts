import type { Verdict } from "../protocol/messages.js";
import type { PlannedStep } from "./plan.js";
import type { RunResult } from "./ports.js";
import type { StepOutcome } from "./perform-step.js";

const SEVERITY: Record<Verdict, number> = { passed: 0, failed: 1, error: 2 };

/** The results of an attempt so far: the worst of its steps' verdicts, and the number of each. */
export class Tally {
  readonly attempt: number;
  verdict: Verdict = "passed";
  readonly #counts = { passed: 0, failed: 0, error: 0, skipped: 0 };
  #errorMessage: string | null = null;
  #executionTimeMs = 0;
  #checks = 0;

  constructor(attempt: number) {
    this.attempt = attempt;
  }

  add(
    { step, checks }: Pick<PlannedStep, "step" | "checks">,
    { verdict, errorMessage, executionTimeMs }: StepOutcome,
  ): void {
    this.#counts[verdict]++;
    this.#checks += checks;
    this.#executionTimeMs += executionTimeMs;
    if (SEVERITY[verdict] <= SEVERITY[this.verdict]) return;
    this.verdict = verdict;
    this.#errorMessage = `Step ${step.stepNumber}: ${errorMessage ?? verdict}`;
  }

  /** @returns why a step is skipped */
  skip(): string {
    this.#counts.skipped++;
    return this.#errorMessage ?? "the run was stopped";
  }

  /** True when the run passed, but only after an attempt that did not. */
  get flaky(): boolean {
    return this.verdict === "passed" && this.attempt > 1;
  }

  ending(runId: string): RunResult {
    return {
      runId,
      verdict: this.verdict,
      errorMessage: this.#errorMessage,
      attempts: this.attempt,
      flaky: this.flaky,
      finishedAt: new Date(),
    };
  }

  summary() {
    return {
      status: this.verdict,
      ...this.#counts,
      checks: this.#checks,
      execution_time_ms: this.#executionTimeMs,
      attempt: this.attempt,
      flaky: this.flaky,
    };
  }
}
