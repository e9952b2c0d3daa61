import { createServer as createHttpServer } from "node:http";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { SocksClient } from "socks";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { NameLookup } from "../../../src/hosts/name-lookup.js";
import { HostPolicy } from "../../../src/hosts/policy.js";
import { PolicyProxy, type PolicyProxyOptions } from "../../../src/hosts/proxy.js";

const PORTS = { first: 23_000, last: 23_999 };

/** Ends with the test. */
const opened: { close(): unknown }[] = [];
/** Repeats what it hears, and counts who came. */
let echo: Server;
let echoPort: number;
let visitors: number;

beforeEach(async () => {
  visitors = 0;
  echo = createServer({ allowHalfOpen: true }, (socket) => {
    visitors++;
    socket.on("error", () => undefined);
    socket.pipe(socket);
  });
  echoPort = await listen(echo);
});

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
  echo.close();
});

function listen(server: Server): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      resolve((server.address() as AddressInfo).port);
    }),
  );
}

const names =
  (table: Record<string, string[]>): NameLookup =>
  (host) =>
    Promise.resolve(table[host] ?? [host]);

type Settings = Partial<PolicyProxyOptions> & { allowedHosts?: string[] };

async function openProxy({ allowedHosts = [], ...options }: Settings = {}) {
  const policy = new HostPolicy({ allowedHosts, browserPorts: PORTS });
  const proxy = await PolicyProxy.open({
    port: 0,
    policy,
    lookup: names({}),
    upstream: undefined,
    ...options,
  });
  opened.push(proxy);
  return { proxy, policy };
}

async function through(proxy: PolicyProxy, host: string, port: number): Promise<Socket> {
  const { socket } = await SocksClient.createConnection({
    proxy: { host: "127.0.0.1", port: proxy.port, type: 5 },
    command: "connect",
    destination: { host, port },
    timeout: 5_000,
  });
  socket.on("error", () => undefined);
  opened.push({ close: () => socket.destroy() });
  return socket;
}

function received(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
    socket.once("end", () => {
      resolve(text);
    });
    socket.once("error", reject);
    socket.resume();
  });
}

const NOT_ALLOWED = "NotAllowed";

describe("what is allowed", () => {
  test("is connected to as it is, and each side ends by itself", async () => {
    const { proxy } = await openProxy();
    const socket = await through(proxy, "127.0.0.1", echoPort);
    const answer = received(socket);
    const text = "x".repeat(1_000_000);
    socket.end(text);
    expect(await answer).toBe(text);
  });

  test("may be a name, of which the first address that answers is taken", async () => {
    const { proxy } = await openProxy({ lookup: names({ "app.test": ["::1", "127.0.0.1"] }) });
    const socket = await through(proxy, "app.test", echoPort);
    const answer = received(socket);
    socket.end("hello");
    expect(await answer).toBe("hello");
  });

  test("that does not answer is explained in the browser's own words", async () => {
    const { proxy } = await openProxy({ lookup: names({ "gone.test": [] }) });
    const free = createServer();
    const port = await listen(free);
    await new Promise((resolve) => free.close(resolve));
    await expect(through(proxy, "127.0.0.1", port)).rejects.toThrow("ConnectionRefused");
    const failed = "net::ERR_SOCKS_CONNECTION_FAILED";
    expect(proxy.explain(failed, `http://127.0.0.1:${port}/a`)).toBe("net::ERR_CONNECTION_REFUSED");
    expect(proxy.explain("net::ERR_ABORTED", `http://127.0.0.1:${port}/`)).toBe("net::ERR_ABORTED");
    expect(proxy.explain(failed, "http://never.test/")).toBe(failed);
  });

  test("that breaks off is felt as such", async () => {
    const breaking = createServer((socket) => socket.once("data", () => socket.resetAndDestroy()));
    opened.push(breaking);
    const { proxy } = await openProxy();
    const socket = await through(proxy, "127.0.0.1", await listen(breaking));
    socket.write("hello");
    await expect(received(socket)).rejects.toThrow("ECONNRESET");
  });

  test("ends with the proxy", async () => {
    const { proxy } = await openProxy();
    const socket = await through(proxy, "127.0.0.1", echoPort);
    await proxy.close();
    await expect.poll(() => socket.closed).toBe(true);
  });
});

