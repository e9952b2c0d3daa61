import type { SendOptions, Socket } from "./socket.js";

/** A backlog above this part of the limit costs the client its pictures. */
const LOW_MARK = 1 / 8;

/** A queue of frames for one client. It never holds much more than its limit, however slowly the client reads. */
export class Outbox {
  /** Most bytes that run events may make wait. */
  readonly limit: number;
  readonly #socket: Socket;
  readonly #lowMark: number;
  #waiting: (() => void)[] = [];

  constructor(socket: Socket, limit: number) {
    this.#socket = socket;
    this.limit = limit;
    this.#lowMark = limit * LOW_MARK;
  }

  /** True when the client is so far behind that large things are better left out. */
  get isCongested(): boolean {
    return this.#socket.bufferedAmount >= this.#lowMark;
  }

  /** True when as many bytes of answers wait as of events may: the client does not read. */
  get isAbandoned(): boolean {
    return this.#socket.bufferedAmount > 2 * this.limit;
  }

  /** True when so many bytes more may wait. */
  hasRoomFor(bytes: number): boolean {
    return this.#socket.bufferedAmount + bytes <= this.limit;
  }

  send(text: string | Uint8Array, { compress = true }: Pick<SendOptions, "compress"> = {}): void {
    const size = typeof text === "string" ? Buffer.byteLength(text) : text.length;
    // Only a frame that leaves a backlog behind has news when it is sent, and its callback costs.
    const leavesBacklog = this.#socket.bufferedAmount + size >= this.#lowMark;
    this.#socket.send(text, leavesBacklog ? { compress, onSent: this.#sent } : { compress });
  }

  /** Sends everything that `send` is called with meanwhile as one piece. */
  together(send: () => void): void {
    this.#socket.together(send);
  }

  /** Resolves when the client has caught up, or has gone. */
  async drained(): Promise<void> {
    if (this.isCongested) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Ends all waiting: the client has gone. */
  release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  readonly #sent = (): void => {
    if (this.#waiting.length > 0 && !this.isCongested) this.release();
  };
}
