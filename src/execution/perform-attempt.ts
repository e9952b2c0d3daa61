import { atMost } from "../async/at-most.js";
import type { ArtifactReference } from "../protocol/messages.js";
import type { Baselines, PicturePart } from "../runner/ports.js";
import { DiskQuota } from "./disk-quota.js";
import type { RunFacilities } from "./facilities.js";
import { observersOf } from "./observers/index.js";
import { performStep, type StepOutcome } from "./perform-step.js";
import type { PlannedStep } from "./plan.js";
import type { BrowserSession } from "./ports.js";
import type { QueuedExecution } from "./queued-run.js";
import { scriptSettingsOf, type RunScope } from "./run-scope.js";
import { announce, attemptFailed, completed, initializing, skipped, stepResult } from "./step-events.js";
import { Tally } from "./tally.js";
import type { AttemptTrace } from "../tracing/ports.js";

/**
 * Time that the verdict of a stopped run waits for its browser context to be gone, in milliseconds. The verdict is due
 * within a second, and a busy machine needs much of that to store and send it.
 */
export const STOPPED_CLOSE_WAIT_MS = 300;

/** One attempt at a run. */
export interface Attempt {
  number: number;
  queued: QueuedExecution;
  facilities: RunFacilities;
  /** Aborted when the run is cancelled or has used up its time. */
  signal: AbortSignal;
  /** Steps that did not pass in earlier attempts. */
  failedBefore: ReadonlySet<number>;
  /** Rejects with the database's error when the run could not be saved as started. */
  started: Promise<void>;
  /** Resolve when the observers and browser sessions of attempts that have ended are closed; the session's comes last. */
  closing: Promise<void>[];
}

/** The reason that there is no browser session to perform steps in. */
interface NoSession {
  error: string;
}

/**
 * Performs the steps of a run, all in one browser session of their own.
 *
 * @returns the id of the step because of which the run is to be tried again; `undefined` when it has ended
 */
export async function performAttempt(attempt: Attempt): Promise<number | undefined> {
  const { queued, facilities, started, closing } = attempt;
  const { run, steps, runLog, log } = queued;
  if (run.kind === "case") runLog.append(initializing(steps[0]));
  else announce(steps[0], runLog);
  // Secrets of an earlier attempt stay masked: its messages may be told again.
  const variables = facilities.newVariables(queued.environment);
  runLog.mask.add(variables);
  const trace = queued.trace.attempt(attempt.number);
  const session = await acquireSession(attempt);
  if ("error" in session) {
    await Promise.all([started, trace.close()]);
    return await performSteps(attempt, session);
  }
  trace.sessionAcquired();
  const quota = new DiskQuota({ session, limitBytes: facilities.settings.runMaxDiskBytes, log });
  const scope = openScope(attempt, { session, variables, trace, exceeded: quota.exceeded });
  try {
    await started;
    return await performSteps(attempt, scope);
  } finally {
    quota.close();
    closing.push(scope.observers.close(), session.close());
  }
}

