import type { Logger } from "pino";
import { systemLookup, type NameLookup } from "../../hosts/name-lookup.js";
import { HostPolicy, type PortSpan } from "../../hosts/policy.js";
import { PolicyProxy } from "../../hosts/proxy.js";
import { TlsHop, type TlsHopOptions } from "../../hosts/tls-hop.js";
import type { UpstreamProxy } from "../../hosts/dial.js";
import { BrowserPorts, type PortLease } from "./port-lease.js";

/** Starts of the proxy before it is given up: something else may take its port in the very moment. */
const OPEN_ATTEMPTS = 3;

export interface BrowserNetworkOptions {
  allowedHosts: readonly string[];
  /** Ports of this machine for browsers, their drivers and the proxy before them. */
  ports: PortSpan;
  upstream?: UpstreamProxy | undefined;
  /**
   * Certificates that hosts are shown which ask for one, and how those hosts are judged.
   * @defaultValue none
   */
  tls?: TlsHopOptions | undefined;
  /** @defaultValue the resolver of this machine */
  lookup?: NameLookup;
  log: Logger;
}

/** The gate between the browsers of this machine and everything that they could reach. */
export class BrowserNetwork {
  readonly ports: BrowserPorts;
  readonly policy: HostPolicy;
  /** SHA-256 in Base64 of the one public key that browsers accept from whatever host. */
  readonly acceptedKey: string | undefined;
  readonly #proxy: PolicyProxy;
  readonly #lease: PortLease;

  private constructor(parts: {
    ports: BrowserPorts;
    policy: HostPolicy;
    proxy: PolicyProxy;
    lease: PortLease;
    tlsHop: TlsHop | undefined;
  }) {
    this.ports = parts.ports;
    this.policy = parts.policy;
    this.#proxy = parts.proxy;
    this.#lease = parts.lease;
    this.acceptedKey = parts.tlsHop?.fingerprint;
  }

  /** @throws Error with the remedy when no port is free for its proxy */
  static async open(options: BrowserNetworkOptions): Promise<BrowserNetwork> {
    const { allowedHosts, ports: browserPorts, upstream, log } = options;
    const ports = new BrowserPorts(browserPorts);
    const policy = new HostPolicy({ allowedHosts, browserPorts });
    const lookup = options.lookup ?? systemLookup();
    const tlsHop = options.tls && new TlsHop(options.tls);
    for (let attempt = 1; ; attempt++) {
      const lease = await ports.lease();
      try {
        const proxy = await PolicyProxy.open({
          port: lease.port,
          policy,
          lookup,
          upstream,
          tlsHop,
          onRefused: ({ host, port }, reason) => {
            log.warn({ host, port, reason }, "a browser was refused a connection");
          },
        });
        return new BrowserNetwork({ ports, policy, proxy, lease, tlsHop });
      } catch (error) {
        lease.release();
        if (attempt === OPEN_ATTEMPTS) throw error;
      }
    }
  }

  /** The port of the proxy that browsers are told to connect through. */
  get proxyPort(): number {
    return this.#proxy.port;
  }

  /** See {@link PolicyProxy.explain}. */
  explain(text: string, url: string): string {
    return this.#proxy.explain(text, url);
  }

  async close(): Promise<void> {
    await this.#proxy.close();
    this.#lease.release();
  }
}
