import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A way to a server that can be cut at any moment, as networks are. */
export interface FlakyNetwork {
  /** Such as `127.0.0.1:41234`. */
  address: string;
  /** Cuts every connection that there is. @returns how many */
  cut(): number;
  close(): Promise<void>;
}

export async function flakyNetwork(target: string): Promise<FlakyNetwork> {
  const { hostname, port } = new URL(`http://${target}`);
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on("data", (data) => to.write(data));
      from.on("error", () => undefined);
      from.on("close", () => {
        to.destroy();
        open.delete(near);
      });
    }
    open.add(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    const count = open.size;
    for (const socket of open) socket.destroy();
    return count;
  };
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`, // A listening TCP server has a port.
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        cut();
      }),
  };
}
