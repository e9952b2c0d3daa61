import fastify from "fastify";
import { expect, test } from "vitest";
import { addressOf, trustProxyOf, type TrustedProxies } from "../../../src/http/client-address.js";

/** The address that a server sees of a client whose request comes from a peer, with what proxies have noted. */
async function seen(proxies: TrustedProxies, remoteAddress: string, forwardedFor?: string): Promise<string> {
  const app = fastify({ trustProxy: trustProxyOf(proxies) });
  app.get("/", async (request) => addressOf(request));
  const headers = forwardedFor === undefined ? {} : { "x-forwarded-for": forwardedFor };
  const { body } = await app.inject({ url: "/", remoteAddress, headers });
  await app.close();
  return body;
}

const CLIENT = "203.0.113.9";

test.each<[string, TrustedProxies, string, string | undefined, string]>([
  ["nobody", [], "127.0.0.1", CLIENT, "127.0.0.1"],
  ["another proxy", ["10.0.0.5"], "10.0.0.6", CLIENT, "10.0.0.6"],
  ["this proxy", ["10.0.0.5"], "10.0.0.5", CLIENT, CLIENT],
  ["its network", ["10.0.0.0/8"], "10.9.9.9", CLIENT, CLIENT],
  ["this machine", ["loopback"], "127.0.0.1", CLIENT, CLIENT],
  ["a proxy of IPv6", ["2001:db8::/32"], "2001:db8::5", CLIENT, CLIENT],
  ["a proxy of IPv4 on a socket of IPv6", ["10.0.0.5"], "::ffff:10.0.0.5", CLIENT, CLIENT],
  ["this proxy, which tells nothing", ["10.0.0.5"], "10.0.0.5", undefined, "10.0.0.5"],
  [
    "this proxy, whose client made up a first address",
    ["10.0.0.5"],
    "10.0.0.5",
    `1.2.3.4, ${CLIENT}`,
    CLIENT,
  ],
  ["two proxies of a network", ["10.0.0.0/8"], "10.0.0.1", `1.2.3.4, ${CLIENT}, 10.0.0.2`, CLIENT],
  ["one hop", 1, "10.0.0.5", `1.2.3.4, ${CLIENT}`, CLIENT],
  ["two hops", 2, "10.0.0.5", `1.2.3.4, ${CLIENT}, 10.0.0.6`, CLIENT],
  ["a proxy that adds the port", ["10.0.0.5"], "10.0.0.5", `${CLIENT}:4711`, CLIENT],
  ["a proxy that adds the port of IPv6", ["10.0.0.5"], "10.0.0.5", "[2001:db8::9]:4711", "2001:db8::9"],
  ["a proxy that passes on what is no address", ["10.0.0.5"], "10.0.0.5", 'x"; DROP', "10.0.0.5"],
])("who trusts %s", async (_name, proxies, peer, forwardedFor, expected) => {
  expect(await seen(proxies, peer, forwardedFor)).toBe(expected);
});
