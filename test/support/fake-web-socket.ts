import type { WebSocketLike } from "../../src/client/link.js";

type Sent = Record<string, unknown> & { type: string };
type Listener = (event: { data: unknown; code: number; reason: string; message: string }) => void;

/** A browser's WebSocket without a network: a test plays the server's part. */
export class FakeWebSocket implements WebSocketLike {
  readonly url: string;
  readonly protocols: string[];
  readonly readyState = 1;
  readonly sent: Sent[] = [];
  /** True once either side has left. */
  isLeft = false;
  readonly #listeners = new Map<string, Listener[]>();

  constructor(url: string, protocols: string[]) {
    this.url = url;
    this.protocols = protocols;
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data) as Sent);
  }

  close(code = 1005): void {
    this.leave(code);
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  /** The server takes the connection and answers `hello`. */
  welcome(): void {
    this.#tell("open");
    this.receive({ type: "welcome" });
  }

  /** The server sends a message. */
  receive(message: object): void {
    this.#tell("message", { data: JSON.stringify(message) });
  }

  /** The server closes the connection, or the network loses it. */
  leave(code = 1006, reason = ""): void {
    this.isLeft = true;
    this.#tell("close", { code, reason });
  }

  /** The connection does not come about, as the package `ws` tells it. */
  fail(message: string): void {
    this.#tell("error", { message });
    this.leave();
  }

  /** The server, which may be another one, sends what it likes. */
  receiveText(data: string): void {
    this.#tell("message", { data });
  }

  /** Messages of one type that were sent. */
  ofType(type: string): Sent[] {
    return this.sent.filter((message) => message.type === type);
  }

  #tell(type: string, event: object = {}): void {
    for (const listener of this.#listeners.get(type) ?? []) {
      listener({ data: "", code: 0, reason: "", message: "", ...event });
    }
  }
}
