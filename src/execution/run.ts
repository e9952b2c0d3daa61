import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { RunEventBody, Verdict } from "../protocol/messages.js";
import type { ScriptRunner } from "../runner/ports.js";
import type { RunLog } from "./event-log.js";
import type { Stage } from "./plan.js";
import type {
  ArtifactStore,
  BrowserPool,
  BrowserSession,
  ExecutionStore,
  NewRun,
  RunResult,
  StepResult,
} from "./ports.js";
import { runStage, type RunSettings, type StageResult } from "./stage.js";

/** How long the verdict of a stopped run waits for its browser context to be gone, in milliseconds. */
const STOPPED_CLOSE_WAIT_MS = 500;

export interface RunContext {
  store: ExecutionStore;
  artifacts: ArtifactStore;
  pool: BrowserPool;
  runScript: ScriptRunner;
  settings: RunSettings;
  runLog: RunLog;
  /** Aborted to end the run early; the reason's message becomes the verdict's. */
  signal: AbortSignal;
  log: Logger;
}

/**
 * Carries a run from its first event to its saved verdict. Resolves when its browser session is given back.
 *
 * @throws the database's error when the run could not be saved.
 */
export async function carryOut(
  run: NewRun,
  stages: readonly [Stage, ...Stage[]],
  context: RunContext,
): Promise<void> {
  const { store, runLog, signal, log } = context;
  if (run.kind === "case") runLog.append(initializing(stages[0]));
  else announce(stages[0], runLog);
  const started = store.startRun(run.id, new Date());
  // Looked at below; until then a rejection must not count as one that nobody handles.
  started.catch(() => undefined);
  const browser = await acquire(context);
  try {
    await started;
    const tally = new Tally();
    for (const stage of stages) {
      if (tally.verdict !== "passed" && (signal.aborted || run.onFailure === "stop")) {
        runLog.append(skipped(stage, tally.skip()));
        continue;
      }
      if (run.kind === "case") announce(stage, runLog);
      await store.startStep(stage.step.id);
      const result = await judge(stage, run, browser, context);
      tally.add(stage, result);
      const step = stepResult(stage, result);
      runLog.append(
        completed(stage, result),
        run.kind === "step" ? { step, run: tally.ending(run.id) } : { step },
      );
    }
    if (run.kind === "case") {
      const event = { type: "all_steps_complete", test_case_id: run.testCaseId, ...tally.summary() } as const;
      runLog.append(event, { run: tally.ending(run.id) });
    }
    log.info(tally.summary(), "run ended");
    await runLog.flush();
  } finally {
    if ("session" in browser) await browser.session.close();
  }
}

type Acquired = { session: BrowserSession } | { error: string };

async function acquire({ pool, signal, log }: RunContext): Promise<Acquired> {
  try {
    return { session: await pool.acquire(signal) };
  } catch (error) {
    if (!signal.aborted) log.error({ err: error }, "no browser session");
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

async function judge(
  stage: Stage,
  run: NewRun,
  browser: Acquired,
  context: RunContext,
): Promise<StageResult> {
  if ("error" in browser) {
    return { verdict: "error", errorMessage: browser.error, executionTimeMs: 0, artifacts: [] };
  }
  const result = await runStage(stage, { ...context, runId: run.id, session: browser.session });
  // Who stopped a run expects its browser context to be gone when they hear the verdict.
  if (context.signal.aborted) {
    await Promise.race([browser.session.close(), delay(STOPPED_CLOSE_WAIT_MS, undefined, { ref: false })]);
  }
  return result;
}

/** What a run has come to so far: the worst of its steps' verdicts, and how many had which. */
class Tally {
  verdict: Verdict = "passed";
  readonly #counts = { passed: 0, failed: 0, error: 0, skipped: 0 };
  #errorMessage: string | null = null;
  #executionTimeMs = 0;

  add({ step }: Pick<Stage, "step">, { verdict, errorMessage, executionTimeMs }: StageResult): void {
    this.#counts[verdict]++;
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

  ending(runId: string): RunResult {
    return { runId, verdict: this.verdict, errorMessage: this.#errorMessage, finishedAt: new Date() };
  }

  summary() {
    return { status: this.verdict, ...this.#counts, execution_time_ms: this.#executionTimeMs };
  }
}

const SEVERITY: Record<Verdict, number> = { passed: 0, failed: 1, error: 2 };

export function stepResult(
  { step }: Pick<Stage, "step">,
  { verdict, executionTimeMs, errorMessage }: StageResult,
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

function initializing({ step, commands }: Stage): RunEventBody {
  return {
    type: "progress",
    step_id: step.id,
    step: 0,
    total: commands.length,
    action: "initialize",
    message: "Initializing browser...",
  };
}

function announce({ step, title }: Stage, runLog: RunLog): void {
  runLog.append({ type: "execution_started", step_id: step.id });
  runLog.append({ type: "status_update", step_id: step.id, status: "running", message: title });
}

const MESSAGES: Record<Verdict, string> = {
  passed: "Step executed successfully",
  failed: "Step failed",
  error: "Step could not be judged",
};

export function completed({ step }: Pick<Stage, "step">, result: StageResult): RunEventBody {
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
  };
}

/** A step that was not run because an earlier one did not pass; what is stored about the step stays as it is. */
export function skipped({ step }: Pick<Stage, "step">, reason: string): RunEventBody {
  return {
    type: "execution_complete",
    step_id: step.id,
    status: "skipped",
    message: "Step skipped",
    execution_time_ms: 0,
    error_message: `Skipped, because an earlier step did not pass. ${reason}`,
    actual_result: null,
    artifacts: [],
  };
}
