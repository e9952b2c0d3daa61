import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Logger } from "pino";
import { atMost } from "../async/at-most.js";
import type { Identity } from "../auth/ports.js";
import { networkOf } from "../hosts/addresses.js";
import { CloseCode } from "../protocol/close-codes.js";
import type { ServerMessage } from "../protocol/messages.js";
import type { ScreenshotMode } from "../protocol/session-messages.js";
import { Connection } from "./connection.js";
import type { Socket } from "./socket.js";

/** Time between two pings of a connection, in milliseconds. */
const HEARTBEAT_MS = 20_000;
/** Pings in a row that may go unanswered before a connection is dropped. */
const UNANSWERED_PINGS = 2;
/** Longest time for a client to answer a close before its socket is dropped, in milliseconds. */
const CLOSE_GRACE_MS = 1_000;

/** Most bytes of run events that may wait for a client that reads slowly. */
const SEND_BUFFER_BYTES = 8 * 1024 * 1024;

export interface ConnectionManagerOptions {
  /** Called with each frame that a client sends. */
  onFrame: (text: string, connection: Connection) => void;
  log: Logger;
  /**
   * The form of pictures unless a client says otherwise.
   * @defaultValue inline
   */
  screenshots?: ScreenshotMode;
  /** @defaultValue 8 MiB */
  sendBufferBytes?: number;
  /**
   * Most clients that may be connected, in all and from one address.
   * @defaultValue no limit
   */
  maxConnections?: number | undefined;
  maxPerAddress?: number | undefined;
  /** @defaultValue 20 seconds, in milliseconds */
  heartbeatMs?: number;
}

/** One of the connections that there may be. */
export interface Place {
  address: string;
  /** Gives it back; may be called more than once. */
  leave: () => void;
}

/** Knows every client that is connected. */
export class ConnectionManager {
  readonly #options: ConnectionManagerOptions;
  readonly #connections = new Map<string, Connection>();
  /** Clients that are connected or about to be, in all and from each address or network of addresses. */
  #places = 0;
  readonly #addresses = new Map<string, number>();
  readonly #heartbeat: NodeJS.Timeout;
  #isDraining = false;

  constructor(options: ConnectionManagerOptions) {
    this.#options = options;
    this.#heartbeat = setInterval(() => {
      for (const connection of this.#connections.values()) connection.heartbeat(UNANSWERED_PINGS);
    }, options.heartbeatMs ?? HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** Number of clients that are connected. */
  get size(): number {
    return this.#connections.size;
  }

  /**
   * Counts somebody who is about to connect and has not been asked yet who it is, until `leave` is called.
   *
   * @returns why it may not, when there are too many
   */
  enter(address: string): Place | CloseCode {
    const { maxConnections = Infinity, maxPerAddress = Infinity } = this.#options;
    const network = networkOf(address);
    const fromHere = this.#addresses.get(network) ?? 0;
    if (this.#isDraining) return CloseCode.Draining;
    if (this.#places >= maxConnections) return CloseCode.ServerFull;
    if (fromHere >= maxPerAddress) return CloseCode.AddressFull;
    this.#places++;
    this.#addresses.set(network, fromHere + 1);
    let isTaken = true;
    const leave = () => {
      if (!isTaken) return;
      isTaken = false;
      this.#places--;
      const left = (this.#addresses.get(network) ?? 0) - 1;
      if (left > 0) this.#addresses.set(network, left);
      else this.#addresses.delete(network);
    };
    return { address, leave };
  }

  /**
   * Takes a client in.
   *
   * @param asked the form of pictures that its URL asks for
   */
  connect(socket: Socket, { address, leave }: Place, identity: Identity, asked?: ScreenshotMode): Connection {
    const {
      log,
      screenshots: usual = "inline",
      sendBufferBytes = SEND_BUFFER_BYTES,
      onFrame,
    } = this.#options;
    const id = randomUUID();
    const screenshots = asked ?? usual;
    const connection = new Connection({ id, socket, address, identity, screenshots, sendBufferBytes, log });
    this.#connections.set(id, connection);
    const forget = () => {
      this.#connections.delete(id);
      leave();
    };
    connection.closed.addEventListener("abort", forget, { once: true });
    connection.onFrame((text) => {
      onFrame(text, connection);
    });
    const { principal, name } = identity;
    connection.log.info({ address, principal, name, connections: this.size }, "connected");
    return connection;
  }

  /** Tells a client why it may not connect, and drops it when it does not go. */
  refuse(socket: Socket, address: string, reason: CloseCode): void {
    this.#options.log.info({ address, code: reason.code, reason: reason.reason }, "connection refused");
    const timer = setTimeout(() => {
      socket.terminate();
    }, CLOSE_GRACE_MS);
    socket.onClose(() => clearTimeout(timer));
    socket.close(reason);
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

  /** Takes nobody in any more, and sends those away whom nothing keeps here. */
  drain(isKept: (connection: Connection) => boolean): void {
    this.#isDraining = true;
    for (const connection of this.#connections.values()) {
      if (!isKept(connection)) connection.close(CloseCode.Draining);
    }
  }

  /** Closes every connection and resolves when all are gone; who does not answer in time is dropped. */
  async closeAll(reason: CloseCode): Promise<void> {
    clearInterval(this.#heartbeat);
    const connections = [...this.#connections.values()];
    const gone = Promise.all(connections.map(({ closed }) => once(closed, "abort")));
    for (const connection of connections) connection.close(reason);
    await atMost(CLOSE_GRACE_MS, gone);
    for (const connection of connections) if (!connection.closed.aborted) connection.terminate();
  }
}
