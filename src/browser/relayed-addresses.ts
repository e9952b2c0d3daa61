import { isLoopback } from "../hosts/addresses.js";

/**
 * The addresses at which a WebSocket of a Selenium server's session may be reached from here, the likeliest first. A Grid
 * names it by its own idea of itself, which behind a proxy, or in a container's network, is an address of no use here;
 * the server that gave the session is reached for certain, and a Grid serves the same path there. A loopback address of
 * another machine is left out: it would lead to a program of this one.
 *
 * @param told as in the session's capabilities
 * @param remoteUrl the address of the Selenium server
 * @see https://www.selenium.dev/documentation/grid/configuration/cli_options/ `--grid-url`
 */
export function relayedAddresses(told: string, remoteUrl: string): string[] {
  const own = new URL(told);
  const server = new URL(remoteUrl);
  const relayed = new URL(told);
  relayed.protocol = server.protocol === "https:" ? "wss:" : "ws:";
  relayed.host = server.host;
  if (server.port === "") relayed.port = "";
  relayed.username = server.username;
  relayed.password = server.password;
  const prefix = prefixOf(server);
  if (prefix !== "" && !relayed.pathname.startsWith(`${prefix}/`))
    relayed.pathname = prefix + relayed.pathname;
  const isElsewhere = own.host !== relayed.host || own.protocol !== relayed.protocol;
  const isOfNoUse = isLoopback(own.hostname) && !isLoopback(server.hostname);
  return isElsewhere && !isOfNoUse ? [relayed.href, own.href] : [relayed.href];
}

/** The path below which a Grid is served; `/wd/hub` is an old name of its root. */
function prefixOf({ pathname }: URL): string {
  return pathname.replace(/\/$/, "").replace(/\/wd\/hub$/, "");
}
