import { APIConnectionError, APIError } from "openai";
import { AppError } from "../../protocol/errors.js";

/**
 * Says in the operator's words what the AI server did, and which setting to look at. The server's own words go
 * to the log and neither into the message nor its cause: they are foreign text, and some servers repeat the key
 * in them.
 */
export function toAppError(error: unknown, { model, host }: { model: string; host: string }): AppError {
  if (error instanceof AppError) return error;
  const failed = (message: string): AppError => new AppError("ai_unavailable", message);
  if (error instanceof APIConnectionError) {
    const code = networkCode(error);
    return failed(
      `The AI server at ${host} could not be reached${code === undefined ? "" : ` (${code})`}. ` +
        `Check that it is running and that OPENAI_BASE_URL is right.`,
    );
  }
  if (!isApiError(error)) {
    // The remaining errors come from reading the stream: a cut connection, or an event that is not JSON.
    return failed("The AI server's answer stopped half-way. Try again; if it stays so, check the AI server.");
  }
  const status = error.status;
  if (isOfWebPage(error)) return webPage(host, status);
  if (isTooLong(error)) {
    return failed(
      `The request is longer than the model "${model}" of the AI server at ${host} can read (HTTP ${status}). ` +
        `Describe a shorter test, or choose a model with a longer context in OPENAI_MODEL.`,
    );
  }
  switch (status) {
    case 401:
    case 403:
      return new AppError(
        "ai_unauthorized",
        `The AI server at ${host} refused the API key (HTTP ${status}). Check OPENAI_API_KEY, and that the key may ` +
          `use the model in OPENAI_MODEL.`,
      );
    case 404:
      return failed(
        `The AI server at ${host} knows no model "${model}" (HTTP 404). Check OPENAI_MODEL and OPENAI_BASE_URL.`,
      );
    case 429:
      return failed(
        `The AI server at ${host} takes no more requests now (HTTP 429): a rate limit or a used-up quota of the ` +
          `account of OPENAI_API_KEY. Try again later.`,
      );
    case undefined:
      return failed(`The AI server at ${host} broke off its answer with an error. Try again later.`);
    default:
      if (status >= 500)
        return failed(`The AI server at ${host} has a fault (HTTP ${status}). Try again later.`);
      return failed(
        `The AI server at ${host} refused the request (HTTP ${status}). Check OPENAI_MODEL and OPENAI_BASE_URL; ` +
          `Stepwire's log has the answer.`,
      );
  }
}

/**
 * Tells if the server refused the way the answer's format was asked for, so that a simpler way may work. Servers
 * word this in many ways and use 400, 422 or 501; others answer 200 and send the error as the first event.
 */
export function refusesFormat(error: unknown): boolean {
  if (!isApiError(error) || !isOfRequest(error) || isTooLong(error)) return false;
  return /response_?format|json_?schema|json_object|structured.?output|grammar|schema/i.test(wordsOf(error));
}

/** Statuses under which servers say that a part of the request is at fault. */
function isOfRequest({ status }: APIError): boolean {
  return status === undefined || [400, 415, 422, 500, 501].includes(status);
}

/** Every server has words of its own for a prompt that is too long for its model. */
function isTooLong(error: APIError): boolean {
  const { status } = error;
  if (status === 413) return true;
  return (
    (status === undefined || [400, 422, 500].includes(status)) &&
    /context.{0,20}(?:length|window|size|limit)|maximum context|too many tokens|(?:prompt|input|request) (?:is )?too (?:long|large)|exceeds?.{0,40}(?:context|tokens)/i.test(
      wordsOf(error),
    )
  );
}

function wordsOf(error: APIError): string {
  return `${error.message} ${JSON.stringify(error.error ?? "")}`;
}

function isOfWebPage({ status, headers }: APIError): boolean {
  const isOfServer = status !== undefined && status >= 500;
  return !isOfServer && /html/i.test(headers?.get("content-type") ?? "");
}

function webPage(host: string, status = 200): AppError {
  return new AppError(
    "ai_unavailable",
    `${host} answers with a web page (HTTP ${status}) and is no AI server, or a proxy before it answers. Check ` +
      `OPENAI_BASE_URL, which usually ends in /v1.`,
  );
}

/** The error for an answer that does not come as a stream. @param type the answer's media type; empty for none */
export function noStream(host: string, type: string): AppError {
  if (/html/i.test(type)) return webPage(host);
  return new AppError(
    "ai_unavailable",
    `The AI server at ${host} does not stream its answer, as Stepwire asks it to ("stream": true). Check ` +
      `OPENAI_BASE_URL, and that no proxy before the server collects answers.`,
  );
}

/** Faults that are often over
/** Tells if the server refused to say how many tokens a call takes. Servers of no such option name it in their errors. */
export function refusesUsage(error: unknown): boolean {
  return isApiError(error) && isOfRequest(error) && /stream_?options|include_?usage/i.test(wordsOf(error));
}

/** Faults that are often over a moment later. */
export function isPassing(error: unknown): error is APIError {
  if (!isApiError(error)) return false;
  const status = error.status;
  return status !== undefined && (status === 429 || status >= 500);
}

/** `instanceof` alone leaves the class's type parameters, and so the type of its status, open. */
function isApiError(error: unknown): error is APIError {
  return error instanceof APIError;
}

/** `ECONNREFUSED` and the like; fetch hides it two causes deep. */
function networkCode(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string") return cause.code;
  }
  return undefined;
}
