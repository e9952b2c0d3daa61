/** The server refused a request, or could not carry it out. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  /** One of the error codes of the protocol, such as `step_not_found`. */
  readonly code: string;
  /** With `rate_limited`: when to try again, in milliseconds from now. */
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, retryAfterMs?: number) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
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
