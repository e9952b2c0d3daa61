import { test } from "vitest";
import { TestClient } from "./client.js";
import { FakePool } from "./fake-browser.js";
import { startApp, type TestApp } from "./test-app.js";

type Environment = Record<string, string>;
type ConnectParameters = Parameters<typeof TestClient.connect> extends [string, ...infer Rest] ? Rest : never;

export type Connect = (...how: ConnectParameters) => Promise<TestClient>;

/** The clients of one test. */
class Clients {
  readonly all: TestClient[] = [];
  readonly #address: () => string;

  constructor(address: () => string) {
    this.#address = address;
  }

  readonly connect: Connect = async (...how) => {
    const client = await TestClient.connect(this.#address(), ...how);
    this.all.push(client);
    return client;
  };

  close(): void {
    for (const client of this.all.splice(0)) client.close();
  }
}

/** Vitest's way to end a fixture. */
interface Cleanup {
  onCleanup: (end: () => void | Promise<void>) => void;
}

/** The fixture of a server, whatever it lasts for. */
async function runningApp(
  { environment, pool }: { environment: Environment; pool: FakePool },
  { onCleanup }: Cleanup,
): Promise<TestApp> {
  const testApp = await startApp(environment, { pool });
  onCleanup(() => testApp.close());
  return testApp;
}

function clientsOf(address: () => string, { onCleanup }: Cleanup): Clients {
  const clients = new Clients(address);
  onCleanup(() => {
    clients.close();
  });
  return clients;
}

/*
 * A file makes its own of these: an override changes the fixtures of the one that it is called on, and files share what
 * they import.
 */

/** One server for all tests of a file, which overrides `environment` and `pool` where it needs others. */
export const sharedAppTest = () =>
  test
    .extend("environment", { scope: "file" }, {} as Environment)
    .extend("pool", { scope: "file" }, () => new FakePool(1))
    .extend("testApp", { scope: "file" }, runningApp)
    .extend("clients", ({ testApp }, cleanup) => clientsOf(() => testApp.address, cleanup))
    .extend("connect", ({ clients }) => clients.connect);

/** A server for each test, with the same settings for all tests of a file. */
export const ownAppTest = () =>
  test
    .extend("environment", {} as Environment)
    .extend("pool", () => new FakePool(1))
    .extend("testApp", runningApp)
    .extend("clients", ({ testApp }, cleanup) => clientsOf(() => testApp.address, cleanup))
    .extend("connect", ({ clients }) => clients.connect);

/** A server that each test starts with settings of its own; `startedApp` is the one that it has started last. */
export const startedAppTest = () =>
  test
    .extend("environment", {} as Environment)
    .extend("pool", () => new FakePool(1))
    .extend("servers", ({}, { onCleanup }) => {
      const servers: TestApp[] = [];
      onCleanup(async () => {
        for (const server of servers.reverse()) await server.close();
      });
      return servers;
    })
    .extend(
      "start",
      ({ environment, pool, servers }) =>
        async (more: Environment = {}, own: FakePool = pool): Promise<TestApp> => {
          const testApp = await startApp({ ...environment, ...more }, { pool: own });
          servers.push(testApp);
          return testApp;
        },
    )
    .extend("startedApp", ({ servers }) => (): TestApp => {
      const testApp = servers.at(-1);
      if (testApp === undefined) throw new Error("The test has started no server yet.");
      return testApp;
    })
    .extend("clients", ({ startedApp }, cleanup) => clientsOf(() => startedApp().address, cleanup))
    .extend("connect", ({ clients }) => clients.connect);
