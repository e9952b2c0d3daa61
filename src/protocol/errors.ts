import { z } from "zod";

/** Every stable word that may stand in the `code` of an `execution_error` or a `generation_error`. */
export const ERROR_CODES = {
  invalid_json: "The frame is not a JSON object.",
  unknown_type: "The frame's `type` is not one the server knows.",
  invalid_message: "A field of the frame is missing or has a wrong value.",
  step_not_found: "There is no test step with this id.",
  test_case_not_found: "There is no test case with this id.",
  check_not_found: "No check with this index is offered for the test step.",
  baseline_not_found: "The test case has no baseline with this id, or its file is gone.",
  artifact_not_found: "There is no artifact with this id.",
  run_not_found: "There is no run with this id, or it has ended.",
  run_not_paused: "The run is not paused, so it can neither be resumed nor stepped.",
  run_unreachable: "The server that carries the run out does not answer; try again in `retry_after_ms`.",
  no_steps: "The test case has no steps.",
  no_script: "The step has no script.",
  invalid_script: "The script is not a JSON array of valid commands.",
  python_script: "The script is Python, or a command holds Python statements.",
  duplicate_request_id: "A request with the same `request_id` has not been answered yet on this connection.",
  unexpected_hello: "`hello` came twice, or after another message.",
  too_many_subscriptions: "The connection watches as many runs as it may.",
  rate_limited: "Too many requests; try again in `retry_after_ms`.",
  queue_full: "Too many runs are waiting; try again when some have ended.",
  disk_full:
    "The server's disk is full, or nearly so; nothing new is started or saved before there is space.",
  server_stopping: "The server is stopping and starts nothing new.",
  database_unavailable: "The database takes no changes for now, for the reason that the message gives.",
  invalid_description: "The description is empty, too long, or holds no sentence that can be made a step.",
  forbidden_url: "The URL names a host that may not be opened here.",
  generation_stopped: "The generation was cancelled, took too long, or lost its browser.",
  ai_unauthorized: "The AI server refused the API key.",
  ai_unavailable: "The AI server could not be reached or answered with an error.",
  ai_timeout: "The AI server stopped answering.",
  ai_budget_spent: "What calls of the AI server may take on a day is spent; try again in `retry_after_ms`.",
  ai_invalid_answer: "The AI server's answer held no valid test steps, also not after a retry.",
  conflict:
    "The change contradicts what is stored, such as a step number that is taken, or an `idempotency_key` that was used for another request.",
  unauthorized: "Valid credentials are needed.",
  forbidden: "The credentials do not have the scope that this needs, or the run is somebody else's.",
  csrf_token_missing:
    "A change with a session cookie needs the `X-CSRF-Token` that `GET /api/session` gives.",
  token_in_url: "A token must not be part of a URL.",
  login_unavailable: "The server that the keys of logins come from could not be reached.",
  invalid_file: "A file of test cases has faults; each comes with its place.",
  environment_not_found: "There is no environment with this name.",
  schedule_not_found: "There is no schedule with this id.",
  delivery_not_found: "There is no message to a webhook with this id.",
  token_not_found: "There is no API token with this id or name.",
  forbidden_origin: "The page that sent the request is not on an allowed origin.",
  internal: "A fault of the server itself; its log has the cause.",
} as const;

export const ErrorCode = z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]);
export type ErrorCode = keyof typeof ERROR_CODES;

/** A request that cannot be carried out. Its message is written for the client and safe to send. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  /** Time until the same request may succeed, in milliseconds; `undefined` when waiting does not help. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions & { retryAfterMs?: number } = {}) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The error of a run that is not stored, whoever asked for it. */
export function noSuchRun(id: string): AppError {
  const reasons =
    "or it was deleted: with its test case, or because it was older than RUNS_KEEP_DAYS or RUNS_KEEP_PER_CASE of the server allow";
  return new AppError("run_not_found", `There is no run with id ${id}, ${reasons}.`);
}

/** Time until a change that the database did not take may be tried again, in milliseconds. */
const DATABASE_RETRY_MS = 5_000;

/**
 * The database takes no changes for now; what was to be changed is as it was. Its message gives the reason and the
 * remedy. No AppError, because the database's client takes any error with a `code` for one of its own and rewrites it.
 */
export class DatabaseUnavailableError extends Error {
  override readonly name = "DatabaseUnavailableError";
}

/** An error as a client may be told it; `undefined` for a fault of the server itself. */
export function asAppError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  if (!(error instanceof DatabaseUnavailableError)) return undefined;
  const options = { cause: error, retryAfterMs: DATABASE_RETRY_MS };
  return new AppError("database_unavailable", error.message, options);
}
