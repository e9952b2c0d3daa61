import { AppError } from "../../protocol/errors.js";

/**
 * Ends a call to the AI server when its caller gives up, when nothing has come for the idle time, or when the
 * whole call has taken too long. The SDK's own timeout ends with the response's headers and so does not stop a
 * stream that falls silent.
 */
export class AnswerDeadline {
  readonly #expired = new AbortController();
  /** Aborted with the reason of the one of these three that comes first. */
  readonly signal: AbortSignal;
  readonly #idleTimeoutMs: number;
  readonly #total: NodeJS.Timeout;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: { caller: AbortSignal; requestTimeoutMs: number; idleTimeoutMs: number }) {
    const { caller, requestTimeoutMs, idleTimeoutMs } = options;
    this.signal = AbortSignal.any([caller, this.#expired.signal]);
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#total = setTimeout(() => {
      this.#abort(
        timedOut(`did not finish its answer within ${seconds(requestTimeoutMs)}`, "OPENAI_TIMEOUT"),
      );
    }, requestTimeoutMs);
  }

  /** Starts the idle time anew; to be called before a request and for everything that arrives. */
  touch(): void {
    if (this.signal.aborted) return;
    this.pause();
    this.#idle = setTimeout(() => {
      this.#abort(timedOut(`sent nothing for ${seconds(this.#idleTimeoutMs)}`, "OPENAI_IDLE_TIMEOUT"));
    }, this.#idleTimeoutMs);
  }

  /** Stops the idle time while nothing is expected from the server. */
  pause(): void {
    clearTimeout(this.#idle);
  }

  /** Stops the timers. */
  end(): void {
    this.pause();
    clearTimeout(this.#total);
  }

  #abort(reason: unknown): void {
    this.pause();
    this.#expired.abort(reason);
  }
}

function timedOut(what: string, setting: string): AppError {
  return new AppError(
    "ai_timeout",
    `The AI server ${what}. Try again, choose a faster model in OPENAI_MODEL, or allow more seconds in ${setting}.`,
  );
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
