import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { ArtifactReference } from "../protocol/messages.js";
import type { PictureTaker, ScriptRunner, Variables } from "../runner/ports.js";
import { Deadline } from "../async/deadline.js";
import { DiskQuota } from "./disk-quota.js";
import type { RunLog } from "./event-log.js";
import type { Gate } from "./gate.js";
import type { Stage } from "./plan.js";
import type {
  ArtifactStore,
  BrowserPool,
  BrowserSession,
  ExecutionStore,
  NewRun,
  VideoWriter,
  WriteBytes,
} from "./ports.js";
import { announce, attemptFailed, completed, initializing, skipped, stepResult } from "./step-events.js";
import { runStage, type RunSettings, type StageResult } from "./stage.js";
import { Tally } from "./tally.js";
import { Video, type VideoMode } from "./video.js";

/**
 * How long the verdict of a stopped run waits for its browser context to be gone, in milliseconds. The verdict is due
 * within a second, and a busy machine needs much of that to store and send it.
 */
const STOPPED_CLOSE_WAIT_MS = 300;

/** How long and how often a run may try. */
export interface RunLimits {
  /** How many attempts may follow one that does not pass. */
  retries: number;
  stepTimeoutMs: number;
  runTimeoutMs: number;
}

export interface RunContext {
  store: ExecutionStore;
  artifacts: ArtifactStore;
  pool: BrowserPool;
  runScript: ScriptRunner;
  takePicture: PictureTaker;
  takeFrame: PictureTaker;
  newVideo: (write: WriteBytes) => VideoWriter;
  newVariables: () => Variables;
  settings: RunSettings;
  limits: RunLimits;
  video: VideoMode;
  runLog: RunLog;
  gate: Gate;
  /** Aborted to end the run early; the reason's message becomes the verdict's. */
  cancelled: AbortSignal;
  log: Logger;
}

/** What one attempt works with. */
interface Attempt extends RunContext {
  run: NewRun;
  stages: readonly [Stage, ...Stage[]];
  number: number;
  /** Aborted when the run is cancelled or has used up its time. */
  signal: AbortSignal;
  /** Steps that did not pass in earlier attempts. */
  failedBefore: ReadonlySet<number>;
  /** Rejects with the database's error when the run could not be saved as started. */
  started: Promise<void>;
  /** Resolve when the browser sessions of attempts that have ended are given back. */
  closing: Promise<void>[];
}

interface AttemptInBrowser extends Omit<Attempt, "video"> {
  session: BrowserSession | { error: string };
  video: Video | undefined;
  variables: Variables;
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
  const { store, runLog, limits, cancelled } = context;
  const deadline = new Deadline({
    limitMs: limits.runTimeoutMs,
    message: `The run took longer than its deadline of ${limits.runTimeoutMs / 1000} s.`,
  });
  const signal = AbortSignal.any([cancelled, deadline.signal]);
  const failedBefore = new Set<number>();
  const closing: Promise<void>[] = [];
  const started = store.startRun(run.id, new Date());
  // Looked at below; until then a rejection must not count as one that nobody handles.
  started.catch(() => undefined);
  const attempt = { ...context, run, stages, signal, failedBefore, closing, started };
  try {
    for (let number = 1; ; number++) {
      const failed = await tryOnce({ ...attempt, number });
      if (failed === undefined) break;
      failedBefore.add(failed);
      // The next attempt may need the place of this one's session in the pool.
      await Promise.race([closing.at(-1), aborted(signal)]);
    }
    await runLog.flush();
  } finally {
    deadline.hold();
    await Promise.all(closing);
  }
}

/** @returns the id of the step because of which the run is to be tried again; `undefined` when it has ended */
async function tryOnce(attempt: Attempt): Promise<number | undefined> {
  const { run, stages, runLog, started, closing } = attempt;
  if (run.kind === "case") runLog.append(initializing(stages[0]));
  else announce(stages[0], runLog);
  // Secrets of an earlier attempt stay masked: its messages may be told again.
  const variables = attempt.newVariables();
  runLog.mask.add(variables);
  const session = await acquire(attempt);
  const quota = "page" in session ? quotaOf(attempt, session) : undefined;
  const bounded = quota ? endedBy(quota.exceeded, attempt) : attempt;
  const video = "page" in session ? videoOf(bounded, session, variables) : undefined;
  try {
    await started;
    return await runStages({ ...bounded, session, video, variables });
  } finally {
    quota?.close();
    if (video) closing.push(video.close());
    if ("page" in session) closing.push(session.close());
  }
}