async function acquireSession({ queued, facilities, signal }: Attempt): Promise<BrowserSession | NoSession> {
  try {
    const { browser, runLog } = queued;
    const onQueued = (position: number) => {
      runLog.append({ type: "queued", position });
    };
    return await facilities.pool.acquire(signal, { browser, onQueued });
  } catch (error) {
    if (signal.aborted) return { error: (signal.reason as Error).message };
    queued.log.error({ err: error }, "no browser session");
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

interface SessionParts extends Pick<RunScope, "session" | "variables"> {
  trace: AttemptTrace;
  /** Aborted when the page has filled too much of the disk; the attempt has no time left then, as if it were cancelled. */
  exceeded: AbortSignal;
}

function openScope(
  { queued, facilities, signal }: Attempt,
  { session, variables, trace, exceeded }: SessionParts,
): RunScope {
  const { run, steps, runLog, gate, cancelled, limits, log } = queued;
  const { artifacts, performScript, settings } = facilities;
  const { page } = session;
  const { testCaseId, typingDelay } = steps[0].step;
  const scope = {
    runId: run.id,
    runLog,
    session,
    page,
    gate,
    signal: AbortSignal.any([signal, exceeded]),
    cancelled: AbortSignal.any([cancelled, exceeded]),
    variables,
    memory: {},
    takePicture: (until: AbortSignal, part?: PicturePart) =>
      facilities.takePicture(page, variables.used, until, part),
    baselines: baselinesOf(testCaseId, session, facilities),
    ...scriptSettingsOf({ ...settings, keyDelayMs: typingDelay ?? settings.keyDelayMs }),
    commandDelayMs: settings.commandDelayMs,
    stepTimeoutMs: limits.stepTimeoutMs,
    baseUrl: queued.environment?.baseUrl ?? undefined,
    performScript,
    artifacts,
    log,
  };
  return { ...scope, observers: observersOf(scope, { facilities, video: queued.video, trace }) };
}

/** The baselines of the run's case, of the browser that it is carried out with. */
function baselinesOf(
  testCaseId: number,
  session: BrowserSession,
  { baselines }: RunFacilities,
): Baselines | undefined {
  if (baselines === undefined) return undefined;
  const { reader, browser } = baselines;
  const read = (name: string, variant: string) => reader.readBaseline({ testCaseId, name, variant });
  return { browser: session.browser ?? browser, read };
}

/** As {@link performAttempt}. */
async function performSteps(attempt: Attempt, scope: RunScope | NoSession): Promise<number | undefined> {
  const { number, queued, facilities, failedBefore } = attempt;
  const { run, steps, runLog, limits, log } = queued;
  const { signal } = "error" in scope ? attempt : scope;
  // A step without a script has none in the next attempt either.
  const mayTryAgain = ({ fault }: PlannedStep) =>
    fault === undefined && number <= limits.retries && !signal.aborted && !runLog.failed.aborted;
  const tally = new Tally(number);
  for (const planned of steps) {
    const { id } = planned.step;
    if (tally.verdict !== "passed" && (signal.aborted || run.onFailure === "stop")) {
      runLog.append(skipped(planned, tally.skip(), number));
      continue;
    }
    if (run.kind === "case") announce(planned, runLog);
    await facilities.store.startStep(id, run.id);
    const endsAttempt = (outcome: StepOutcome) =>
      planned === steps.at(-1) ||
      signal.aborted ||
      (hasFailed(outcome) && (run.onFailure === "stop" || mayTryAgain(planned)));
    const outcome = await outcomeOf(planned, scope, { tally, endsAttempt });
    const step = stepResult(planned, outcome);
    if (hasFailed(outcome) && mayTryAgain(planned)) {
      // The step is saved too, so that one which no later attempt comes to is not left `running`.
      const numbers = { attempt: number, attempts: limits.retries + 1 };
      runLog.append(attemptFailed(planned, outcome, numbers), { step });
      log.info({ ...numbers, stepId: id, verdict: outcome.verdict }, "attempt failed");
      return id;
    }
    tally.add(planned, outcome);
    const mark = { attempt: number, flaky: outcome.verdict === "passed" && failedBefore.has(id) };
    const ending = run.kind === "step" ? { run: tally.ending(run.id) } : {};
    runLog.append(completed(planned, outcome, mark), { step, ...ending });
  }
  if (run.kind === "case") {
    const event = {
      type: "all_steps_complete",
      test_case_id: steps[0].step.testCaseId,
      ...tally.summary(),
    } as const;
    runLog.append(event, { run: tally.ending(run.id) });
  }
  log.info(tally.summary(), "run ended");
  return undefined;
}

function hasFailed(outcome: StepOutcome): outcome is StepOutcome & { verdict: "failed" | "error" } {
  return outcome.verdict !== "passed";
}

function faulty(errorMessage: string): StepOutcome {
  return { verdict: "error", errorMessage, executionTimeMs: 0, artifacts: [] };
}

interface AttemptSoFar {
  /** The tally of the steps before. */
  tally: Tally;
  /** Tells if the attempt comes to no further step. */
  endsAttempt: (outcome: StepOutcome) => boolean;
}

async function outcomeOf(
  planned: PlannedStep,
  scope: RunScope | NoSession,
  { tally, endsAttempt }: AttemptSoFar,
): Promise<StepOutcome> {
  if ("error" in scope) return faulty(scope.error);
  const { signal, session, observers } = scope;
  const outcome = planned.fault === undefined ? await performStep(planned, scope) : faulty(planned.fault);
  const verdict = hasFailed(outcome) ? outcome.verdict : tally.verdict;
  const ending = endsAttempt(outcome) ? observers.attemptEnded(verdict) : undefined;
  // A client that stopped a run expects its browser context to be gone when it hears the verdict.
  if (signal.aborted) {
    await atMost(STOPPED_CLOSE_WAIT_MS, session.close());
  }
  const artifacts: readonly ArtifactReference[] = (await ending) ?? [];
  return artifacts.length === 0 ? outcome : { ...outcome, artifacts: [...outcome.artifacts, ...artifacts] };
}
