import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { describe, expect } from "vitest";
import { withFolderOfItsOwn } from "../../../../scripts/demo-folder.js";
import { parseConfig } from "../../../../src/config.js";
import { readMark } from "../../../../src/db/artifacts/folder/mark-file.js";
import { MARK_FILE } from "../../../../src/db/artifacts/mark.js";
import { openConnection } from "../../../../src/db/sqlite/connection.js";
import { openDatabase, type Database } from "../../../../src/db/index.js";
import { stepwire } from "../../../support/logins.js";
import { folderTest } from "../../../support/scratch-fixtures.js";
import { ServerProcess } from "../../../support/server-process.js";
import { getJson } from "../../../support/test-app.js";

const log = pino({ level: "silent" });

interface Kept {
  runId: string;
  url: string;
  file: string;
}

async function sweep(database: Database) {
  const signal = new AbortController().signal;
  return await database.artifactStore.sweep({ before: undefined, maxBytes: undefined, signal });
}

const test = folderTest
  .extend("servers", ({}, { onCleanup }) => {
    const servers: ServerProcess[] = [];
    onCleanup(async () => {
      for (const server of servers) await server.stop();
    });
    return servers;
  })
  .extend(
    "place",
    ({ folder }) =>
      (...names: string[]) =>
        join(folder, ...names),
  )
  .extend(
    "open",
    ({ place }) =>
      (database = "test", artifacts = "artifacts") =>
        openDatabase({ url: `file:${place(`${database}.db`)}`, artifactsDir: place(artifacts), log }),
  )
  .extend(
    "start",
    ({ folder, servers }) =>
      async (environment: Record<string, string> = {}): Promise<ServerProcess> => {
        const server = await ServerProcess.start(folder, environment);
        servers.push(server);
        return server;
      },
  )
  /** A run that has ended, with one artifact. */
  .extend("keepOne", ({ place }) => async (database: Database, artifacts = "artifacts"): Promise<Kept> => {
    const testCase = await database.testCaseStore.createTestCase({
      name: "case",
      steps: [{ stepNumber: 1, description: "A" }],
    });
    const [stepId = 0] = testCase.steps.map(({ id }) => id);
    const runId = randomUUID();
    const run = {
      id: runId,
      kind: "step",
      testCaseId: testCase.id,
      testStepId: stepId,
      onFailure: "stop",
    } as const;
    await database.executionStore.createRun({ ...run, requestId: null, createdAt: new Date() });
    const picture = { kind: "screenshot", mediaType: "image/jpeg", bytes: Buffer.from("picture") } as const;
    const url = await database.artifactStore.save({ runId, stepId, ...picture });
    const result = { runId, verdict: "failed", errorMessage: null, attempts: 1, flaky: false } as const;
    const finishedAt = new Date(Date.now() - 1);
    await database.executionStore.append({ events: [], steps: [], runs: [{ ...result, finishedAt }] });
    return { runId, url, file: place(artifacts, runId, `${url.split("/").at(-1) ?? ""}.jpg`) };
  })
  .extend("newDatabaseWithOne", ({ open, keepOne }) => async (database = "test"): Promise<Kept> => {
    const opened = await open(database);
    const kept = await keepOne(opened);
    await opened.close();
    return kept;
  })
  .extend("unmark", ({ place }) => async (): Promise<void> => {
    await rm(place("artifacts", MARK_FILE));
    const connection = await openConnection(place("test.db"));
    await connection.execute("DELETE FROM artifact_folder");
    connection.close();
  });