function quotaOf({ settings, log }: Attempt, session: BrowserSession): DiskQuota {
  return new DiskQuota({ session, limitBytes: settings.runMaxDiskBytes, log });
}

/** The attempt, ended by one signal more, as if somebody had cancelled it: a page that fills the disk has no time left. */
function endedBy(signal: AbortSignal, attempt: Attempt): Attempt {
  return {
    ...attempt,
    signal: AbortSignal.any([attempt.signal, signal]),
    cancelled: AbortSignal.any([attempt.cancelled, signal]),
  };
}

function videoOf(attempt: Attempt, session: BrowserSession, variables: Variables): Video | undefined {
  const { run, video: mode } = attempt;
  return mode === "off" ? undefined : new Video({ ...attempt, runId: run.id, mode, session, variables });
}

/** As {@link tryOnce}. */
async function runStages(attempt: AttemptInBrowser): Promise<number | undefined> {
  const { run, stages, store, runLog, video, signal, failedBefore, number, log } = attempt;
  const tally = new Tally(number);
  for (const stage of stages) {
    const { id } = stage.step;
    if (tally.verdict !== "passed" && (signal.aborted || run.onFailure === "stop")) {
      runLog.append(skipped(stage, tally.skip(), number));
      continue;
    }
    if (run.kind === "case") announce(stage, runLog);
    video?.beginStep(id);
    await store.startStep(id);
    const result = await judge(stage, attempt, tally);
    const step = stepResult(stage, result);
    if (hasFailed(result) && mayTryAgain(attempt)) {
      // Saved too, so that a step which no later attempt comes to is not left `running`.
      const numbers = { attempt: number, attempts: attempt.limits.retries + 1 };
      runLog.append(attemptFailed(stage, result, numbers), { step });
      log.info({ ...numbers, stepId: id, verdict: result.verdict }, "attempt failed");
      return id;
    }
    tally.add(stage, result);
    const mark = { attempt: number, flaky: result.verdict === "passed" && failedBefore.has(id) };
    const ending = run.kind === "step" ? { run: tally.ending(run.id) } : {};
    runLog.append(completed(stage, result, mark), { step, ...ending });
  }
  if (run.kind === "case") {
    const event = { type: "all_steps_complete", test_case_id: run.testCaseId, ...tally.summary() } as const;
    runLog.append(event, { run: tally.ending(run.id) });
  }
  log.info(tally.summary(), "run ended");
  return undefined;
}

function hasFailed(result: StageResult): result is StageResult & { verdict: "failed" | "error" } {
  return result.verdict !== "passed";
}

function mayTryAgain({ limits, number, signal, runLog }: AttemptInBrowser): boolean {
  return number <= limits.retries && !signal.aborted && !runLog.failed.aborted;
}

async function acquire({ pool, signal, log }: Attempt): Promise<BrowserSession | { error: string }> {
  try {
    return await pool.acquire(signal);
  } catch (error) {
    if (signal.aborted) return { error: (signal.reason as Error).message };
    log.error({ err: error }, "no browser session");
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** @param tally of the steps before */
async function judge(stage: Stage, attempt: AttemptInBrowser, tally: Tally): Promise<StageResult> {
  const { run, session, signal, limits } = attempt;
  if ("error" in session) {
    return { verdict: "error", errorMessage: session.error, executionTimeMs: 0, artifacts: [] };
  }
  const { stepTimeoutMs } = limits;
  const result = await runStage(stage, { ...attempt, runId: run.id, session, stepTimeoutMs });
  const ending = endVideo(stage, result, attempt, tally);
  // Who stopped a run expects its browser context to be gone when they hear the verdict.
  if (signal.aborted) {
    await Promise.race([session.close(), delay(STOPPED_CLOSE_WAIT_MS, undefined, { ref: false })]);
  }
  const video = await ending;
  return video ? { ...result, artifacts: [...result.artifacts, video] } : result;
}

/** Ends the video with the last step that the attempt comes to. */
async function endVideo(
  stage: Stage,
  result: StageResult,
  attempt: AttemptInBrowser,
  tally: Tally,
): Promise<ArtifactReference | undefined> {
  const { run, stages, video, signal } = attempt;
  const endsRun = stage === stages.at(-1) || signal.aborted;
  const endsAttempt = hasFailed(result) && (run.onFailure === "stop" || mayTryAgain(attempt));
  if (!endsRun && !endsAttempt) return undefined;
  return await video?.end(hasFailed(result) ? result.verdict : tally.verdict);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const abort = () => {
      resolve();
    };
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}
