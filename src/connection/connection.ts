import type { Logger } from "pino";
import type { Identity } from "../auth/ports.js";
import { CloseCode } from "../protocol/close-codes.js";
import { MAX_FRAME_BYTES } from "../protocol/limits.js";
import type { ServerMessage } from "../protocol/messages.js";
import type { ScreenshotMode } from "../protocol/session-messages.js";
import { Outbox } from "./outbox.js";
import type { Socket } from "./socket.js";

export interface ConnectionOptions {
  id: string;
  socket: Socket;
  /** Address of the client. */
  address: string;
  identity: Identity;
  /** The form of pictures unless the client's hello says otherwise. */
  screenshots: ScreenshotMode;
  /** Most bytes of run events that may wait for a client that reads slowly. */
  sendBufferBytes: number;
  log: Logger;
}

/** One client. What it sends goes to the router; what is sent to it after it has gone is dropped. */
export class Connection {
  readonly id: string;
  readonly address: string;
  /** The client's principal and scopes. */
  readonly identity: Identity;
  readonly log: Logger;
  /** Aborted when the connection has gone. */
  readonly closed: AbortSignal;
  readonly outbox: Outbox;
  /** Ids of the requests that have not been answered yet, of those that have one. */
  readonly requests = new Set<string>();
  /** The number of requests that are being handled. */
  underWay = 0;
  /** Requests refused because there were too many, since the last one that was not. */
  refusals = 0;
  /** Settles when the frame that came last may be handled: frames are admitted one after the other. */
  admission: Promise<void> = Promise.resolve();
  readonly #socket: Socket;
  readonly #gone = new AbortController();
  #screenshots: ScreenshotMode;
  #frames = 0;
  #isClosing = false;
  #unansweredPings = 0;

  constructor({ id, socket, address, identity, screenshots, sendBufferBytes, log }: ConnectionOptions) {
    this.id = id;
    this.address = address;
    this.identity = identity;
    this.log = log.child({ connectionId: id });
    this.closed = this.#gone.signal;
    this.outbox = new Outbox(socket, sendBufferBytes);
    this.#socket = socket;
    this.#screenshots = screenshots;
    socket.onPong(() => {
      this.#unansweredPings = 0;
    });
    socket.onClose((code) => {
      this.log.info({ code }, "disconnected");
      this.#gone.abort();
      this.outbox.release();
    });
  }

  /** The principal, for limits and fair turns. */
  get principal(): string {
    return this.identity.principal;
  }

  /** The form of pictures on this connection. */
  get screenshots(): ScreenshotMode {
    return this.#screenshots;
  }

  /** Hands each frame on; a frame that is too large or binary closes the socket instead. */
  onFrame(listener: (text: string) => void): void {
    this.#socket.onMessage((text, isBinary) => {
      // Messages that a client sent before it knew are not handled any more.
      if (this.#isClosing) return;
      this.#frames++;
      if (isBinary) this.close(CloseCode.BinaryFrame);
      else if (Buffer.byteLength(text) > MAX_FRAME_BYTES) this.close(CloseCode.FrameTooLarge);
      else listener(text);
    });
  }

  /** True while the client has sent one frame only. */
  get isAtFirstFrame(): boolean {
    return this.#frames === 1;
  }

  /** Says how pictures are to come. A server that takes none (`off`) has none to send either way. */
  choose(screenshots: ScreenshotMode | undefined): void {
    if (this.#screenshots !== "off") this.#screenshots = screenshots ?? this.#screenshots;
  }

  /** Sends an answer. A client that asks on and on but does not read is let go. */
  send(message: ServerMessage): void {
    if (this.closed.aborted) return;
    if (this.outbox.isAbandoned) this.close(CloseCode.TooSlow);
    else this.outbox.send(JSON.stringify(message));
  }

  close(reason: CloseCode): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
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
