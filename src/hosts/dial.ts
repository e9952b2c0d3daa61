import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { abortable } from "../async/abortable.js";
import { atMost } from "../async/at-most.js";
import { authorityOf, isThisMachine } from "./addresses.js";
import { matchesHost, plainHost } from "./allowed-hosts.js";
import { LookupError, type NameLookup } from "./name-lookup.js";
import type { HostPolicy } from "./policy.js";
import type { Destination } from "./socks.js";

/** Longest time to connect to one host, all its addresses included, in milliseconds. */
const CONNECT_TIMEOUT_MS = 60_000;
/** Time that one of several addresses gets before the next is tried as well, in milliseconds. */
const NEXT_ADDRESS_MS = 250;

/** The proxy of the network that this machine is in, through which the rest of the world is reached. */
export interface UpstreamProxy {
  /** `http:` or `socks5:`, with a name and password where it asks for them. */
  url: string;
  /** Hosts that are reached without it, `*.` in front for any subdomain. */
  bypass: readonly string[];
}

export interface DialOptions {
  policy: HostPolicy;
  lookup: NameLookup;
  upstream: UpstreamProxy | undefined;
}

/** A browser asked for a host that it may not reach. The message says why. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
}

/**
 * Connects to a host if that is allowed. Its name is looked up once, and the connection goes to an address that was
 * checked, so that a name which changes its address in between gains nothing.
 *
 * @param signal ends the attempt
 * @throws RefusedError for a host that the policy refuses; LookupError; an Error of Node's with its `code`
 */
export async function dial(
  destination: Destination,
  { policy, lookup, upstream }: DialOptions,
  signal: AbortSignal,
): Promise<Socket> {
  const host = plainHost(destination.host);
  const { port } = destination;
  refuse(policy.refusalOfHost(host));
  const isDirect = upstream === undefined || upstream.bypass.some((pattern) => matchesHost(host, pattern));
  let addresses: string[] = [];
  try {
    addresses = await lookup(host);
  } catch (error) {
    // The upstream proxy may know names that nobody does here.
    if (isDirect || !(error instanceof LookupError)) throw error;
  }
  signal.throwIfAborted();
  // One bad address among good ones is a trick: https://unit42.paloaltonetworks.com/dns-rebinding/
  for (const address of addresses) refuse(policy.refusalOfAddress(address, port), host, address);
  const isHere = addresses.length > 0 && addresses.every(isThisMachine);
  if (isDirect || isHere) return await connectDirectly({ addresses, host, port }, signal);
  return await connectThrough(upstream.url, { host, port }, signal);
}

function refuse(reason: string | undefined, host?: string, address?: string): void {
  if (reason === undefined) return;
  throw new RefusedError(host === address ? reason : `${reason} (${host ?? ""} stands for it)`);
}

async function connectDirectly(
  { addresses, host, port }: Destination & { addresses: string[] },
  signal: AbortSignal,
): Promise<Socket> {
  const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  const socket = connect({
    host,
    port,
    noDelay: true,
    // A side that has ended may still be answered by the other.
    allowHalfOpen: true,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    lookup: (_host, _options, answer) => {
      answer(null, found);
    },
  });
  return await connected(socket, signal);
}

async function connected(socket: Socket, signal: AbortSignal): Promise<Socket> {
  try {
    const connecting = abortable(once(socket, "connect"), signal);
    if ((await atMost(CONNECT_TIMEOUT_MS, connecting)) === undefined) throw timedOut();
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function timedOut(): Error {
  return Object.assign(new Error("the connection timed out"), { code: "ETIMEDOUT" });
}

async function connectThrough(
  url: string,
  { host, port }: Destination,
  signal: AbortSignal,
): Promise<Socket> {
  const { protocol, hostname, port: proxyPort, username, password } = new URL(url);
  const login = { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  const proxy = { host: plainHost(hostname), port: Number(proxyPort) };
  if (protocol === "http:")
    return await tunnel({ ...proxy, port: proxy.port || 80, ...login }, { host, port }, signal);
  // Few networks have such a proxy, and every start would wait for the package.
  const { SocksClient } = await import("socks");
  const { socket } = await SocksClient.createConnection({
    command: "connect",
    proxy: {
      host: proxy.host,
      port: proxy.port || 1080,
      type: 5,
      ...(username !== "" && { userId: login.user, password: login.password }),
    },
    destination: { host, port },
    timeout: CONNECT_TIMEOUT_MS,
    set_tcp_nodelay: true,
  });
  // The package cannot be told to stop: the client may have gone meanwhile.
  if (signal.aborted) socket.destroy();
  signal.throwIfAborted();
  return socket;
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6 */
function tunnel(
  proxy: Destination & { user: string; password: string },
  { host, port }: Destination,
  signal: AbortSignal,
): Promise<Socket> {
  const target = authorityOf(host, port);
  const login = Buffer.from(`${proxy.user}:${proxy.password}`).toString("base64");
  return new Promise((resolve, reject) => {
    const asking = request({
      host: proxy.host,
      port: proxy.port,
      method: "CONNECT",
      path: target,
      headers: { host: target, ...(proxy.user !== "" && { "proxy-authorization": `Basic ${login}` }) },
      agent: false,
      signal,
      timeout: CONNECT_TIMEOUT_MS,
    });
    asking.once("timeout", () => asking.destroy(timedOut()));
    asking.once("error", reject);
    asking.once("connect", ({ statusCode = 0 }, socket: Socket, head) => {
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy();
        reject(new Error(`BROWSER_PROXY answered ${statusCode}`));
        return;
      }
      socket.setTimeout(0);
      socket.unshift(head);
      resolve(socket);
    });
    asking.end();
  });
}
