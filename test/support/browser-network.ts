import { BrowserNetwork, type BrowserNetworkOptions } from "../../src/browser/setup/network.js";
import { silentLog } from "./silent-log.js";

/** Ports of the browsers of tests, which are those of a server whose settings say nothing about them. */
const TEST_PORTS = { first: 23_000, last: 23_999 };

/** The network between a test's browsers and the rest of this machine, as the server makes it. */
export function openTestNetwork(options: Partial<BrowserNetworkOptions> = {}): Promise<BrowserNetwork> {
  return BrowserNetwork.open({ allowedHosts: [], ports: TEST_PORTS, log: silentLog, ...options });
}
