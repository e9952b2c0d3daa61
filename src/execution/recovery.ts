import type { Logger } from "pino";
import type { RunEvent } from "../protocol/messages.js";
import { contentsOf } from "../protocol/script-contents.js";
import type { EventLog, RunLog } from "./event-log.js";
import { notGenerated, resultOf } from "./perform-generation.js";
import {
  LeaseLostError,
  type ExecutionStore,
  type RunResult,
  type StepRecord,
  type UnfinishedRun,
} from "./ports.js";
import { completed, skipped, stepResult } from "./step-events.js";

interface Recovery {
  store: ExecutionStore;
  eventLog: EventLog;
  /** Gives the reason that a run ends so, as the message of its verdict. */
  reasonOf: (run: UnfinishedRun) => string;
  log: Logger;
}

/** Gives every run that was left without one its verdict, so that its log ends like any other. */
export async function closeUnfinishedRuns(runs: UnfinishedRun[], recovery: Recovery): Promise<void> {
  const { eventLog, reasonOf, log } = recovery;
  for (const run of runs) {
    const runLog = eventLog.open({ ...run, lastSeq: run.events.at(-1)?.seq ?? 0 });
    try {
      await closeRun(run, runLog, recovery);
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
      log.warn({ err: error, runId: run.id }, "an unfinished run is another server's to end");
      continue;
    }
    log.warn({ runId: run.id, reason: reasonOf(run) }, "an unfinished run was ended");
  }
}

async function closeRun(run: UnfinishedRun, runLog: RunLog, { store, reasonOf }: Recovery): Promise<void> {
  const reason = reasonOf(run);
  if (run.kind === "generation") {
    await closeGeneration(run, runLog, reason);
    return;
  }
  const steps = (run.testCaseId === null ? undefined : await store.findSteps(run.testCaseId)) ?? [];
  const { attempt, events } = lastAttempt(run);
  const judged = events.flatMap((event) => (event.type === "execution_complete" ? [event] : []));
  const isOpen = ({ id }: StepRecord) => !judged.some(({ step_id }) => step_id === id);
  const open = steps.filter((step) => isOpen(step) && (run.kind === "case" || step.id === run.testStepId));
  const counts = { passed: 0, failed: 0, error: 0, skipped: 0 };
  for (const { status } of judged) counts[status]++;

  const ending: RunResult = {
    runId: run.id,
    verdict: "error",
    errorMessage: reason,
    attempts: attempt,
    flaky: false,
    finishedAt: new Date(),
  };
  for (const step of open) {
    const { checks } = contentsOf(step.script);
    // A run that waited in the queue has no step under way; its first one carries the reason then.
    if (hasStarted(events, step) || judged.length + counts.error === 0) {
      const result = { verdict: "error", errorMessage: reason, executionTimeMs: 0, artifacts: [] } as const;
      const enclosed = { step: stepResult({ step }, result), ...(run.kind === "step" && { run: ending }) };
      runLog.append(completed({ step, checks }, result, { attempt, flaky: false }), enclosed);
      counts.error++;
    } else {
      runLog.append(skipped({ step, checks }, reason, attempt));
      counts.skipped++;
    }
  }
  if (run.kind === "case" && run.testCaseId !== null) {
    const summary = {
      test_case_id: run.testCaseId,
      status: "error",
      ...counts,
      checks: steps
        .filter((step) => !isOpen(step))
        .reduce((sum, { script }) => sum + contentsOf(script).checks, 0),
      execution_time_ms: 0,
      attempt,
      flaky: false,
    } as const;
    runLog.append({ type: "all_steps_complete", ...summary }, { run: ending });
  }
  await runLog.flush();
  // The step of the run may have been deleted since; no event announces its verdict then.
  if (run.kind === "step" && open.length === 0) await store.append({ events: [], steps: [], runs: [ending] });
}

/** The case is saved together with the run's reference to it, so that there is one exactly if the run names one. */
async function closeGeneration(
  { id, testCaseId, testStepId }: UnfinishedRun,
  runLog: RunLog,
  reason: string,
): Promise<void> {
  const isSaved = testCaseId !== null && testStepId === null;
  const told = reason.endsWith(".") ? reason : `${reason}.`;
  const saved = isSaved ? `Before that, test case ${testCaseId} was saved.` : "Nothing was saved.";
  const ending = notGenerated(`${told} ${saved}`);
  runLog.append(ending.event, { run: resultOf(id, ending) });
  await runLog.flush();
}

/** The events since the last attempt began; every step is run anew in it. */
function lastAttempt({ events }: UnfinishedRun): { attempt: number; events: RunEvent[] } {
  const failed = events.filter(({ type }) => type === "attempt_failed");
  const lastSeq = failed.at(-1)?.seq ?? 0;
  return { attempt: failed.length + 1, events: events.filter(({ seq }) => seq > lastSeq) };
}

function hasStarted(events: RunEvent[], step: StepRecord): boolean {
  return events.some((event) => event.type === "execution_started" && event.step_id === step.id);
}
