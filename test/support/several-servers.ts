import { TestClient } from "./client.js";
import { folderTest } from "./scratch-fixtures.js";
import { FAKE_BROWSERS, ServerProcess } from "./server-process.js";
import { databaseUrlIn, dropDatabase } from "./test-databases.js";

type Start = (environment?: Record<string, string>) => Promise<ServerProcess>;

/** Servers of one database, each a process of its own with browsers that are fakes, and clients of them. */
export const severalServersTest = folderTest
  .extend("databaseUrl", async ({ folder }, { onCleanup }) => {
    const url = await databaseUrlIn(folder);
    onCleanup(() => dropDatabase(url));
    return url;
  })
  .extend("start", ({ folder, databaseUrl }, { onCleanup }): Start => {
    const servers: ServerProcess[] = [];
    onCleanup(async () => {
      // One that a test has stopped in its tracks does not hear of an end.
      for (const { pid } of servers) continueProcess(pid);
      await Promise.all(servers.map((server) => server.stop()));
    });
    return async (environment = {}) => {
      const more = { DATABASE_URL: databaseUrl, BROWSER_POOL_SIZE: "2", ...environment };
      const server = await ServerProcess.start(folder, more, FAKE_BROWSERS);
      servers.push(server);
      return server;
    };
  })
  .extend("connect", ({}, { onCleanup }) => {
    const clients: TestClient[] = [];
    onCleanup(() => {
      for (const client of clients) client.close();
    });
    return async ({ address }: ServerProcess) => {
      const client = await TestClient.connect(address);
      clients.push(client);
      return client;
    };
  });

function continueProcess(pid: number): void {
  try {
    process.kill(pid, "SIGCONT");
  } catch {
    // It has ended.
  }
}

/** A script that takes a while. */
export function waits(count: number, seconds: number): object[] {
  return Array.from({ length: count }, () => ({ action: "wait", duration: seconds }));
}
