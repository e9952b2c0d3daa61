import { error as driverErrors } from "selenium-webdriver";
import type { Logger } from "pino";
import { abortable } from "../../async/abortable.js";
import { CommandSocket } from "../command-socket.js";
import type { BrowserLostError } from "../launched-browser.js";
import { WireTrace } from "../wire-trace.js";

/** An answer of the driver: https://www.w3.org/TR/webdriver-bidi/#protocol */
interface Answer {
  id?: number | null;
  type?: "success" | "error" | "event";
  /** Of an event. */
  method?: string;
  params?: object;
  result?: object;
  error?: string;
  message?: string;
}

/** The commands used here, with their parameters and results. */
interface BidiCommands {
  /** https://github.com/GoogleChromeLabs/chromium-bidi#cdp */
  "goog:cdp.getSession": { params: { context: string }; result: { session: string } };
  "goog:cdp.sendCommand": {
    params: { method: string; params: object; session: string };
    result: { result: object };
  };
  "session.subscribe": { params: { events: string[] }; result: object };
  "network.addIntercept": { params: { phases: string[] }; result: { intercept: string } };
  "network.removeIntercept": { params: { intercept: string }; result: object };
  "network.setCacheBehavior": { params: { cacheBehavior: "default" | "bypass" }; result: object };
  "network.continueRequest": { params: { request: string }; result: object };
  "network.failRequest": { params: { request: string }; result: object };
  "network.provideResponse": {
    params: {
      request: string;
      statusCode: number;
      headers: BidiHeader[];
      body: { type: "base64"; value: string };
    };
    result: object;
  };
  "network.continueWithAuth": {
    params: { request: string } & (
      | { action: "default" | "cancel" }
      | {
          action: "provideCredentials";
          credentials: { type: "password"; username: string; password: string };
        }
    );
    result: object;
  };
}

export interface BidiHeader {
  name: string;
  value: { type: string; value: string };
}

interface RequestEvent {
  /** True when the request waits for an answer. */
  isBlocked: boolean;
  request: {
    /** Its id. */
    request: string;
    url: string;
    method: string;
    headers: BidiHeader[];
    /** DevTools' kind of it, which chromedriver adds. */
    "goog:resourceType"?: string;
  };
}

/** The events used here. */
export interface BidiEvents {
  "network.beforeRequestSent": RequestEvent;
  "network.authRequired": RequestEvent;
}

/** A command under way. */
interface Pending {
  resolve: (result: never) => void;
  reject: (error: Error) => void;
}

/** The WebSocket of a WebDriver session, where its driver offers one. */
export class BidiConnection {
  readonly #socket: CommandSocket<Answer>;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<string, (params: never) => void>();
  readonly #lost = new AbortController();

  private constructor(url: string, log: Logger) {
    const owner = {
      receive: (answer: Answer) => {
        this.#receive(answer);
      },
      lose: (reason: BrowserLostError) => {
        this.#lost.abort(reason);
        for (const { reject } of this.#pending.values()) reject(reason);
      },
    };
    this.#socket = new CommandSocket(url, owner, WireTrace.to(log, "bidi"));
  }

  /** @throws Error when there is nothing at the address, or the signal's reason */
  static async open(url: string, log: Logger, signal: AbortSignal): Promise<BidiConnection> {
    const connection = new BidiConnection(url, log);
    await connection.#socket.opened(signal);
    return connection;
  }

  /** Aborted with a {@link BrowserLostError} once nothing can be sent any more. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Sends a command. The signal only ends the wait: the driver carries the command out all the same.
   *
   * @throws the error that selenium-webdriver has for it, a BrowserLostError, or the signal's reason
   */
  async send<M extends keyof BidiCommands>(
    method: M,
    params: BidiCommands[M]["params"],
    signal: AbortSignal,
  ): Promise<BidiCommands[M]["result"]> {
    this.lost.throwIfAborted();
    const id = this.#socket.send(method, params);
    const answered = new Promise<BidiCommands[M]["result"]>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
    });
    try {
      return await abortable(answered, signal);
    } finally {
      this.#pending.delete(id);
    }
  }

  /** Takes an event that the session is subscribed to; one listener each. */
  on<E extends keyof BidiEvents>(event: E, listener: (params: BidiEvents[E]) => void): void {
    this.#listeners.set(event, listener);
  }

  close(): void {
    this.#socket.close("it was closed");
  }

  #receive(answer: Answer): void {
    if (answer.type === "event") {
      // The protocol fixes the parameters of each event.
      this.#listeners.get(answer.method ?? "")?.(answer.params as never);
      return;
    }
    const pending = this.#pending.get(answer.id ?? 0);
    if (pending === undefined) return;
    // The protocol fixes the result of each method.
    if (answer.type === "success") pending.resolve(answer.result as never);
    else pending.reject(errorOf(answer));
  }
}

/** An error as the classic protocol's driver throws it, so that both are understood in one place. */
function errorOf({ error = "", message = error }: Answer): Error {
  // A frame that was removed and a window that was closed have one code here; see `driver.ts`.
  if (error === "no such frame") return new driverErrors.NoSuchWindowError(message);
  if (error === "no such node") return new driverErrors.StaleElementReferenceError(message);
  return new driverErrors.WebDriverError(message);
}
