import { WebSocket } from "ws";
import { abortable } from "../async/abortable.js";
import { BrowserLostError } from "./launched-browser.js";
import type { WireTrace } from "./wire-trace.js";

/** Largest message, in bytes. A page source or a picture comes in one message; a larger one is a fault. */
const MAX_MESSAGE_BYTES = 512 * 1024 * 1024;

/** The receiver of the messages of a {@link CommandSocket}. */
export interface CommandSocketOwner<Message> {
  receive(message: Message): void;
  /** Called once, when nothing can be sent any more. */
  lose(reason: BrowserLostError): void;
}

/** A WebSocket to a browser or its driver: numbered commands go out, answers and events come in, each as JSON. */
export class CommandSocket<Message extends object> {
  readonly #socket: WebSocket;
  readonly #owner: CommandSocketOwner<Message>;
  readonly #trace: WireTrace | undefined;
  readonly #opened: Promise<void>;
  #isLost = false;
  #lastId = 0;

  constructor(url: string, owner: CommandSocketOwner<Message>, trace: WireTrace | undefined) {
    this.#owner = owner;
    this.#trace = trace;
    const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES });
    this.#socket = socket;
    this.#opened = new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    socket.on("message", (data: Buffer) => {
      this.#receive(data);
    });
    socket.on("error", this.#onError);
    socket.on("close", () => {
      this.#lose("its connection closed");
    });
  }

  /** @throws Error when there is nothing at the address, or the signal's reason; the socket is gone then */
  async opened(signal: AbortSignal): Promise<void> {
    try {
      await abortable(this.#opened, signal);
    } catch (error) {
      this.#socket.terminate();
      throw error;
    }
  }

  /**
   * @param sessionId the target's session, where the protocol has one on the outside of a command
   * @returns the command's number, by which its answer is known
   */
  send(method: string, params: object, sessionId?: string): number {
    const id = ++this.#lastId;
    this.#trace?.sent({ id, sessionId, method, params });
    this.#socket.send(JSON.stringify({ id, sessionId, method, params }), this.#onError);
    return id;
  }

  /** Closes the socket from this side, whatever the other side does. */
  close(why: string): void {
    this.#lose(why);
    // A closing handshake could take as long as a hanging browser likes.
    this.#socket.terminate();
  }

  #receive(data: Buffer): void {
    let message: Message;
    try {
      // The other side sends its protocol; a message that is none of it finds no listener.
      message = JSON.parse(data.toString()) as Message;
    } catch {
      this.#lose("it sent something that is not JSON");
      return;
    }
    this.#trace?.received(message);
    this.#owner.receive(message);
  }

  readonly #onError = (error: Error | null | undefined): void => {
    if (error) this.#lose(error.message);
  };

  #lose(why: string): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#owner.lose(new BrowserLostError(`The browser is gone: ${why}.`));
  }
}
