import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A way to a server that can be cut at any moment, as networks are. */
export interface FlakyNetwork {
  /** Such as `127.0.0.1:41234`. */
  address: string;
  /** Cuts every connection that there is. @returns how many */
  cut(): number;
  close(): Promise<void>;
}

/** @param target such as `127.0.0.1:41234` */
export async function flakyNetwork(target: string): Promise<FlakyNetwork> {
  return await openNetwork(() => Promise.resolve(connectTo(target)));
}

/** The one address of several servers, as a balancer before them gives them one. */
export interface Balancer extends FlakyNetwork {
  /** Names of the servers that connections went to, in their order. */
  readonly chosen: readonly string[];
}

/**
 * @param servers those that there are just now; a connection goes to the next that takes it
 */
export async function balancer(
  servers: () => readonly { name: string; address: string }[],
): Promise<Balancer> {
  const chosen: string[] = [];
  const connectToAny = async () => {
    const all = servers();
    const first = chosen.length;
    for (let tried = 0; tried < all.length; tried++) {
      const server = all[(first + tried) % all.length];
      const far = server && (await connected(connectTo(server.address)));
      if (far === undefined || server === undefined) continue;
      chosen.push(server.name);
      return far;
    }
    return undefined;
  };
  return { ...(await openNetwork(connectToAny)), chosen };
}

/** @param reach connects to the far side; nothing where there is none */
async function openNetwork(reach: () => Promise<Socket | undefined>): Promise<FlakyNetwork> {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    near.on("error", () => undefined);
    near.on("close", () => open.delete(near));
    open.add(near);
    void reach().then((far) => {
      if (far === undefined) near.destroy();
      else join(near, far);
    });
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

/** Sends what comes on each side to the other; the end of one is that of both. */
function join(near: Socket, far: Socket): void {
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    from.on("data", (data) => to.write(data));
    from.on("error", () => undefined);
    from.on("close", () => to.destroy());
  }
  if (near.destroyed) far.destroy();
}

function connectTo(address: string): Socket {
  const { hostname, port } = new URL(`http://${address}`);
  return connect(Number(port), hostname);
}

/** @returns nothing when nobody listens there */
async function connected(socket: Socket): Promise<Socket | undefined> {
  return await new Promise((resolve) => {
    socket.once("connect", () => {
      resolve(socket);
    });
    socket.once("error", () => {
      resolve(undefined);
    });
  });
}
