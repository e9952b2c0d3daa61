import type { Socket } from "node:net";
import ipaddr from "ipaddr.js";

/** Version 5 of the protocol, without a login, as browsers speak it: https://www.rfc-editor.org/rfc/rfc1928 */
const VERSION = 5;
const NO_LOGIN = 0;
const NO_ACCEPTABLE_METHOD = 0xff;
const CONNECT = 1;
const IPV4 = 1;
const NAME = 3;
const IPV6 = 4;

/** The longest request: four bytes, a name of 255 with its length, a port. */
const MOST_BYTES = 4 + 1 + 255 + 2;

/** The answers of a proxy to a request, by section 6 of the RFC. */
export const SocksReply = {
  Succeeded: 0,
  GeneralFailure: 1,
  NotAllowed: 2,
  NetworkUnreachable: 3,
  HostUnreachable: 4,
  ConnectionRefused: 5,
  CommandNotSupported: 7,
  AddressTypeNotSupported: 8,
} as const;
export type SocksReply = (typeof SocksReply)[keyof typeof SocksReply];

export interface Destination {
  /** A name as the page wrote it, or an address without brackets. */
  host: string;
  port: number;
}

/** The other side does not speak as it should. */
export class SocksError extends Error {
  override readonly name = "SocksError";
  readonly reply: SocksReply | undefined;

  /** @param reply what to answer; nothing where the protocol has no answer */
  constructor(message: string, reply?: SocksReply) {
    super(message);
    this.reply = reply;
  }
}

/**
 * Reads a client's greeting and its request, which may come in any pieces, and answers the greeting. The socket is
 * paused afterwards, with the bytes that came behind the request put back into it.
 *
 * @throws SocksError for bytes that are no request to connect, or when the client goes before the request is whole
 */
export async function readSocksRequest(socket: Socket): Promise<Destination> {
  const take = reader(socket);
  const [version, methodCount = 0] = await take(2);
  if (version !== VERSION) throw new SocksError("it is not SOCKS 5");
  const methods = await take(methodCount);
  const isOpen = methods.includes(NO_LOGIN);
  socket.write(Buffer.from([VERSION, isOpen ? NO_LOGIN : NO_ACCEPTABLE_METHOD]));
  if (!isOpen) throw new SocksError("it wants to log in");
  const [requestVersion, command, , type] = await take(4);
  if (requestVersion !== VERSION)
    throw new SocksError("its request is not SOCKS 5", SocksReply.GeneralFailure);
  const host = await readHost(take, type);
  const port = (await take(2)).readUInt16BE();
  if (command !== CONNECT)
    throw new SocksError(`its command is ${command ?? "missing"}`, SocksReply.CommandNotSupported);
  return { host, port };
}

/** Answers a request. The address from which a connection was made is left out, as clients make no use of it. */
export function answerSocks(socket: Socket, reply: SocksReply): void {
  socket.write(Buffer.from([VERSION, reply, 0, IPV4, 0, 0, 0, 0, 0, 0]));
}

type Take = (count: number) => Promise<Buffer>;

async function readHost(take: Take, type: number | undefined): Promise<string> {
  if (type === IPV4) return (await take(4)).join(".");
  if (type === IPV6) return ipaddr.fromByteArray([...(await take(16))]).toString();
  if (type !== NAME)
    throw new SocksError("its address has no known type", SocksReply.AddressTypeNotSupported);
  const [length = 0] = await take(1);
  return (await take(length)).toString("latin1");
}

/** Takes bytes from a socket one piece after the other; the rest stays in it. */
function reader(socket: Socket): Take {
  let taken = 0;
  return async (count) => {
    if (count === 0) return Buffer.alloc(0);
    taken += count;
    if (taken > 2 * MOST_BYTES) throw new SocksError("its request is too long");
    for (;;) {
      // `read` gives nothing until there is as much as was asked for; from an ended stream it gives all that is left.
      const piece = socket.read(count) as Buffer | null;
      if (piece?.length === count) return piece;
      if (piece !== null || socket.readableEnded || socket.destroyed)
        throw new SocksError("it went before its request was whole");
      await changed(socket);
    }
  };
}

function changed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const events = ["readable", "end", "close", "error"] as const;
    const done = () => {
      for (const event of events) socket.off(event, done);
      resolve();
    };
    for (const event of events) socket.on(event, done);
  });
}
