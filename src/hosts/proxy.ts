import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { plainHost } from "./allowed-hosts.js";
import { dial, RefusedError, type DialOptions } from "./dial.js";
import { LookupError } from "./name-lookup.js";
import { TlsHopError, type TlsHop } from "./tls-hop.js";
import { answerSocks, readSocksRequest, SocksError, SocksReply, type Destination } from "./socks.js";

/** Longest time in which a client that has connected names its destination, in milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Failed connections that are remembered, so that it can be said why a page did not open. */
const MOST_FAILURES = 500;

/** Words of Chromium and Firefox that only tell that this proxy made no connection. */
const PROXY_ERRORS =
  /(\bnet::)?\b(?:ERR_SOCKS_CONNECTION_(?:FAILED|HOST_UNREACHABLE)|proxyConnectFailure|unknownProxyHost)\b/;

/** Node's error codes, with the words of a browser without a proxy and the answer that it gets here. */
const CONNECTION_ERRORS: Record<string, { text: string; reply: SocksReply }> = {
  ECONNREFUSED: { text: "ERR_CONNECTION_REFUSED", reply: SocksReply.ConnectionRefused },
  ECONNRESET: { text: "ERR_CONNECTION_RESET", reply: SocksReply.GeneralFailure },
  ETIMEDOUT: { text: "ERR_CONNECTION_TIMED_OUT", reply: SocksReply.HostUnreachable },
  EHOSTUNREACH: { text: "ERR_ADDRESS_UNREACHABLE", reply: SocksReply.HostUnreachable },
  ENETUNREACH: { text: "ERR_ADDRESS_UNREACHABLE", reply: SocksReply.NetworkUnreachable },
  EADDRNOTAVAIL: { text: "ERR_ADDRESS_INVALID", reply: SocksReply.HostUnreachable },
};

/** Says why a connection failed where the browser only knows that its proxy made none; see {@link PolicyProxy.explain}. */
export type Explain = (text: string, url: string) => string;

export interface PolicyProxyOptions extends DialOptions {
  /** Port of 127.0.0.1 to listen on; 0 for any. */
  port: number;
  /**
   * The hop at which TLS ends and begins anew, for hosts that it serves.
   * @defaultValue all bytes are handed on as they are
   */
  tlsHop?: TlsHop | undefined;
  /** Called for a connection that was refused, with the reason; not again for the same host as long as it is known. */
  onRefused?: (destination: Destination, reason: string) => void;
}

/**
 * The proxy that every browser of this machine sends everything through, pages of this machine included. It makes
 * only connections that the policy allows, to addresses that it has looked up itself, and hands bytes on as they are:
 * SOCKS knows nothing of HTTP, so applications see the requests that they would see without it. Only where a client
 * certificate is to be shown does TLS end here.
 */
export class PolicyProxy {
  readonly #server: Server;
  readonly #options: PolicyProxyOptions;
  readonly #sockets = new Set<Socket>();
  /** The last failure for each host and port, the oldest first. */
  readonly #failures = new Map<string, string>();

