import { createSocket, type Socket } from "node:dgram";
import { createServer } from "node:net";
import type { PortSpan } from "../../hosts/policy.js";

/** A TCP port of this machine that no other Stepwire takes until it is given back. */
export interface PortLease {
  readonly port: number;
  release(): void;
}

/**
 * The ports of this machine that browsers and drivers listen on. They come from one span, so that the browsers of
 * every Stepwire on this machine can be kept from reaching any of them.
 *
 * The UDP port of the same number, which nothing else uses, is held for as long as a port is leased: that keeps other
 * Stepwires off between the look whether the port is free and the moment in which the driver takes it, and goes with
 * the process however that ends.
 */
export class BrowserPorts {
  readonly #span: PortSpan;
  #next: number;

  constructor(span: PortSpan) {
    this.#span = span;
    // Several servers that start at once should not all begin with the same port.
    this.#next = span.first + Math.floor(Math.random() * (span.last - span.first + 1));
  }

  /** @throws Error with the remedy when no port is free */
  async lease(): Promise<PortLease> {
    const { first, last } = this.#span;
    for (let tries = first; tries <= last; tries++) {
      const port = this.#next;
      this.#next = port === last ? first : port + 1;
      const holder = await hold(port);
      if (holder === undefined) continue;
      if (await isFree(port)) return { port, release: once(() => holder.close()) };
      holder.close();
    }
    throw new Error(
      `No port from ${first} to ${last} is free for a browser; set BROWSER_PORTS to other ones.`,
    );
  }
}

function hold(port: number): Promise<Socket | undefined> {
  const socket = createSocket("udp4");
  return new Promise((resolve) => {
    socket.once("error", () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ port, address: "127.0.0.1", exclusive: true }, () => {
      socket.unref();
      resolve(socket);
    });
  });
}

/** Drivers listen on both loopback addresses, where a machine has both. */
async function isFree(port: number): Promise<boolean> {
  return (await canListen("127.0.0.1", port)) && (await canListen("::1", port));
}

function canListen(host: string, port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", ({ code }: NodeJS.ErrnoException) => {
      resolve(code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT");
    });
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}
