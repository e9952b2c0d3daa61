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
  if (!isApiError(error)) return false;
  const status = error.status;
  if (status !== undefined && ![400, 415, 422, 500, 501].includes(status)) return false;
  return /response_?format|json_?schema|json_object|structured.?output|grammar|schema/i.test(
    `${error.message} ${JSON.stringify(error.error ?? "")}`,
  );
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
