import WebSocket from "ws";

export type Message = Record<string, unknown> & { type: string };

/** A WebSocket client that keeps what it has heard, so that a test can ask for it before or after it comes. */
export class TestClient {
  readonly received: Message[] = [];
  readonly socket: WebSocket;
  /** Set once the socket has closed. */
  closed: { code: number; reason: string } | undefined;
  #wake: (() => void)[] = [];

  /** @param socket one that is open, or that has just been made */
  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data: Buffer) => {
      this.received.push(JSON.parse(data.toString()) as Message);
      this.#changed();
    });
    socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#changed();
    });
    socket.on("error", () => undefined);
  }

  static async connect(
    address: string,
    headers: Record<string, string> = {},
    { protocols = [], query = "" }: { protocols?: string[]; query?: string } = {},
  ): Promise<TestClient> {
    const socket = new WebSocket(`ws://${address}/ws/execute-step${query}`, protocols, { headers });
    const client = new TestClient(socket);
    await new Promise((resolve, reject) => {
      socket.once("open", resolve).once("error", reject);
    });
    return client;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** The first message that fits, sent already or yet to come. */
  async next(fits: string | ((message: Message) => boolean)): Promise<Message> {
    const matches = typeof fits === "string" ? ({ type }: Message) => type === fits : fits;
    for (;;) {
      const found = this.received.find(matches);
      if (found) return found;
      if (this.closed) throw new Error(`closed with ${this.closed.code} while waiting`);
      await this.#change();
    }
  }

  async untilClosed(): Promise<{ code: number; reason: string }> {
    while (!this.closed) await this.#change();
    return this.closed;
  }

  close(): void {
    this.socket.terminate();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}
