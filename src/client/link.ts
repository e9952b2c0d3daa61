import { CloseCode } from "../protocol/close-codes.js";
import { backoff, type BackoffOptions } from "./backoff.js";
import { ClosedError } from "./errors.js";

/** The part of a browser's WebSocket that is used; Node 22 has it too, and the package `ws` before that. */
export interface WebSocketLike {
  readonly readyState: number;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: "open" | "error", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
  addEventListener(type: "close", listener: (event: { code: number; reason: string }) => void): void;
}

export type WebSocketClass = new (url: string, protocols: string[]) => WebSocketLike;

export interface LinkOptions extends BackoffOptions {
  url: string;
  /** An API token or JWT, or what gives one for each new connection. */
  token?: string | (() => string | Promise<string>);
  WebSocket: WebSocketClass;
  /** Longest time to connect and be welcomed, in milliseconds. */
  connectTimeoutMs: number;
  /** Sent first on each new connection; the answer to it opens the link. */
  hello: object;
  onOpen: () => void;
  onMessage: (message: { type: string }) => void;
  /** The link is closed and stays closed. */
  onEnd: (error: ClosedError) => void;
}

/** The name of the protocol, as a WebSocket subprotocol; a token stands beside it, never in the URL. */
const SUBPROTOCOL = "stepwire.v1";
const TOKEN_PREFIX = "stepwire.token.";

const NORMAL_CLOSURE = 1000;
const NO_STATUS = 1005;

/** Codes after which connecting again would only fail again. */
const FATAL = new Set<number>(
  Object.values(CloseCode)
    .filter(({ retry }) => !retry)
    .map(({ code }) => code),
);

/** One WebSocket after another: connects, says hello, and connects again until it is closed for good. */
export class Link {
  readonly #options: LinkOptions;
  #socket: WebSocketLike | undefined;
  #isOpen = false;
  #isEnded = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    void this.#connect();
  }

  /** @returns whether it was sent: there is an open connection */
  send(message: object): boolean {
    if (!this.#isOpen) return false;
    this.#socket?.send(JSON.stringify(message));
    return true;
  }

  close(): void {
    this.#end(new ClosedError(NORMAL_CLOSURE, "closed by this side"));
    this.#socket?.close(NORMAL_CLOSURE);
  }

  async #connect(): Promise<void> {
    const { url, token, WebSocket, connectTimeoutMs, hello } = this.#options;
    let socket: WebSocketLike;
    try {
      const value = typeof token === "function" ? await token() : token;
      if (this.#isEnded) return;
      socket = new WebSocket(url, protocols(value));
    } catch (error) {
      // A URL that is none, or a token that cannot be had, is the caller's to put right.
      this.#end(new ClosedError(NO_STATUS, error instanceof Error ? error.message : String(error)));
      return;
    }
    this.#socket = socket;
    // An unanswered attempt, or an unanswered hello, counts as a lost connection.
    this.#timer = setTimeout(() => {
      this.#lost(socket, NO_STATUS, "the server did not answer in time");
      socket.close();
    }, connectTimeoutMs);
    socket.addEventListener("open", () => {
      socket.send(JSON.stringify(hello));
    });
    socket.addEventListener("message", ({ data }) => {
      if (this.#socket === socket) this.#receive(String(data));
    });
    // Told again by `close`, which follows; without a listener, `ws` would throw.
    socket.addEventListener("error", () => undefined);
    socket.addEventListener("close", ({ code, reason }) => {
      this.#lost(socket, code, reason);
    });
  }

  #receive(data: string): void {
    // The server's messages are JSON objects with a type; PROTOCOL.md.
    const message = JSON.parse(data) as { type: string };
    if (message.type === "welcome" && !this.#isOpen) {
      clearTimeout(this.#timer);
      this.#isOpen = true;
      this.#failures = 0;
      this.#options.onOpen();
    }
    this.#options.onMessage(message);
  }

  #lost(socket: WebSocketLike, code: number, reason: string): void {
    if (this.#socket !== socket || this.#isEnded) return;
    this.#isOpen = false;
    this.#socket = undefined;
    clearTimeout(this.#timer);
    if (FATAL.has(code)) {
      this.#end(new ClosedError(code, reason));
      return;
    }
    this.#timer = setTimeout(() => void this.#connect(), backoff(this.#failures++, this.#options));
  }

  #end(error: ClosedError): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#isOpen = false;
    clearTimeout(this.#timer);
    this.#options.onEnd(error);
  }
}

/** Base64url, because a subprotocol may hold none of the characters that separate words. */
function protocols(token: string | undefined): string[] {
  if (token === undefined) return [SUBPROTOCOL];
  const bytes = new TextEncoder().encode(token);
  const encoded = btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
  return [SUBPROTOCOL, TOKEN_PREFIX + encoded];
}
