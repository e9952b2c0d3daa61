import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import type { Logger } from "pino";
import type { ImportFault } from "../cases/import-plan.js";
import { ImportError } from "../cases/import.js";
import { AppError, asAppError, type ErrorCode } from "../protocol/errors.js";

/** The status that answers each error of the protocol. */
const STATUS: Record<ErrorCode, number> = {
  invalid_json: 400,
  unknown_type: 400,
  invalid_message: 400,
  step_not_found: 404,
  test_case_not_found: 404,
  baseline_not_found: 404,
  check_not_found: 404,
  artifact_not_found: 404,
  run_not_found: 404,
  run_not_paused: 409,
  run_unreachable: 503,
  no_steps: 422,
  no_script: 422,
  invalid_script: 422,
  python_script: 422,
  duplicate_request_id: 409,
  unexpected_hello: 409,
  too_many_subscriptions: 429,
  rate_limited: 429,
  queue_full: 503,
  disk_full: 507,
  server_stopping: 503,
  database_unavailable: 503,
  forbidden_url: 400,
  generation_stopped: 409,
  invalid_description: 422,
  ai_unauthorized: 502,
  ai_unavailable: 502,
  ai_timeout: 504,
  ai_budget_spent: 429,
  ai_invalid_answer: 502,
  conflict: 409,
  unauthorized: 401,
  forbidden: 403,
  csrf_token_missing: 403,
  token_in_url: 400,
  login_unavailable: 503,
  invalid_file: 422,
  environment_not_found: 404,
  schedule_not_found: 404,
  delivery_not_found: 404,
  token_not_found: 404,
  forbidden_origin: 403,
  internal: 500,
};

/** Errors that only HTTP has, by their status. */
const HTTP_CODE: Readonly<Record<number, string>> = {
  400: "invalid_request",
  404: "not_found",
  405: "method_not_allowed",
  413: "body_too_large",
  415: "unsupported_media_type",
};

/** The one shape of every error on the wire. */
export interface ErrorAnswer {
  error: {
    code: string;
    message: string;
    field?: string;
    retry_after_ms?: number;
    faults?: readonly ImportFault[];
  };
}

/** A request of which one field is wrong. `field` is its path, such as `steps.0.selenium_script_json`. */
export class FieldError extends AppError {
  readonly field: string;

  constructor(field: string, { code, message }: { code: ErrorCode; message: string }) {
    super(code, message);
    this.field = field;
  }
}

/** The one boundary that turns a route's errors into answers. */
export function errorHandler(log: Logger) {
  return async (error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { status, answer } = translate(error);
    const [url] = request.url.split("?");
    if (status >= 500) log.error({ err: error, method: request.method, url }, "request failed");
    if (status === 401) reply.header("WWW-Authenticate", "Bearer");
    const { retry_after_ms: retryAfterMs } = answer.error;
    if (retryAfterMs !== undefined) reply.header("Retry-After", Math.ceil(retryAfterMs / 1000));
    await reply.code(status).send(answer);
  };
}

export async function notFoundHandler(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  // Without the query, which may hold anything.
  const [path] = request.url.split("?");
  await reply.code(404).send(answerOf("not_found", `There is no ${request.method} ${path}.`));
}

/** The status and the answer that tell a client of an error. */
export function translate(error: FastifyError | Error): { status: number; answer: ErrorAnswer } {
  if (error instanceof FieldError) {
    return { status: STATUS[error.code], answer: answerOf(error.code, error.message, error.field) };
  }
  if (error instanceof ImportError) {
    const { code, message, faults } = error;
    return { status: STATUS[code], answer: { error: { code, message, faults } } };
  }
  const known = asAppError(error);
  if (known !== undefined) {
    const { code, message, retryAfterMs } = known;
    const answer = answerOf(code, message);
    if (retryAfterMs !== undefined) answer.error.retry_after_ms = retryAfterMs;
    return { status: STATUS[code], answer };
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    return { status: 400, answer: explainValidation(error.validation[0]) };
  }
  const status = "statusCode" in error ? error.statusCode : undefined;
  if (status !== undefined && status >= 400 && status < 500) {
    const code = HTTP_CODE[status] ?? "invalid_request";
    return { status, answer: answerOf(code, error.message) };
  }
  return { status: 500, answer: answerOf("internal", "The server failed; its log has the cause.") };
}

/** Takes only the first issue, which is enough to act on. */
function explainValidation(
  issue:
    { instancePath: string; keyword: string; message?: string; params: Record<string, unknown> } | undefined,
): ErrorAnswer {
  const path = issue?.instancePath.split("/").filter((part) => part !== "") ?? [];
  const unknownKeys = issue?.keyword === "unrecognized_keys" ? issue.params["keys"] : undefined;
  if (Array.isArray(unknownKeys)) path.push(String(unknownKeys[0]));
  const field = path.join(".");
  const reason = Array.isArray(unknownKeys) ? "There is no such field." : (issue?.message ?? "not valid");
  if (field === "") return answerOf("invalid_request", `The body must be a JSON object: ${reason}`);
  return answerOf("invalid_request", `${field}: ${reason}`, field);
}

export function answerOf(code: string, message: string, field?: string): ErrorAnswer {
  return { error: { code, message, ...(field !== undefined && { field }) } };
}
