import { createHmac } from "node:crypto";
import { AppError } from "../protocol/errors.js";
import type { BrowserName } from "../protocol/browsers.js";
import { PRIORITY } from "../protocol/limits.js";
import { toAsked, type AskedFields, type KeyedRequest } from "../protocol/idempotency.js";
import type { RunListener } from "./event-log.js";
import type { RunSettings, VideoMode } from "./facilities.js";
import type { RequestedBrowser } from "./ports.js";
import type { RunLimits } from "./queued-run.js";

/** The wishes of somebody who starts a run. */
export interface RunRequest {
  requestId?: string | undefined;
  /**
   * The owner of the run: principals take turns and have limits of their own.
   * @defaultValue one that all who have none share
   */
  principal?: string | undefined;
  /**
   * Attempts that may follow one that does not pass.
   * @defaultValue 0
   */
  retries?: number | undefined;
  /**
   * Order among the waiting runs of the principal, the highest first; see `PRIORITY`.
   * @defaultValue 5
   */
  priority?: number | undefined;
  /** Name of the environment of the run. @defaultValue that of its case */
  environment?: string | undefined;
  /** Values of `${env.NAME}` in this run, before those of its environment. */
  variables?: Readonly<Record<string, string>> | undefined;
  /** The browser, where the server has several. @defaultValue the server's own, in any version */
  browser?: BrowserName | undefined;
  browserVersion?: string | undefined;
  /** If the principal started a run with the same key in the last 24 hours, that run is the answer, not a new one. */
  idempotencyKey?: string | undefined;
  /** True when a video is to be made; the server's own setting unless given. */
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

/**
 * @param own the only browser that the server has; undefined where it has those of a Selenium Grid
 * @throws AppError `invalid_message` when the request asks for another
 */
export function requireBrowser({ browser, browserVersion }: RunRequest, own: BrowserName | undefined): void {
  if (own === undefined) return;
  const remedy = "SELENIUM_REMOTE_URL gives it those of a Selenium Grid";
  if (browser !== undefined && browser !== own)
    throw new AppError(
      "invalid_message",
      `'browser': this server runs tests in ${own} only, as its BROWSER says; ${remedy}.`,
    );
  if (browserVersion !== undefined)
    throw new AppError(
      "invalid_message",
      `'browser_version': this server has one ${own}, that of its own machine; ${remedy}.`,
    );
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

/** @returns undefined where the request asks for none in particular */
export function browserOf({ browser, browserVersion: version }: RunRequest): RequestedBrowser | undefined {
  return browser === undefined && version === undefined ? undefined : { browser, version };
}

export function videoModeOf({ video }: RunRequest, settings: RunSettings): VideoMode {
  if (video === undefined) return settings.video;
  return video ? "on" : "off";
}

/**
 * The request as one that starts one run only, if it has a key. Its fields have their names in the protocol. It is stored
 * for as long as the run, and values of variables are for the run alone: a digest of them tells whether they differ, and
 * can be made only by whoever has the key, which is not stored either.
 */
export function keyed(request: RunRequest, asked: AskedFields): KeyedRequest | undefined {
  const { principal = "", idempotencyKey: key, retries = 0, video, priority, environment } = request;
  if (key === undefined) return undefined;
  const { stepTimeoutMs, runTimeoutMs, browser, browserVersion } = request;
  // In one order, whichever the client sent them in.
  const variables = request.variables && JSON.stringify(Object.entries(request.variables).toSorted());
  const digest = variables && createHmac("sha256", key).update(variables).digest("hex");
  const options = {
    retries,
    video,
    priority: priority === PRIORITY.default ? undefined : priority,
    environment,
    variables: digest,
    browser,
    browser_version: browserVersion,
    step_timeout: stepTimeoutMs,
    run_timeout: runTimeoutMs,
  };
  return { principal, key, asked: toAsked({ ...asked, ...options }) };
}
