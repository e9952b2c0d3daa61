import { AppError } from "../../protocol/errors.js";

/**
 * Ends a call to the AI server when its caller gives up, when nothing has come for the idle time, or when the
 * whole call has taken too long. The SDK's own timeout ends with the response's headers and so does not stop a
 * stream that falls silent.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal;
  readonly #idleTimeoutMs: number;
  readonly #total: NodeJS.Timeout;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: { caller: AbortSignal; requestTimeoutMs: number; idleTimeoutMs: number }) {
    const { caller, requestTimeoutMs, idleTimeoutMs } = options;
    this.#caller = caller;
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#total = setTimeout(() => {
      this.#abort(
        timedOut(`did not finish its answer within ${seconds(requestTimeoutMs)}`, "OPENAI_TIMEOUT"),
      );
    }, requestTimeoutMs);
    if (caller.aborted) this.#onCallerAbort();
    else caller.addEventListener("abort", this.#onCallerAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
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

  /** Frees the timers and the listener. */
  end(): void {
    this.pause();
    clearTimeout(this.#total);
    this.#caller.removeEventListener("abort", this.#onCallerAbort);
  }

  #abort(reason: unknown): void {
    this.pause();
    this.#controller.abort(reason);
  }

  readonly #onCallerAbort = (): void => {
    this.#abort(this.#caller.reason);
  };
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