describe("two servers", () => {
  test("with two databases do not share a folder: the second says so in one line, and touches nothing", async ({
    newDatabaseWithOne,
    start,
    folder,
    place,
  }) => {
    const kept = await newDatabaseWithOne();
    const first = await start();

    const second = ServerProcess.start(folder, { DATABASE_URL: `file:${place("other.db")}` });

    await expect(second).rejects.toThrow(
      /ended with 1: (?:\{.*\n)*ARTIFACTS_DIR: \S+artifacts belongs to another database \(\S+test\.db\)\. Name [^\n]*ARTIFACTS_DIR=\S+other-artifacts, [^\n]*artifacts adopt"\.\n$/,
    );
    expect(existsSync(kept.file)).toBe(true);
    const { items } = await getJson<{ items: object[] }>(first.address, `/api/runs/${kept.runId}/artifacts`);
    expect(items).toMatchObject([{ url: kept.url, missing: false }]);
    expect((await fetch(`http://${first.address}${kept.url}`)).status).toBe(200);
  });

  test("with two new databases that start at the same time do not share a folder either", async ({
    open,
  }) => {
    const opened = await Promise.allSettled(["one", "two", "three"].map((name) => open(name)));
    const databases = opened.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    expect(databases).toHaveLength(1);
    for (const database of databases) await database.close();
  });

  test("with a database and its copy do not share a folder", async ({ newDatabaseWithOne, place, open }) => {
    await newDatabaseWithOne();
    await copyFile(place("test.db"), place("copy.db"));

    await expect(open("copy")).rejects.toThrow(
      /^ARTIFACTS_DIR: [^\n]* of which \S+copy\.db looks like a copy/,
    );

    const database = await open();
    await database.close();
  });
});

describe("a folder that is missing while the database has artifacts", () => {
  test.for(["gone", "an empty mount point"])(
    "stops the start when it is %s, and nothing is lost",
    async (how, { newDatabaseWithOne, place, folder, start }) => {
      const kept = await newDatabaseWithOne();
      await rename(place("artifacts"), place("volume"));
      if (how !== "gone") await mkdir(place("artifacts"));

      await expect(ServerProcess.start(folder)).rejects.toThrow(
        /ended with 1: (?:\{.*\n)*ARTIFACTS_DIR: [^\n]*is not there or has lost its mark[^\n]*Mount the folder[^\n]*\n$/,
      );

      expect(existsSync(place("artifacts"))).toBe(how !== "gone");
      await rm(place("artifacts"), { recursive: true, force: true });
      await rename(place("volume"), place("artifacts"));
      const { address } = await start();
      expect(await (await fetch(`http://${address}${kept.url}`)).text()).toBe("picture");
    },
  );

  test("is left behind by the command that says that it is gone for good", async ({
    newDatabaseWithOne,
    place,
    open,
  }) => {
    const kept = await newDatabaseWithOne();
    await rm(place("artifacts"), { recursive: true });

    const environment = { ARTIFACTS_DIR: place("artifacts") };
    const adopted = await stepwire(`file:${place("test.db")}`, ["artifacts", "adopt"], environment);

    expect(adopted).toMatchObject({
      code: 0,
      stdout: `${place("artifacts")} belongs to this database now.\n`,
    });
    const database = await open();
    expect(await sweep(database)).toMatchObject({ missing: 1 });
    expect(await database.artifactStore.listArtifacts(kept.runId)).toHaveLength(1);
    await database.close();
  });
});

test("a new database and an empty or new folder become a pair, and find each other again", async ({
  place,
  open,
}) => {
  await mkdir(place("artifacts"));
  await writeFile(place("artifacts", "lost+found"), "");
  await (await open()).close();
  await (await open()).close();
  expect(await readMark(place("artifacts"))).toMatchObject({ database: place("test.db") });
  await rm(place("artifacts"), { recursive: true });
  await (await open()).close();
  expect(existsSync(place("artifacts", MARK_FILE))).toBe(true);
});

test("a database that was moved keeps its folder", async ({ newDatabaseWithOne, place, open }) => {
  const kept = await newDatabaseWithOne();
  await rename(place("test.db"), place("moved.db"));
  const database = await open("moved");
  expect(await sweep(database)).toMatchObject({ missing: 0, trashed: 0 });
  expect(existsSync(kept.file)).toBe(true);
  await database.close();
  expect(await readMark(place("artifacts"))).toMatchObject({ database: place("moved.db") });
});

test("a new database in the place of another does not get its folder", async ({
  newDatabaseWithOne,
  place,
  open,
}) => {
  const kept = await newDatabaseWithOne();
  await rm(place("test.db"));
  await expect(open()).rejects.toThrow(/belongs to a database that was \S+test\.db before this one/);
  expect(existsSync(kept.file)).toBe(true);
});

test("a mark that cannot be read stops the start", async ({ newDatabaseWithOne, place, open }) => {
  await newDatabaseWithOne();
  await writeFile(place("artifacts", MARK_FILE), "{");
  await expect(open()).rejects.toThrow(/^ARTIFACTS_DIR: \S+ cannot be read, so nobody knows/);
});

describe("a folder that an earlier version has filled, without a mark", () => {
  test("is the database's when it has all of its runs", async ({ newDatabaseWithOne, unmark, open }) => {
    await newDatabaseWithOne();
    await unmark();
    const database = await open();
    expect(await sweep(database)).toMatchObject({ missing: 0, trashed: 0 });
    await database.close();
  });

  test("is nobody's when it has others' too, until it is given to one, whose trash takes them", async ({
    newDatabaseWithOne,
    unmark,
    place,
    open,
  }) => {
    await newDatabaseWithOne();
    await unmark();
    const [other, name] = [randomUUID(), `${randomUUID()}.jpg`];
    await mkdir(place("artifacts", other));
    await writeFile(place("artifacts", other, name), "other");
    await expect(open()).rejects.toThrow(
      /has no mark[^\n]*1 of its 2 run folders are none of this database's/,
    );
    expect(await readdir(place("artifacts", other))).toEqual([name]);

    const environment = { ARTIFACTS_DIR: place("artifacts") };
    expect(await stepwire(`file:${place("test.db")}`, ["artifacts", "adopt"], environment)).toMatchObject({
      code: 0,
    });
    const database = await open();
    expect(await sweep(database)).toMatchObject({ missing: 0, trashed: 1 });
    await database.close();
    const day = new Date().toISOString().slice(0, 10);
    expect(await readFile(place("artifacts", "trash", day, other, name), "utf8")).toBe("other");
  });
});

test("a folder that was given to another database is not used by the first one any more", async ({
  open,
  keepOne,
  place,
}) => {
  const first = await open();
  const kept = await keepOne(first);
  const environment = { ARTIFACTS_DIR: place("artifacts") };
  const adopted = await stepwire(`file:${place("other.db")}`, ["artifacts", "adopt"], environment);
  expect(adopted.stderr).toContain(`The database ${place("test.db")} had it and cannot use it any more.`);

  await expect(sweep(first)).rejects.toThrow(/belongs to another database/);
  expect(existsSync(kept.file)).toBe(true);
  await first.close();
  await expect(open()).rejects.toThrow(/belongs to another database \(\S+other\.db\)/);
});

describe("the demo", () => {
  const folderFor = async (environment: Record<string, string>) => {
    const config = parseConfig(environment);
    return (await withFolderOfItsOwn(config, environment["ARTIFACTS_DIR"])).ARTIFACTS_DIR;
  };

  test("on another database has a folder of its own, beside it", async ({ place }) => {
    const database = { DATABASE_URL: `file:${place("demo.db")}` };
    expect(await folderFor(database)).toBe(place("demo-artifacts"));
    expect(await folderFor({ ...database, ARTIFACTS_DIR: "elsewhere" })).toBe("elsewhere");
    expect(await folderFor({})).toBe("./data/artifacts");
    expect(await folderFor({ DATABASE_URL: "file:./data/stepwire.db" })).toBe("./data/artifacts");
  });
});
