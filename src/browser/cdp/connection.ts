import { setMaxListeners } from "node:events";
import { WebSocket } from "ws";
import { abortable } from "../../async/abortable.js";
import type { CdpEvents } from "./protocol.js";
import { BrowserLostError } from "../launched-browser.js";

/** A page source or a picture comes in one message; so large a one is a fault, in bytes. */
const MAX_MESSAGE_BYTES = 512 * 1024 * 1024;

/** The browser answered a DevTools command with an error, or what it was sent to is gone. */
export class CdpError extends Error {
  override readonly name = "CdpError";
}

interface Message {
  id?: number;
  sessionId?: string;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string; data?: string };
}

interface Command {
  method: string;
  resolve: (result: never) => void;
  reject: (error: Error) => void;
}

type Listener = (params: never) => void;

/** One target's part of a connection: commands to it and events from it. */
export class CdpSession {
  /** None for the browser itself. */
  readonly id: string | undefined;
  readonly #transmit: (method: string, params: object) => number;
  readonly #commands = new Map<number, Command>();
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #ended = new AbortController();

  /** @param transmit sends a command to the target and returns its number */
  constructor(id: string | undefined, transmit: (method: string, params: object) => number) {
    this.id = id;
    this.#transmit = transmit;
    // Everything that waits for something in the browser listens.
    setMaxListeners(0, this.ended);
  }

  /** Aborted, with an error that says why, once nothing can be sent any more. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /**
   * Sends a command and answers with its result. Commands are carried out in the order in which they are sent.
   *
   * @throws CdpError when the browser refuses or the target has gone, BrowserLostError when the browser has, the
   * signal's reason when that is aborted first.
   */
  send<Result>(method: string, params: object, signal: AbortSignal): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.ended.aborted || signal.aborted) {
        reject((this.ended.aborted ? this.ended.reason : signal.reason) as Error);
        return;
      }
      const id = this.#transmit(method, params);
      const abort = () => {
        this.#commands.delete(id);
        reject(signal.reason as Error);
      };
      const settle = (act: () => void) => {
        signal.removeEventListener("abort", abort);
        act();
      };
      signal.addEventListener("abort", abort, { once: true });
      this.#commands.set(id, {
        method,
        resolve: (result) => {
          settle(() => resolve(result));
        },
        reject: (error) => {
          settle(() => reject(error));
        },
      });
    });
  }

  on<E extends keyof CdpEvents>(event: E, listener: (params: CdpEvents[E]) => void): void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
  }

  /** Takes what the browser has sent to this session. */
  receive({ id, method, params, result, error }: Message): void {
    if (id === undefined) {
      // The protocol fixes the parameters of each event; CdpEvents has them.
      for (const listener of this.#listeners.get(method ?? "") ?? []) listener(params as never);
      return;
    }
    const command = this.#commands.get(id);
    // A command that nobody waits for any more is not there.
    if (command === undefined) return;
    this.#commands.delete(id);
    // The protocol fixes the result of each method; callers name it.
    if (error === undefined) command.resolve(result as never);
    else command.reject(new CdpError(`${command.method}: ${error.message}`));
  }

  /** Rejects every command, those under way and those to come. */
  end(reason: Error): void {
    if (this.ended.aborted) return;
    this.#ended.abort(reason);
    this.rejectCommands(reason);
  }

  /** Rejects the commands under way; the target answers those to come. */
  rejectCommands(reason: Error): void {
    const commands = [...this.#commands.values()];
    this.#commands.clear();
    for (const { reject } of commands) reject(reason);
  }
}

/**
 * One WebSocket to a browser's DevTools endpoint, with a session for each target:
 * https://chromedevtools.github.io/devtools-protocol/
 */
export class CdpConnection {
  /** The browser itself. */
  readonly root: CdpSession;
  readonly #socket: WebSocket;
  readonly #sessions = new Map<string, CdpSession>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.root = new CdpSession(undefined, (method, params) => this.#transmit({ method, params }));
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
  static async open(url: string, signal: AbortSignal): Promise<CdpConnection> {
    const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES });
    const opened = new Promise<CdpConnection>((resolve, reject) => {
      socket.once("error", reject);
      socket.once("open", () => {
        resolve(new CdpConnection(socket));
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
    return this.root.ended;
  }

  /** A target's session, from the event that announces it on. */
  session(sessionId: string): CdpSession {
    const known = this.#sessions.get(sessionId);
    if (known) return known;
    const session = new CdpSession(sessionId, (method, params) =>
      this.#transmit({ sessionId, method, params }),
    );
    this.#sessions.set(sessionId, session);
    return session;
  }

  /** Forgets a session whose target has gone. */
  endSession(session: CdpSession, reason: Error): void {
    if (session.id !== undefined) this.#sessions.delete(session.id);
    session.end(reason);
  }

  /** Closes the socket from this side; commands under way are rejected, with the reason. */
  close(why = "it was closed"): void {
    this.#lose(why);
    // Its own closing could take as long as a hanging browser likes.
    this.#socket.terminate();
  }

  #transmit(message: { sessionId?: string; method: string; params: object }): number {
    const id = ++this.#lastId;
    this.#socket.send(JSON.stringify({ id, ...message }), (error) => {
      if (error) this.#lose(error.message);
    });
    return id;
  }

  #receive(data: Buffer): void {
    const text = data.toString();
    let message: Message;
    try {
      // What a browser sends is its protocol; a message that is none of it finds no listener.
      message = JSON.parse(text) as Message;
    } catch {
      this.#lose("it sent something that is not JSON");
      return;
    }
    const session = message.sessionId === undefined ? this.root : this.#sessions.get(message.sessionId);
    session?.receive(message);
  }

  #lose(why: string): void {
    if (this.lost.aborted) return;
    const reason = new BrowserLostError(`The browser is gone: ${why}.`);
    this.root.end(reason);
    for (const session of this.#sessions.values()) session.end(reason);
    this.#sessions.clear();
  }
}
