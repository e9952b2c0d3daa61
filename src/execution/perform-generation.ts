import { atMost } from "../async/at-most.js";
import { asAppError, type ErrorCode } from "../protocol/errors.js";
import type { RunEventBody, Verdict } from "../protocol/messages.js";
import { runDeadline } from "./deadlines.js";
import type { RunFacilities } from "./facilities.js";
import { LiveGenerationRun } from "./generation-run.js";
import { STOPPED_CLOSE_WAIT_MS } from "./perform-attempt.js";
import type { RunResult } from "./ports.js";
import type { QueuedGeneration } from "./queued-run.js";

/** The end of a generation's run, whether something was saved or not. */
interface Ending {
  event: RunEventBody;
  verdict: Verdict;
  errorMessage: string | null;
}

/**
 * Performs a generation in browser sessions of its own, from its first event to its saved verdict. Resolves when the last
 * session is given back.
 *
 * @throws the database's error when the run could not be saved.
 */
export async function performGeneration(queued: QueuedGeneration, facilities: RunFacilities): Promise<void> {
  const { run, task, runLog, limits, cancelled, log } = queued;
  const deadline = runDeadline(limits);
  const signal = AbortSignal.any([cancelled, deadline.signal, runLog.failed]);
  const live = new LiveGenerationRun(queued, { facilities, signal });
  try {
    await facilities.store.startRun(run.id, new Date());
    const ending = await attempt(queued, signal, () => {
      signal.throwIfAborted();
      return task.perform(live);
    });
    // A client that stopped a run expects its browser context to be gone when it hears the verdict.
    if (signal.aborted) await atMost(STOPPED_CLOSE_WAIT_MS, live.close());
    runLog.append(ending.event, { run: resultOf(run.id, ending) });
    log.info({ verdict: ending.verdict }, "generation ended");
    await runLog.flush();
  } finally {
    deadline.hold();
    await live.close();
  }
}

/** @returns the end that the work has come to, of whatever kind */
async function attempt(
  { task, log }: QueuedGeneration,
  signal: AbortSignal,
  work: () => Promise<Ending>,
): Promise<Ending> {
  try {
    return await work();
  } catch (error) {
    const known = asAppError(error);
    if (known === undefined && !signal.aborted) log.error({ err: error }, "a generation failed");
    const reason = error instanceof Error ? error.message : String(error);
    return notGenerated(task.explain(reason), known?.code);
  }
}

/** The end of a generation that has saved nothing. */
export function notGenerated(error: string, code: ErrorCode = "generation_stopped"): Ending {
  const event = { type: "generation_error", success: false, error, code } as const;
  return { event, verdict: "error", errorMessage: error };
}

export function resultOf(
  runId: string,
  { verdict, errorMessage }: Pick<Ending, "verdict" | "errorMessage">,
): RunResult {
  return { runId, verdict, errorMessage, attempts: 1, flaky: false, finishedAt: new Date() };
}
