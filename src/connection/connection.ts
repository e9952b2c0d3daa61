import type { Logger } from "pino";
import { CloseCode } from "../protocol/close-codes.js";
import { MAX_FRAME_BYTES } from "../protocol/limits.js";
import type { ServerMessage } from "../protocol/messages.js";
import type { Socket } from "./socket.js";

/** One client. What it sends goes to the router; what is sent to it after it has gone is dropped. */
export class Connection {
  readonly id: string;
  readonly log: Logger;
  /** Aborted when the connection has gone. */
  readonly closed: AbortSignal;
  readonly #socket: Socket;
  readonly #gone = new AbortController();
  #unansweredPings = 0;

  constructor(id: string, socket: Socket, log: Logger) {
    this.id = id;
    this.log = log.child({ connectionId: id });
    this.closed = this.#gone.signal;
    this.#socket = socket;
    socket.onPong(() => {
      this.#unansweredPings = 0;
    });
    socket.onClose((code) => {
      this.log.info({ code }, "disconnected");
      this.#gone.abort();
    });
  }

  /** Hands each frame on; a frame that is too large or binary closes the socket instead. */
  onFrame(listener: (text: string) => void): void {
    this.#socket.onMessage((text, isBinary) => {
      if (isBinary) this.close(CloseCode.BinaryFrame);
      else if (Buffer.byteLength(text) > MAX_FRAME_BYTES) this.close(CloseCode.FrameTooLarge);
      else listener(text);
    });
  }

  send(message: ServerMessage): void {
    if (this.closed.aborted) return;
    this.#socket.send(JSON.stringify(message));
  }

  close(reason: CloseCode): void {
    this.log.info({ code: reason.code, reason: reason.reason }, "closing connection");
    this.#socket.close(reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** @param allowed how many pings may go without an answer */
  heartbeat(allowed: number): void {
    if (this.#unansweredPings >= allowed) {
      this.log.info({ unanswered: this.#unansweredPings }, "dropping unresponsive connection");
      this.#socket.close(CloseCode.Unresponsive);
      this.#socket.terminate();
      return;
    }
    this.#unansweredPings++;
    this.#socket.ping();
  }
}