describe("what is refused", () => {
  test.each([
    ["an address that hands out credentials", "169.254.169.254", "169.254.169.254"],
    ["the same, mapped", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe"],
    ["the same behind NAT64", "64:ff9b::a9fe:a9fe", "64:ff9b::a9fe:a9fe"],
    ["a name for it", "innocent.test", "innocent.test stands for it"],
    ["a name of which one address is it", "mixed.test", "mixed.test stands for it"],
    ["a name by which it is known", "metadata.google.internal", "metadata.google.internal"],
    ["the same with the root's dot", "instance-data.", "instance-data"],
  ])("%s", async (_what, host, named) => {
    const reasons: string[] = [];
    const lookup = names({ "innocent.test": ["169.254.169.254"], "mixed.test": ["127.0.0.1", "fe80::1"] });
    const { proxy } = await openProxy({ lookup, onRefused: (_to, reason) => reasons.push(reason) });
    await expect(through(proxy, host, echoPort)).rejects.toThrow(NOT_ALLOWED);
    expect(reasons.join()).toContain(named);
    expect(reasons.join()).toContain("hand out credentials");
    expect(visitors).toBe(0);
  });

  test("a name that is another address when it is connected to", async () => {
    let asked = 0;
    const lookup = () => Promise.resolve([asked++ === 0 ? "127.0.0.1" : "169.254.169.254"]);
    const { proxy } = await openProxy({ lookup });
    const socket = await through(proxy, "rebinding.test", echoPort);
    const answer = received(socket);
    socket.end("same");
    // Looked up once, and connected to what was checked.
    expect(await answer).toBe("same");
    expect(asked).toBe(1);
    await expect(through(proxy, "rebinding.test", echoPort)).rejects.toThrow(NOT_ALLOWED);
  });

  test("every host that a list does not name", async () => {
    const lookup = names({ "app.test": ["127.0.0.1"], "other.test": ["127.0.0.1"] });
    const { proxy } = await openProxy({ allowedHosts: ["app.test"], lookup });
    await through(proxy, "app.test", echoPort);
    for (const host of ["other.test", "127.0.0.1", "localhost", "a.app.test"])
      await expect(through(proxy, host, echoPort), host).rejects.toThrow(NOT_ALLOWED);
    expect(proxy.explain("net::ERR_SOCKS_CONNECTION_FAILED", `http://other.test:${echoPort}/`)).toBe(
      "the host 'other.test' is not allowed here; add it to ALLOWED_HOSTS to test it",
    );
    expect(visitors).toBe(1);
  });

  test.each([
    "127.0.0.1",
    "127.9.8.7",
    "localhost",
    "x.localhost",
    "::1",
    "0.0.0.0",
    "::ffff:127.0.0.1",
    "mine.test",
  ])("the server's own port, and those of browsers and drivers, as %s", async (host) => {
    const lookup: NameLookup = (name) =>
      Promise.resolve(/localhost|mine/.test(name) ? ["::1", "127.0.0.1"] : [name]);
    const { proxy, policy } = await openProxy({ lookup });
    policy.refusePort(echoPort);
    await expect(through(proxy, host, echoPort)).rejects.toThrow(NOT_ALLOWED);
    for (const port of [PORTS.first, 23_456, PORTS.last])
      await expect(through(proxy, host, port)).rejects.toThrow(NOT_ALLOWED);
    expect(visitors).toBe(0);
  });

  test("what is no SOCKS 5, what wants to log in or listen, and what says nothing of use", async () => {
    const { proxy } = await openProxy();
    for (const [bytes, answer] of [
      [Buffer.from("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), ""],
      [Buffer.from([4, 1, 0, 80, 1, 2, 3, 4, 0]), ""],
      [Buffer.from([5, 1, 2]), "05ff"],
      [Buffer.from([5, 1, 0, 5, 2, 0, 1, 127, 0, 0, 1, 0, 80]), "05000507"],
      [Buffer.from([5, 1, 0, 5, 1, 0, 9, 127, 0, 0, 1, 0, 80]), "05000508"],
    ] as const) {
      const socket = connect(proxy.port, "127.0.0.1");
      const heard: Buffer[] = [];
      socket.on("data", (chunk: Buffer) => heard.push(chunk));
      const closed = new Promise((resolve) => socket.once("close", resolve));
      socket.write(bytes);
      await closed;
      expect(
        Buffer.concat(heard)
          .toString("hex")
          .slice(0, answer.length || 1),
        bytes.toString("hex"),
      ).toBe(answer);
    }
    expect(visitors).toBe(0);
  });
});

test("a request may come byte by byte, with what follows right behind it", async () => {
  const { proxy } = await openProxy();
  const socket = connect({ port: proxy.port, host: "127.0.0.1", noDelay: true });
  opened.push({ close: () => socket.destroy() });
  const port = Buffer.alloc(2);
  port.writeUInt16BE(echoPort);
  const request = Buffer.concat([Buffer.from([5, 1, 0, 5, 1, 0, 3, 9]), Buffer.from("127.0.0.1"), port]);
  const answer = received(socket);
  for (const byte of request)
    await new Promise<unknown>((resolve) => socket.write(Buffer.from([byte]), resolve));
  socket.end("right behind");
  expect(Buffer.from(await answer).toString()).toContain("right behind");
});

describe("the proxy of the network", () => {
  /** An HTTP proxy that takes everything to the echo, and remembers what it was asked. */
  async function startUpstream(status = 200) {
    const asked: { target: string; login: string | undefined }[] = [];
    const server = createHttpServer();
    server.on("connect", (request, socket: Socket) => {
      asked.push({ target: request.url ?? "", login: request.headers["proxy-authorization"] });
      if (status !== 200) return socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      const onward = connect(echoPort, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(onward).pipe(socket);
      });
      opened.push({ close: () => onward.destroy() });
      return undefined;
    });
    const port = await listen(server);
    opened.push({ close: () => server.closeAllConnections() }, server);
    return { asked, url: `http://name:pass%20word@127.0.0.1:${port}` };
  }

  test("is gone through with its login, by name, but for this machine and what is to go past it", async () => {
    const { asked, url } = await startUpstream();
    const upstream = { url, bypass: ["*.inside.test"] };
    const lookup = names({ "far.test": ["192.0.2.1"], "app.inside.test": ["127.0.0.1"] });
    const { proxy } = await openProxy({ upstream, lookup });
    const socket = await through(proxy, "far.test", 80);
    const answer = received(socket);
    socket.end("hello");
    expect(await answer).toBe("hello");
    await through(proxy, "127.0.0.1", echoPort);
    await through(proxy, "app.inside.test", echoPort);
    const login = `Basic ${Buffer.from("name:pass word").toString("base64")}`;
    expect(asked).toEqual([{ target: "far.test:80", login }]);
  });

  test("changes nothing of what is refused", async () => {
    const { asked, url } = await startUpstream();
    const lookup = names({ "innocent.test": ["169.254.169.254"] });
    const { proxy } = await openProxy({ upstream: { url, bypass: [] }, lookup });
    for (const host of ["innocent.test", "metadata.google.internal", "169.254.169.254"])
      await expect(through(proxy, host, 80)).rejects.toThrow(NOT_ALLOWED);
    expect(asked).toEqual([]);
  });

  test("that refuses is named", async () => {
    const { url } = await startUpstream(407);
    const lookup = names({ "far.test": ["192.0.2.1"] });
    const { proxy } = await openProxy({ upstream: { url, bypass: [] }, lookup });
    await expect(through(proxy, "far.test", 80)).rejects.toThrow("Failure");
    expect(proxy.explain("net::ERR_SOCKS_CONNECTION_FAILED", "http://far.test/")).toContain(
      "BROWSER_PROXY answered 407",
    );
  });

  test("may speak SOCKS", async () => {
    const lookup = names({ "far.test": ["192.0.2.1"] });
    const far = await openProxy({ lookup: () => Promise.resolve(["127.0.0.1"]) });
    const upstream = { url: `socks5://127.0.0.1:${far.proxy.port}`, bypass: [] };
    const { proxy } = await openProxy({ upstream, lookup });
    const socket = await through(proxy, "far.test", echoPort);
    const answer = received(socket);
    socket.end("hello");
    expect(await answer).toBe("hello");
  });
});
