import { setMaxListeners } from "node:events";
import type { Logger } from "pino";
import { CommandSocket } from "../command-socket.js";
import type {
  DevToolsEvent,
  DevToolsEventParams,
  DevToolsMethod,
  DevToolsParams,
  DevToolsResult,
} from "../devtools-protocol.js";
import type { BrowserLostError } from "../launched-browser.js";
import { WireTrace } from "../wire-trace.js";

/** The browser answered a DevTools command with an error, or the command's target is gone. */
export class CdpError extends Error {
  override readonly name = "CdpError";
}

interface Message {
  id?: number;
  sessionId?: string;
  method?: string;
  params?: object;
  result?: object;
  error?: { message: string; data?: string };
}

/** A command under way. */
interface Pending {
  method: string;
  resolve: (result: never) => void;
  reject: (error: Error) => void;
}

type Listener = (params: never) => void;

/** One target's part of a connection: commands to it and events from it. */
export class CdpSession {
  /** None for the browser itself. */
  readonly id: string | undefined;
  readonly #socket: CommandSocket<Message>;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #ended = new AbortController();

  constructor(id: string | undefined, socket: CommandSocket<Message>) {
    this.id = id;
    this.#socket = socket;
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
  send<M extends DevToolsMethod>(
    method: M,
    params: DevToolsParams<M>,
    signal: AbortSignal,
  ): Promise<DevToolsResult<M>> {
    return new Promise((resolve, reject) => {
      if (this.ended.aborted || signal.aborted) {
        reject((this.ended.aborted ? this.ended.reason : signal.reason) as Error);
        return;
      }
      const id = this.#socket.send(method, params, this.id);
      const abort = () => {
        this.#pending.delete(id);
        reject(signal.reason as Error);
      };
      const settle = (act: () => void) => {
        signal.removeEventListener("abort", abort);
        act();
      };
      signal.addEventListener("abort", abort, { once: true });
      this.#pending.set(id, {
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

  on<E extends DevToolsEvent>(event: E, listener: (params: DevToolsEventParams<E>) => void): void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
  }

  /** Takes what the browser has sent to this session. */
  receive({ id, method, params, result, error }: Message): void {
    if (id === undefined) {
      // The protocol fixes the parameters of each event.
      for (const listener of this.#listeners.get(method ?? "") ?? []) listener(params as never);
      return;
    }
    const command = this.#pending.get(id);
    // A command that nobody waits for any more is not there.
    if (command === undefined) return;
    this.#pending.delete(id);
    // The protocol fixes the result of each method.
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
    const commands = [...this.#pending.values()];
    this.#pending.clear();
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
  readonly #socket: CommandSocket<Message>;
  readonly #sessions = new Map<string, CdpSession>();

  private constructor(url: string, log: Logger) {
    const owner = {
      receive: (message: Message) => {
        this.#receive(message);
      },
      lose: (reason: BrowserLostError) => {
        this.#lose(reason);
      },
    };
    this.#socket = new CommandSocket(url, owner, WireTrace.to(log, "devtools"));
    this.root = new CdpSession(undefined, this.#socket);
  }

  /** @throws Error when there is nothing at the address, or the signal's reason */
  static async open(url: string, log: Logger, signal: AbortSignal): Promise<CdpConnection> {
    const connection = new CdpConnection(url, log);
    await connection.#socket.opened(signal);
    return connection;
  }

  /** Aborted with a {@link BrowserLostError} once nothing can be sent any more. */
  get lost(): AbortSignal {
    return this.root.ended;
  }

  /** A target's session, from the event that announces it on. */
  session(sessionId: string): CdpSession {
    const known = this.#sessions.get(sessionId);
    if (known) return known;
    const session = new CdpSession(sessionId, this.#socket);
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
    this.#socket.close(why);
  }

  #receive(message: Message): void {
    const session = message.sessionId === undefined ? this.root : this.#sessions.get(message.sessionId);
    session?.receive(message);
  }

  #lose(reason: BrowserLostError): void {
    this.root.end(reason);
    for (const session of this.#sessions.values()) session.end(reason);
    this.#sessions.clear();
  }
}
