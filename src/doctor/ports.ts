import { once } from "node:events";
import { createServer } from "node:net";
import { timeoutSignal } from "../async/timeout-signal.js";
import { BrowserPorts } from "../browser/setup/port-lease.js";
import type { Config } from "../config.js";
import { authorityOf } from "../hosts/addresses.js";
import { whyNotListening } from "../start-checks.js";
import { good, wrong, type Finding } from "./finding.js";

/** Longest wait for whatever listens on the server's port, in milliseconds. */
const ANSWER_TIMEOUT_MS = 2_000;

/** The server's own port, and those of its browsers. */
export async function examinePorts(config: Config): Promise<Finding[]> {
  return [await examinePort(config), await examineBrowserPorts(config)];
}

async function examinePort(config: Config): Promise<Finding> {
  const { HOST: host, PORT: port } = config;
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, "listening");
    return good("port", port === 0 ? "Any that is free." : `${port} is free on ${host}.`);
  } catch (error) {
    if (await isStepwire(config)) return good("port", `Stepwire serves on ${port} already.`);
    return wrong("port", whyNotListening(error, config) ?? `PORT: ${(error as Error).message}.`);
  } finally {
    server.close();
  }
}

/** Tells if a server of Stepwire is what has the port. */
async function isStepwire({ HOST: host, PORT: port }: Config): Promise<boolean> {
  try {
    const url = `http://${authorityOf(host, port)}/openapi.json`;
    const answer = await fetch(url, { signal: timeoutSignal(ANSWER_TIMEOUT_MS), redirect: "error" });
    const { info } = (await answer.json()) as { info?: { title?: string } };
    return info?.title === "Stepwire";
  } catch {
    return false;
  }
}

async function examineBrowserPorts({ BROWSER_PORTS: span }: Config): Promise<Finding> {
  const lease = await new BrowserPorts(span).lease();
  lease.release();
  return good("browser ports", `There are free ones from ${span.first} to ${span.last}.`);
}
