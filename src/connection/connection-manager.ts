import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { CloseCode } from "../protocol/close-codes.js";
import type { ServerMessage } from "../protocol/messages.js";
import { Connection } from "./connection.js";
import type { Socket } from "./socket.js";

/** Time between two pings of a connection, in milliseconds. */
const HEARTBEAT_MS = 20_000;
/** Pings in a row that may go unanswered before a connection is dropped. */
const UNANSWERED_PINGS = 2;
/** How long a client gets to answer a close before its socket is dropped, in milliseconds. */
const CLOSE_GRACE_MS = 1_000;

export interface ConnectionManagerOptions {
  /** Called with each frame that a client sends. */
  onFrame: (text: string, connection: Connection) => void;
  log: Logger;
  /** @defaultValue 20 seconds, in milliseconds */
  heartbeatMs?: number;
}

/** Knows every client that is connected. */
export class ConnectionManager {
  readonly #options: ConnectionManagerOptions;
  readonly #connections = new Map<string, Connection>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor(options: ConnectionManagerOptions) {
    this.#options = options;
    this.#heartbeat = setInterval(() => {
      for (const connection of this.#connections.values()) connection.heartbeat(UNANSWERED_PINGS);
    }, options.heartbeatMs ?? HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** How many clients are connected. */
  get size(): number {
    return this.#connections.size;
  }

  connect(socket: Socket): Connection {
    const connection = new Connection(randomUUID(), socket, this.#options.log);
    this.#connections.set(connection.id, connection);
    connection.closed.addEventListener("abort", () => this.#connections.delete(connection.id), {
      once: true,
    });
    connection.onFrame((text) => {
      this.#options.onFrame(text, connection);
    });
    connection.log.info({ connections: this.size }, "connected");
    return connection;
  }

  /** Closes one connection. @returns whether it was there */
  disconnect(connectionId: string, reason: CloseCode): boolean {
    const connection = this.#connections.get(connectionId);
    connection?.close(reason);
    return connection !== undefined;
  }

  /** Sends a message to one client. @returns whether it was there */
  sendTo(connectionId: string, message: ServerMessage): boolean {
    const connection = this.#connections.get(connectionId);
    connection?.send(message);
    return connection !== undefined;
  }

  /** Sends a message to every client. A client that cannot take it does not keep it from the others. */
  broadcast(message: ServerMessage): void {
    for (const connection of this.#connections.values()) {
      try {
        connection.send(message);
      } catch (error) {
        connection.log.warn({ err: error }, "a message could not be sent");
      }
    }
  }

  /** Closes every connection and resolves when all are gone; who does not answer in time is dropped. */
  async closeAll(reason: CloseCode): Promise<void> {
    clearInterval(this.#heartbeat);
    const connections = [...this.#connections.values()];
    const gone = Promise.all(connections.map(({ closed }) => once(closed, "abort")));
    for (const connection of connections) connection.close(reason);
    const timer = new AbortController();
    await Promise.race([gone, delay(CLOSE_GRACE_MS, undefined, { signal: timer.signal })]);
    timer.abort();
    for (const connection of connections) if (!connection.closed.aborted) connection.terminate();
  }
}
