import type { EventEmitter } from "node:events";
import type { WebDriver } from "selenium-webdriver";

/** The browser answered a WebDriver BiDi command with an error. */
export class BidiError extends Error {
  override readonly name = "BidiError";
  /** The error code of the protocol, such as `no such frame`. */
  readonly code: string;

  constructor(method: string, code: string, message: string) {
    super(`${method}: ${message}`);
    this.code = code;
  }
}

/** The browser, its driver, or the way to them is gone. */
export class BrowserLostError extends Error {
  override readonly name = "BrowserLostError";
}

/** What selenium-webdriver's BiDi socket is, as far as it is used here; its types do not cover it. */
interface SeleniumBidi extends EventEmitter {
  waitForConnection(): Promise<void>;
  send(command: { method: string; params: object }): Promise<BidiAnswer>;
  close(): Promise<void>;
  readonly socket: EventEmitter;
}

type BidiAnswer =
  { type: "success"; result: Record<string, unknown> } | { type: "error"; error: string; message: string };

/** One WebDriver BiDi socket: typed answers, cancellable commands, and a signal for its loss. */
export class BidiConnection {
  readonly #bidi: SeleniumBidi;
  readonly #lost = new AbortController();

  private constructor(bidi: SeleniumBidi) {
    this.#bidi = bidi;
    // Every open session listens to the same socket.
    bidi.setMaxListeners(0);
    // Without a listener a malformed message would end the process.
    bidi.on("error", (error: Error) => {
      this.#lose(error.message);
    });
    bidi.socket.on("close", () => {
      this.#lose("its connection closed");
    });
  }

  static async open(driver: WebDriver): Promise<BidiConnection> {
    // Types say BiDi's object has no more than a socket; the class is selenium-webdriver/bidi/index.js.
    const bidi = (await driver.getBidi()) as unknown as SeleniumBidi;
    const connection = new BidiConnection(bidi);
    await bidi.waitForConnection();
    return connection;
  }

  /** Aborted with a {@link BrowserLostError} once nothing can be sent any more. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Sends a command and answers with its result.
   *
   * @throws BidiError when the browser refuses, BrowserLostError when it is gone, the signal's reason when
   * that is aborted first.
   */
  async send<Result>(method: string, params: object, signal?: AbortSignal): Promise<Result> {
    this.#lost.signal.throwIfAborted();
    signal?.throwIfAborted();
    const answer = await abortable(this.#bidi.send({ method, params }), this.#lost.signal, signal);
    if (answer.type === "error") throw new BidiError(method, answer.error, answer.message);
    // The protocol fixes the result of each method; callers name it.
    return answer.result as Result;
  }

  /** @returns a function that stops listening */
  on(event: string, listener: (params: { context: string }) => void): () => void {
    this.#bidi.on(event, listener);
    return () => this.#bidi.off(event, listener);
  }

  /** Closes the socket from this side; commands under way are rejected. */
  close(): void {
    this.#lose("it was closed");
    this.#bidi.close().catch(() => undefined);
  }

  #lose(why: string): void {
    if (!this.#lost.signal.aborted) this.#lost.abort(new BrowserLostError(`The browser is gone: ${why}.`));
  }
}

/** The promise, or the reason of the first signal that is aborted before it settles. */
export async function abortable<T>(promise: Promise<T>, ...signals: (AbortSignal | undefined)[]): Promise<T> {
  const watched = signals.filter((signal) => signal !== undefined);
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    const listeners = watched.map((signal) => {
      const listener = () => {
        reject(signal.reason as Error);
      };
      if (signal.aborted) listener();
      else signal.addEventListener("abort", listener, { once: true });
      return { signal, listener };
    });
    stop = () => {
      for (const { signal, listener } of listeners) signal.removeEventListener("abort", listener);
    };
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    stop();
    // Whoever lost the race may still reject, and nobody else listens.
    promise.catch(() => undefined);
    aborted.catch(() => undefined);
  }
}
