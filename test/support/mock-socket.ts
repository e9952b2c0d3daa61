import type { CloseCode } from "../../src/protocol/close-codes.js";
import type { SendOptions, Socket } from "../../src/connection/socket.js";

/** A socket without a network: tests play the client's part. */
export class MockSocket implements Socket {
  readonly sent: Record<string, unknown>[] = [];
  /** Bytes that wait; they grow with each frame while the client does not read. */
  bufferedAmount = 0;
  closedWith: CloseCode | undefined;
  terminated = false;
  pings = 0;
  /** True while the server takes no frames. */
  isPaused = false;
  #isReading = true;
  #message: (text: string, isBinary: boolean) => void = () => undefined;
  #pong: () => void = () => undefined;
  readonly #close: ((code: number) => void)[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #unsent: (() => void)[] = [];

  send(text: string | Uint8Array, { onSent }: SendOptions = {}): void {
    const bytes = Buffer.from(text);
    this.sent.push(JSON.parse(bytes.toString()) as Record<string, unknown>);
    if (!this.#isReading) {
      this.bufferedAmount += bytes.length;
      if (onSent) this.#unsent.push(onSent);
    } else onSent?.();
    for (const wake of this.#waiting.splice(0)) wake();
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  together(send: () => void): void {
    send();
  }

  /** The client reads nothing until `read`; everything that is sent meanwhile waits. */
  stopReading(): void {
    this.#isReading = false;
  }

  read(): void {
    this.#isReading = true;
    this.bufferedAmount = 0;
    for (const onSent of this.#unsent.splice(0)) onSent();
  }

  close(reason: CloseCode): void {
    this.closedWith = reason;
    this.leave(reason.code);
  }

  terminate(): void {
    this.terminated = true;
    this.leave(1006);
  }

  ping(): void {
    this.pings++;
  }

  onMessage(listener: (text: string, isBinary: boolean) => void): void {
    this.#message = listener;
  }

  onPong(listener: () => void): void {
    this.#pong = listener;
  }

  onClose(listener: (code: number) => void): void {
    this.#close.push(listener);
  }

  /** The client sends a frame. */
  receive(frame: unknown, isBinary = false): void {
    this.#message(typeof frame === "string" ? frame : JSON.stringify(frame), isBinary);
  }

  pong(): void {
    this.#pong();
  }

  /** The client's side ends. */
  leave(code = 1000): void {
    for (const listener of this.#close.splice(0)) listener(code);
  }

  /** Resolves with the first message of this type, sent already or yet to come. */
  async next(type: string): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.sent.find((message) => message["type"] === type);
      if (found) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}
