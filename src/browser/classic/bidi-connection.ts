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

  close(): void {
    this.#socket.close("it was closed");
  }

  #receive(answer: Answer): void {
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
