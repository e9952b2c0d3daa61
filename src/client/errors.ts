/** A fault of a file that was sent, with its place in it; lines and columns are counted from 1. */
export interface FileFault {
  file: string;
  line: number;
  column: number;
  message: string;
}

interface RequestErrorOptions {
  retryAfterMs?: number | undefined;
  status?: number | undefined;
  faults?: readonly FileFault[] | undefined;
}

/** The server refused a request, or could not carry it out. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  /** One of the error codes of the protocol, such as `step_not_found`. */
  readonly code: string;
  /** With `rate_limited`: when to try again, in milliseconds from now. */
  readonly retryAfterMs: number | undefined;
  /** With `invalid_file`: everything that is wrong with it. */
  readonly faults: readonly FileFault[] | undefined;

  /** The status of the answer; undefined over the WebSocket. */
  readonly status: number | undefined;

  constructor(code: string, message: string, { retryAfterMs, status, faults }: RequestErrorOptions = {}) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
    this.status = status;
    this.faults = faults;
  }
}

/** A request got no answer: the server cannot be reached, or took too long. `cause` says why. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";

  constructor(server: string, cause: unknown) {
    const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    const reason = inner instanceof Error ? inner.message : String(inner);
    super(`The Stepwire server at ${server} does not answer: ${reason}.`, { cause });
  }
}

/** The connection is closed for good: by this side, or by the server for a reason that a retry cannot change. */
export class ClosedError extends Error {
  override readonly name = "ClosedError";
  /** The WebSocket's close code. */
  readonly code: number;

  constructor(code: number, reason: string) {
    super(`The connection to the Stepwire server is closed: ${reason} (${code}).`);
    this.code = code;
  }
}
