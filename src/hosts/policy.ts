import { handsOutCredentials, isThisMachine } from "./addresses.js";
import { credentialsRefusal, refusalOfHost } from "./allowed-hosts.js";

/** TCP ports from the first to the last, both included. */
export interface PortSpan {
  first: number;
  last: number;
}

export interface HostPolicyOptions {
  /** Host names and addresses, `*.` in front for any subdomain; empty for all. */
  allowedHosts: readonly string[];
  /** Ports of this machine that belong to browsers, their drivers and the proxies before them. */
  browserPorts: PortSpan;
}

/** The hosts, addresses and ports that the browsers of this machine may reach. */
export class HostPolicy {
  readonly #options: HostPolicyOptions;
  readonly #ownPorts = new Set<number>();

  constructor(options: HostPolicyOptions) {
    this.#options = options;
  }

  /** Closes one more port of this machine to every browser: the server's own. */
  refusePort(port: number): void {
    this.#ownPorts.add(port);
  }

  /** @returns why a browser may not ask for a host, as far as its name tells; undefined when it may */
  refusalOfHost(host: string): string | undefined {
    return refusalOfHost(host, this.#options.allowedHosts);
  }

  /**
   * @param address the address that a connection is just about to be made to
   * @returns why a browser may not reach it; undefined when it may
   */
  refusalOfAddress(address: string, port: number): string | undefined {
    if (handsOutCredentials(address)) return credentialsRefusal(address);
    if (this.#ownPorts.has(port) && isThisMachine(address))
      return `port ${port} of this machine is Stepwire's own, and no browser may reach it`;
    const { first, last } = this.#options.browserPorts;
    if (port < first || port > last || !isThisMachine(address)) return undefined;
    return `the ports ${first} to ${last} of this machine are kept for the browsers themselves, and no page may reach them; set BROWSER_PORTS to others to test what listens there`;
  }
}
