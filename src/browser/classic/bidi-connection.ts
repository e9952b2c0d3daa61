import { error as driverErrors } from "selenium-webdriver";
import { WebSocket } from "ws";
import { abortable } from "../../async/abortable.js";
import { BrowserLostError } from "../launched-browser.js";

/** A page's source comes in one message; so large a one is a fault, in bytes. */
const MAX_MESSAGE_BYTES = 512 * 1024 * 1024;

/** An answer of the driver: https://www.w3.org/TR/webdriver-bidi/#protocol */
interface Answer {
  id?: number | null;
  type?: "success" | "error" | "event";
  result?: unknown;
  error?: string;
  message?: string;
}

interface Pending {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

/** The WebSocket of a WebDriver session, where its driver offers one. */
export class BidiConnection {
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, Pending>();
  readonly #lost = new AbortController();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer) => {
      this.#receive(data);
    });
    socket.on("error", (error: Error) => {
      this.#lose(error.message);
    });
    socket.on("close", () => {
      this.#lose("its connection closed");
    });
  }

  /** @throws Error when there is nothing at the address, or the signal's reason */
  static async open(url: string, signal: AbortSignal): Promise<BidiConnection> {
    const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES });
    const opened = new Promise<BidiConnection>((resolve, reject) => {
      socket.once("error", reject);
      socket.once("open", () => {
        resolve(new BidiConnection(socket));
      });
    });
    try {
      return await abortable(opened, signal);
    } catch (error) {
      socket.terminate();
      throw error;
    }
  }

  /** Aborted with a {@link BrowserLostError} once nothing can be sent any more. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Sends a command. Whoever stops waiting leaves it to be carried out all the same.
   *
   * @throws the error that selenium-webdriver has for it, a BrowserLostError, or the signal's reason
   */
  async send<Result>(method: string, params: object, signal: AbortSignal): Promise<Result> {
    this.lost.throwIfAborted();
    const id = ++this.#lastId;
    const answered = new Promise<unknown>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
    });
    this.#socket.send(JSON.stringify({ id, method, params }), (error) => {
      if (error) this.#lose(error.message);
    });
    try {
      // The protocol fixes the result of each method; callers name it.
      return (await abortable(answered, signal)) as Result;
    } finally {
      this.#pending.delete(id);
    }
  }

  close(): void {
    this.#lose("it was closed");
    this.#socket.terminate();
  }

  #receive(data: Buffer): void {
    let answer: Answer;
    try {
      answer = JSON.parse(data.toString()) as Answer;
    } catch {
      this.#lose("it sent something that is not JSON");
      return;
    }
    const pending = this.#pending.get(answer.id ?? 0);
    if (pending === undefined) return;
    if (answer.type === "success") pending.resolve(answer.result);
    else pending.reject(errorOf(answer));
  }

  #lose(why: string): void {
    if (this.lost.aborted) return;
    const reason = new BrowserLostError(`The browser is gone: ${why}.`);
    this.#lost.abort(reason);
    for (const { reject } of this.#pending.values()) reject(reason);
  }
}

/** An error as the classic protocol's driver throws it, so that both are understood in one place. */
function errorOf({ error = "", message = error }: Answer): Error {
  // A frame that was removed and a window that was closed have one code here; see `driver.ts`.
  if (error === "no such frame") return new driverErrors.NoSuchWindowError(message);
  if (error === "no such node") return new driverErrors.StaleElementReferenceError(message);
  return new driverErrors.WebDriverError(message);
}
