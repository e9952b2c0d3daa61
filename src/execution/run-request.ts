import { AppError } from "../protocol/errors.js";
import { toAsked, type AskedFields, type KeyedRequest } from "../protocol/idempotency.js";
import type { RunListener } from "./event-log.js";
import type { RunSettings, VideoMode } from "./facilities.js";
import type { RunLimits } from "./queued-run.js";

/** How somebody wants a run to be. */
export interface RunRequest {
  requestId?: string | undefined;
  /**
   * Whose run it is: principals take turns and have limits of their own.
   * @defaultValue that of all who have none
   */
  principal?: string | undefined;
  /**
   * How many attempts may follow one that does not pass.
   * @defaultValue 0
   */
  retries?: number | undefined;
  /** A run that the principal started with the same key in the last 24 hours is the answer instead of a new one. */
  idempotencyKey?: string | undefined;
  /** Whether there is to be a video; as the server's own setting says unless given. */
  video?: boolean | undefined;
  /** In milliseconds; the server's own unless given. */
  stepTimeoutMs?: number | undefined;
  runTimeoutMs?: number | undefined;
  /** Called with each event of the run once it is stored; never after the run has ended. */
  onEvent?: RunListener;
  /** Called when the run breaks because its events cannot be stored. */
  onBroken?: (runId: string) => void;
}

/** @throws AppError `invalid_message` when the request asks for more time than this server gives. */
export function requireAllowed(request: RunRequest, settings: RunSettings): void {
  const limits = limitsOf(request, settings);
  requireAtMost("step_timeout", limits.stepTimeoutMs, settings.stepTimeoutMs);
  requireAtMost("run_timeout", limits.runTimeoutMs, settings.runTimeoutMs);
}

function requireAtMost(field: "step_timeout" | "run_timeout", askedMs: number, allowedMs: number): void {
  if (askedMs <= allowedMs) return;
  throw new AppError(
    "invalid_message",
    `'${field}': at most ${allowedMs / 1000} s, which is this server's ${field.toUpperCase()}.`,
  );
}

export function limitsOf(
  { retries = 0, stepTimeoutMs, runTimeoutMs }: RunRequest,
  settings: RunSettings,
): RunLimits {
  return {
    retries,
    stepTimeoutMs: stepTimeoutMs ?? settings.stepTimeoutMs,
    runTimeoutMs: runTimeoutMs ?? settings.runTimeoutMs,
  };
}

export function videoModeOf({ video }: RunRequest, settings: RunSettings): VideoMode {
  if (video === undefined) return settings.video;
  return video ? "on" : "off";
}

/** The request as one that starts one run only, if it has a key. What it asks for is named as in the protocol. */
export function keyed(
  { principal = "", idempotencyKey: key, retries = 0, video, stepTimeoutMs, runTimeoutMs }: RunRequest,
  asked: AskedFields,
): KeyedRequest | undefined {
  if (key === undefined) return undefined;
  const options = { retries, video, step_timeout: stepTimeoutMs, run_timeout: runTimeoutMs };
  return { principal, key, asked: toAsked({ ...asked, ...options }) };
}
