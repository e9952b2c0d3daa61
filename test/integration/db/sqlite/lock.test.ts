import { spawn } from "node:child_process";
import { once } from "node:events";
import { link, mkdir, rm, symlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { pino } from "pino";
import { describe, expect } from "vitest";
import { openDatabase, type Database } from "../../../../src/db/index.js";
import { stepwire } from "../../../support/logins.js";
import { connectionTo } from "../../../support/raw-database.js";
import { folderTest } from "../../../support/scratch-fixtures.js";
import { ServerProcess } from "../../../support/server-process.js";
import { getJson } from "../../../support/test-app.js";
import { TRANSLATED_SERVER } from "../../../support/translated-server.js";

/** No browser is needed for what is tested here. */
const NO_BROWSER = { SELENIUM_REMOTE_URL: "http://127.0.0.1:1" };

const test = folderTest
  .extend("file", ({ folder }) => join(folder, "test.db"))
  .extend("opened", ({}, { onCleanup }) => {
    const opened: Database[] = [];
    onCleanup(async () => {
      for (const database of opened) await database.close();
    });
    return opened;
  })
  .extend(
    "open",
    ({ folder, opened }) =>
      async (path: string, log = pino({ level: "silent" })): Promise<Database> => {
        const database = await openDatabase({
          url: `file:${path}`,
          artifactsDir: join(folder, "artifacts"),
          log,
        });
        opened.push(database);
        return database;
      },
  )
  /** Starts a server that is expected to end by itself. */
  .extend(
    "startRefused",
    ({ folder }) =>
      async (url: string): Promise<{ code: number | null; text: string }> => {
        const child = spawn(process.execPath, [TRANSLATED_SERVER], {
          env: {
            ...process.env,
            ...NO_BROWSER,
            PORT: "0",
            DATABASE_URL: url,
            ARTIFACTS_DIR: join(folder, "artifacts"),
          },
          stdio: ["ignore", "pipe", "pipe"],
        });
        let text = "";
        // Standard output is the log, which may have remarks on the machine.
        child.stdout.resume();
        child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
        const [code] = (await once(child, "close")) as [number | null];
        return { code, text };
      },
  );

describe("one server at a time", () => {
  test("the second start says in one line who has the database, and the first goes on", async ({
    folder,
    startRefused,
    file,
  }) => {
    const server = await ServerProcess.start(folder, NO_BROWSER);

    const { code, text } = await startRefused(`file:${file}`);

    expect(code).toBe(1);
    const line = text.trim();
    expect(line).not.toContain("\n");
    expect(line).toMatch(
      /^DATABASE_URL: .*test\.db is in use by the server with process id \d+ on host \S+ /,
    );
    expect(line).toContain(`process id ${server.pid} `);
    expect(line).toMatch(/since \d{4}-\d\d-\d\dT\S+Z, at http:\/\/127\.0\.0\.1:\d+\. Stop that server first/);
    expect(line).toContain(server.address);
    expect(await getJson(server.address, "/healthz")).toEqual({ status: "ok" });
    await server.stop();
  });

  test("of several that start at once on a new database, one serves and the others say so", async ({
    folder,
  }) => {
    const starts = await Promise.allSettled([1, 2, 3].map(() => ServerProcess.start(folder, NO_BROWSER)));

    const serving = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
    const refused = starts.flatMap((start) => (start.status === "rejected" ? [String(start.reason)] : []));
    expect(serving).toHaveLength(1);
    expect(refused).toHaveLength(2);
    for (const reason of refused)
      expect(reason).toContain(`in use by the server with process id ${serving[0]?.pid} `);
    await serving[0]?.stop();
  });

  test("a server that is killed gives the lock up at once, again and again", async ({ folder }) => {
    for (let kill = 1; kill <= 2; kill++) {
      const server = await ServerProcess.start(folder, NO_BROWSER);
      // The next one starts while the kernel is still taking this one down.
      const ended = server.end("SIGKILL");
      const next = await ServerProcess.start(folder, NO_BROWSER);
      await ended;
      await next.stop();
    }
  });

  test("a server that is stopped leaves the database to the next", async ({ folder }) => {
    for (let stop = 1; stop <= 2; stop++) {
      const server = await ServerProcess.start(folder, NO_BROWSER);
      expect((await server.end("SIGTERM")).code).toBe(0);
    }
  });

  test("a start that fails for another reason gives the lock back", async ({ file, open }) => {
    await mkdir(file);
    await expect(open(file)).rejects.toThrow("cannot be opened");
    await rm(file, { recursive: true });

    await expect(open(file)).resolves.toBeDefined();
  });
});

describe("every path to a database has the same lock", () => {
  test.for<[string, (folder: string, path: string) => Promise<string>]>([
    ["relative", async (_folder, path) => `./${relative(process.cwd(), path)}`],
    [
      "through a linked folder",
      async (folder, path) => {
        await symlink(folder, `${folder}-linked`);
        return join(`${folder}-linked`, "inner", relative(join(folder, "inner"), path));
      },
    ],
    [
      "through a linked file",
      async (folder, path) => {
        await symlink(path, join(folder, "other.db"));
        return join(folder, "other.db");
      },
    ],
  ])("%s", async ([, pathTo], { folder, open }) => {
    await mkdir(join(folder, "inner"));
    const path = join(folder, "inner", "test.db");
    const other = await pathTo(folder, path);
    await open(path);

    await expect(open(other)).rejects.toThrow(
      `${path} is in use by the server with process id ${process.pid}`,
    );
    await rm(`${folder}-linked`, { force: true });
  });

  test("a link to a file that is yet to be made leads to the lock of that file", async ({
    file,
    folder,
    open,
  }) => {
    await symlink(file, join(folder, "link.db"));
    await open(join(folder, "link.db"));

    await expect(open(file)).rejects.toThrow("is in use by");
  });

  test("a file with two names of its own is refused, for its log belongs to one of them", async ({
    open,
    file,
    folder,
  }) => {
    await (await open(file)).close();
    await link(file, join(folder, "second.db"));

    await expect(open(join(folder, "second.db"))).rejects.toThrow(/has 2 names \(hard links\).*Delete/);
  });

  test("a link that leads nowhere is said", async ({ folder, file, open }) => {
    await symlink(join(folder, "nowhere", "test.db"), file);

    await expect(open(file)).rejects.toThrow(/DATABASE_URL: .*test\.db leads nowhere \(ENOENT\)/);
  });
});

test("a lock file that cannot be used is said, with the remedy", async ({ file, open }) => {
  await mkdir(`${file}.lock`);

  await expect(open(file)).rejects.toThrow(
    /^DATABASE_URL: the lock file .*test\.db\.lock cannot be used .*delete it/,
  );
});

test("a lock file that is deleted under the server is made again, and still keeps others out", async ({
  open,
  file,
}) => {
  const database = await open(file);
  await rm(`${file}.lock`);

  // Looks at the files, as the server does every second.
  await database.ping();

  await expect(open(file)).rejects.toThrow("is in use by");
});

test("a server whose lock another one took over refuses to write", async ({ open, file }) => {
  const first = await open(file);
  await rm(`${file}.lock`);
  await open(file);

  await expect(first.ping()).rejects.toThrow(/was taken over by the server .*Stop one of the two/);
  await expect(first.testCaseStore.createTestCase({ name: "case", steps: [] })).rejects.toThrow("taken over");
});

describe("commands beside a server", () => {
  test("tokens are made and listed while the server runs", async ({ folder, file }) => {
    const server = await ServerProcess.start(folder, NO_BROWSER);

    expect(
      await stepwire(`file:${file}`, ["tokens", "create", "--name", "ci", "--scopes", "read"]),
    ).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^Token ci/),
    });
    await server.stop();
  });

  test("a command that comes while the first server makes the database waits for that", async ({
    file,
    folder,
  }) => {
    const made = stepwire(`file:${file}`, ["tokens", "create", "--name", "ci", "--scopes", "read"]);
    const server = await ServerProcess.start(folder, NO_BROWSER);

    expect(await made).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Token ci/) });
    await server.stop();
  });

  test("a command of a later version does not change the tables under a server", async ({ open, file }) => {
    const database = await open(file);
    // As if the last migration were new.
    await connectionTo(file, (connection) =>
      connection.execute(`DELETE FROM "_prisma_migrations" WHERE migration_name LIKE '%authentication'`),
    );

    expect(await stepwire(`file:${file}`, ["tokens", "list"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^DATABASE_URL: .* is in use by the server with process id \d+.*\n$/),
    });
    await database.close();
  });
});