  private constructor(options: PolicyProxyOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
      void this.#serve(socket);
    });
  }

  /** @throws Error when the port is taken */
  static async open(options: PolicyProxyOptions): Promise<PolicyProxy> {
    const proxy = new PolicyProxy(options);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once("error", reject);
      proxy.#server.listen({ host: "127.0.0.1", port: options.port, exclusive: true }, resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port; // It listens on a port.
  }

  /**
   * A browser's words for a failure, with the reason instead of "the proxy failed".
   *
   * @param text such as `net::ERR_SOCKS_CONNECTION_FAILED`; any other stays as it is
   * @param url what the browser could not load
   */
  explain(text: string, url: string): string {
    if (!PROXY_ERRORS.test(text) || !URL.canParse(url)) return text;
    const reason = this.#failures.get(keyOf(destinationOf(url)));
    if (reason === undefined) return text;
    return text.replace(PROXY_ERRORS, (_text, prefix = "") =>
      reason.startsWith("ERR_") ? `${String(prefix)}${reason}` : reason,
    );
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #serve(client: Socket): Promise<void> {
    this.#keep(client);
    const gone = new AbortController();
    client.once("close", () => {
      gone.abort(new Error("the browser has gone"));
    });
    const timer = setTimeout(() => client.destroy(), REQUEST_TIMEOUT_MS);
    try {
      const destination = await readSocksRequest(client);
      clearTimeout(timer);
      const server = await this.#dial(destination, client, gone.signal);
      if (server === undefined) return;
      answerSocks(client, SocksReply.Succeeded);
      const { tlsHop } = this.#options;
      relay(tlsHop?.serves(destination) ? this.#keep(tlsHop.accept(client)) : client, server);
    } catch (error) {
      clearTimeout(timer);
      if (error instanceof SocksError && error.reply !== undefined) answerSocks(client, error.reply);
      client.end();
      client.destroySoon();
    }
  }

  /** @returns the connection; undefined when there is none, which the client knows by then */
  async #dial(destination: Destination, client: Socket, signal: AbortSignal): Promise<Socket | undefined> {
    try {
      const { tlsHop } = this.#options;
      let server = this.#keep(await dial(destination, this.#options, signal));
      if (tlsHop?.serves(destination)) server = this.#keep(await tlsHop.begin(destination, server, signal));
      if (!signal.aborted) return server;
      server.destroy();
    } catch (error) {
      if (signal.aborted) return undefined;
      const { text, reply } = judge(error);
      const isNew = this.#remember(destination, text);
      if (error instanceof RefusedError && isNew) this.#options.onRefused?.(destination, text);
      answerSocks(client, reply);
      client.end();
    }
    return undefined;
  }

  /** @returns whether it is another failure than the last one there */
  #remember(destination: Destination, text: string): boolean {
    const key = keyOf(destination);
    const isNew = this.#failures.get(key) !== text;
    this.#failures.delete(key);
    this.#failures.set(key, text);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MOST_FAILURES && oldest !== undefined) this.#failures.delete(oldest);
    return isNew;
  }

  #keep<S extends Socket>(socket: S): S {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    // It is followed by "close", and no request of a page may end the server.
    socket.on("error", () => undefined);
    return socket;
  }
}

/** The reason for which a connection was not made, and the answer that the browser gets. */
function judge(error: unknown): { text: string; reply: SocksReply } {
  if (error instanceof RefusedError) return { text: error.message, reply: SocksReply.NotAllowed };
  if (error instanceof TlsHopError) return { text: error.message, reply: SocksReply.GeneralFailure };
  if (error instanceof LookupError)
    return { text: "ERR_NAME_NOT_RESOLVED", reply: SocksReply.HostUnreachable };
  const { code, message } = error as NodeJS.ErrnoException;
  const known = CONNECTION_ERRORS[code ?? lastCode(error)];
  return known ?? { text: `ERR_CONNECTION_FAILED (${message})`, reply: SocksReply.GeneralFailure };
}

/** Hands bytes on in both directions until both sides have ended, or one breaks, which the other gets to feel. */
function relay(client: Socket, server: Socket): void {
  client.pipe(server);
  server.pipe(client);
  for (const [socket, other] of [
    [client, server],
    [server, client],
  ] as const) {
    socket.once("error", () => other.resetAndDestroy());
    socket.once("close", () => other.destroy());
  }
}

/** The code of the last error: after trying several addresses, Node hides their errors in one around them. */
function lastCode(error: unknown): string {
  const errors = error instanceof AggregateError ? (error.errors as NodeJS.ErrnoException[]) : [];
  return errors.at(-1)?.code ?? "";
}

function destinationOf(url: string): Destination {
  const { hostname, port, protocol } = new URL(url);
  const usual = protocol === "https:" || protocol === "wss:" ? 443 : 80;
  return { host: hostname, port: port === "" ? usual : Number(port) };
}

function keyOf({ host, port }: Destination): string {
  return `${plainHost(host)}:${port}`;
}
