import { CloseCode } from "../protocol/close-codes.js";
import { backoff, type BackoffOptions } from "./backoff.js";
import { ClosedError } from "./errors.js";

/** The part of a browser's WebSocket that is used; Node 22 has it too, and the package `ws` before that. */
export interface WebSocketLike {
  readonly readyState: number;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: "open", listener: () => void): void;
  addEventListener(type: "error", listener: (event: { message?: string }) => void): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
  addEventListener(type: "close", listener: (event: { code: number; reason: string }) => void): void;
}

export type WebSocketClass = new (url: string, protocols: string[]) => WebSocketLike;

/** `reconnecting`: it was connected, and will be again unless it is closed. */
export type ConnectionState = "connecting" | "connected" | "reconnecting" | "closed";

export interface LinkOptions extends BackoffOptions {
  url: string;
  /** An API token or JWT, or what gives one for each new connection. */
  token?: string | (() => string | Promise<string>) | undefined;
  WebSocket: WebSocketClass;
  /** Longest time to connect and be welcomed, in milliseconds. */
  connectTimeoutMs: number;
  /** Sent first on each new connection; the answer to it opens the link. */
  hello: object;
  onState: (state: ConnectionState) => void;
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

/** An attempt to connect, and the connection that it became. */
interface Attempt {
  socket?: WebSocketLike;
}

/** One WebSocket after another: connects, says hello, and connects again until it is closed for good. */
export class Link {
  readonly #options: LinkOptions;
  #attempt: Attempt = {};
  #isOpen = false;
  #isEnded = false;
  #failures = 0;
  /** The reason why the last attempt failed. */
  #failure = "the server did not answer in time";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    void this.#connect();
  }

  /** @returns whether it was sent: there is an open connection */
  send(message: object): boolean {
    if (!this.#isOpen) return false;
    this.#attempt.socket?.send(JSON.stringify(message));
    return true;
  }

  close(): void {
    this.#end(new ClosedError(NORMAL_CLOSURE, "closed by this side"));
  }

  /** Closes the link unless it is open, with the reason why the last attempt failed. */
  giveUp(): void {
    if (!this.#isOpen) this.#end(new ClosedError(NO_STATUS, this.#failure));
  }

  async #connect(): Promise<void> {
    const { url, token, WebSocket, connectTimeoutMs, hello } = this.#options;
    const attempt: Attempt = {};
    this.#attempt = attempt;
    // A token that does not come, an unanswered attempt and an unanswered hello count as a lost connection.
    this.#timer = setTimeout(() => {
      this.#lost(attempt, NO_STATUS, "the server did not answer in time");
    }, connectTimeoutMs);
    let value: string | undefined;
    try {
      value = typeof token === "function" ? await token() : token;
    } catch (error) {
      this.#lost(attempt, NO_STATUS, `the token could not be had: ${messageOf(error)}`);
      return;
    }
    if (this.#attempt !== attempt || this.#isEnded) return;
    let socket: WebSocketLike;
    try {
      socket = new WebSocket(url, protocols(value));
    } catch (error) {
      // A URL that is none is the caller's to put right.
      this.#end(new ClosedError(NO_STATUS, messageOf(error)));
      return;
    }
    attempt.socket = socket;
    socket.addEventListener("open", () => {
      socket.send(JSON.stringify(hello));
    });
    socket.addEventListener("message", ({ data }) => {
      if (this.#attempt === attempt) this.#receive(attempt, String(data));
    });
    // `close` follows; browsers tell no reason in either.
    let refusal = "";
    socket.addEventListener("error", ({ message = "" }) => {
      refusal = message;
    });
    socket.addEventListener("close", ({ code, reason }) => {
      this.#lost(attempt, code, reason || refusal || "the server cannot be reached");
    });
  }

  #receive(attempt: Attempt, data: string): void {
    const message = parse(data);
    if (message === undefined) {
      const reason = "the server there is no Stepwire server";
      if (this.#isOpen) this.#lost(attempt, NO_STATUS, reason);
      else this.#end(new ClosedError(NO_STATUS, reason));
      return;
    }
    if (message.type === "welcome" && !this.#isOpen) {
      clearTimeout(this.#timer);
      this.#isOpen = true;
      this.#failures = 0;
      this.#options.onState("connected");
      this.#options.onOpen();
    }
    this.#options.onMessage(message);
  }

  #lost(attempt: Attempt, code: number, reason: string): void {
    if (this.#attempt !== attempt || this.#isEnded) return;
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    this.#attempt = {};
    this.#failure = reason;
    clearTimeout(this.#timer);
    if (FATAL.has(code) || REFUSED.test(reason)) {
      this.#end(new ClosedError(code, REFUSED.test(reason) ? refusalOf(reason) : reason));
      return;
    }
    attempt.socket?.close();
    if (wasOpen) this.#options.onState("reconnecting");
    this.#timer = setTimeout(() => void this.#connect(), backoff(this.#failures++, this.#options));
  }

  #end(error: ClosedError): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#isOpen = false;
    clearTimeout(this.#timer);
    this.#attempt.socket?.close(NORMAL_CLOSURE);
    this.#options.onState("closed");
    this.#options.onEnd(error);
  }
}

/** The words of the package `ws` for a status that is no upgrade. Trying again changes nothing but for 408, 425 and 429. */
const REFUSED = /^Unexpected server response: ([23]\d\d|4(?!08|25|29)\d\d)$/;

function refusalOf(reason: string): string {
  const status = REFUSED.exec(reason)?.[1];
  if (status === "403")
    return "the server refuses the pages of this origin; its ALLOWED_ORIGINS lets them in (403)";
  return `there is no Stepwire server at this address, or a proxy does not let WebSockets through (${status ?? ""})`;
}

/** A message of the server, which is a JSON object with a type (PROTOCOL.md); undefined for anything else. */
function parse(data: string): { type: string } | undefined {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value !== "object" || value === null || !("type" in value)) return undefined;
    return typeof value.type === "string" ? (value as { type: string }) : undefined;
  } catch {
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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
