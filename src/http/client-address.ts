import { isIP } from "node:net";
import type { FastifyRequest, FastifyServerOptions } from "fastify";
import { plainAddress } from "../hosts/addresses.js";

/** Proxies by their addresses and networks, or how many of them stand one behind the other. */
export type TrustedProxies = number | readonly string[];

/**
 * The proxies that are believed when they name the client in `X-Forwarded-For`, for Fastify. It takes no plain number,
 * because a client that gets past the proxies could then name any address: the operator promises that none does.
 */
export function trustProxyOf(proxies: TrustedProxies): NonNullable<FastifyServerOptions["trustProxy"]> {
  if (typeof proxies === "number") return (_address, hop) => hop < proxies;
  return proxies.length > 0 && [...proxies];
}

/** The address that a request comes from: the client's as trusted proxies tell it, or else the peer's. */
export function addressOf({ ip, socket }: Pick<FastifyRequest, "ip" | "socket">): string {
  // Declared as always there; a request that a test makes without the network has neither.
  const [told, peer] = [ip, (socket as FastifyRequest["socket"] | undefined)?.remoteAddress].map(plain);
  return told !== undefined && isIP(told) > 0 ? told : (peer ?? "unknown");
}

/** An address without the port that some proxies add, and IPv4 always in its own form. */
function plain(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const [, inBrackets, beforePort] = /^(?:\[(.+)\](?::\d+)?|([\d.]+):\d+)$/.exec(address) ?? [];
  const bare = inBrackets ?? beforePort ?? address;
  return plainAddress(bare);
}
