import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { pino } from "pino";
import { describe, expect } from "vitest";
import { DatabaseStartError, openDatabase } from "../../../../src/db/index.js";
import { openForServer } from "../../../../src/db/sqlite/engine.js";
import { folderTest } from "../../../support/scratch-fixtures.js";

const log = pino({ level: "silent" });

const test = folderTest.extend("open", ({ folder }) => (url: string) => {
  return openDatabase({ url, artifactsDir: join(folder, "artifacts"), log });
});

describe("openDatabase", () => {
  test("makes the folders of the database and of the artifacts", async ({ open, folder }) => {
    const database = await open(`file:${join(folder, "some", "folder", "test.db")}`);

    await expect(database.ping()).resolves.toBeUndefined();
    await database.close();
  });

  test("takes a path relative to the working directory, with characters that mean something in URLs", async ({
    folder,
    open,
  }) => {
    const path = relative(process.cwd(), join(folder, "100% #1"));
    const first = await open(`file:./${path}/test.db`);
    await first.testCaseStore.createTestCase({ name: "kept", steps: [] });
    await first.close();

    const second = await open(`file:${join(folder, "100% #1", "test.db")}`);

    expect(await second.testCaseStore.listTestCases({ limit: 2, before: undefined })).toHaveLength(1);
    await second.close();
  });

  test("leaves everything in the one file when it closes", async ({ folder, open }) => {
    const file = join(folder, "test.db");
    const database = await open(`file:${file}`);
    await database.testCaseStore.createTestCase({ name: "kept", steps: [] });
    await database.close();
    await copyFile(file, join(folder, "copy.db"));

    const copy = await open(`file:${join(folder, "copy.db")}`);

    expect(await copy.testCaseStore.listTestCases({ limit: 2, before: undefined })).toHaveLength(1);
    await copy.close();
  });

  test("says that a file is no database", async ({ folder, open }) => {
    const file = join(folder, "notes.txt");
    await writeFile(file, "no database, but long enough to be looked at as one\n".repeat(100));

    await expect(open(`file:${file}`)).rejects.toThrow(
      /notes\.txt is not a SQLite database\. Name another file/,
    );
    await expect(open(`file:${file}`)).rejects.toBeInstanceOf(DatabaseStartError);
  });

  test("says that the path is a folder", async ({ folder, open }) => {
    await mkdir(join(folder, "data"));

    await expect(open(`file:${join(folder, "data")}`)).rejects.toThrow(/data cannot be opened/);
  });

  test("says that the folder of the artifacts cannot be made", async ({ folder, open }) => {
    await writeFile(join(folder, "artifacts"), "a file stands here");

    await expect(open(`file:${join(folder, "test.db")}`)).rejects.toThrow(
      /^ARTIFACTS_DIR: the folder .*E[A-Z]+/,
    );
  });
});

describe("the connection that Prisma uses", () => {
  const openClient = async (file: string) => (await openForServer({ url: `file:${file}`, log })).client;
  const expected = { journal_mode: "wal", synchronous: 2n, foreign_keys: 1n, timeout: 0n };

  async function pragmas(client: Awaited<ReturnType<typeof openClient>>) {
    const values: Record<string, unknown> = {};
    for (const pragma of ["journal_mode", "synchronous", "foreign_keys", "busy_timeout"]) {
      const rows = await client.$queryRawUnsafe<Record<string, unknown>[]>(`PRAGMA ${pragma}`);
      for (const [name, value] of Object.entries(rows[0] ?? {})) {
        values[name] = typeof value === "number" ? BigInt(value) : value;
      }
    }
    return values;
  }

  test("has the PRAGMAs, also after transactions of every kind", async ({ folder }) => {
    const client = await openClient(join(folder, "test.db"));

    expect(await pragmas(client)).toEqual(expected);
    await client.$transaction(async (transaction) => {
      await transaction.$executeRawUnsafe("CREATE TABLE t (a INTEGER)");
    });
    expect(await pragmas(client)).toEqual(expected);
    await client
      .$transaction(async (transaction) => {
        await transaction.$executeRawUnsafe("INSERT INTO t VALUES (1)");
        throw new Error("rolled back");
      })
      .catch(() => undefined);
    expect(await pragmas(client)).toEqual(expected);
    await client.$transaction([client.$executeRawUnsafe("INSERT INTO t VALUES (2)")]);
    expect(await pragmas(client)).toEqual(expected);
    expect(await client.$queryRawUnsafe("SELECT a FROM t")).toMatchObject([
      { a: expect.anything() as unknown },
    ]);

    await client.$disconnect();
  });

  test("lets nothing slip between the statements of a transaction", async ({ folder }) => {
    const client = await openClient(join(folder, "test.db"));
    await client.$executeRawUnsafe("CREATE TABLE t (a INTEGER)");

    const inside = client.$transaction(async (transaction) => {
      await transaction.$executeRawUnsafe("INSERT INTO t VALUES (1)");
      // The other write is queued now, while this transaction is open, and must not become a part of it.
      const outside = client.$executeRawUnsafe("INSERT INTO t VALUES (2)");
      await transaction.$executeRawUnsafe("INSERT INTO t VALUES (3)");
      return Promise.reject(Object.assign(new Error("rolled back"), { outside }));
    });
    const error: unknown = await inside.catch((reason: unknown) => reason);
    await (error as { outside: Promise<unknown> }).outside;

    const rows = await client.$queryRawUnsafe<{ a: number | bigint }[]>("SELECT a FROM t");
    expect(rows.map(({ a }) => Number(a))).toEqual([2]);
    await client.$disconnect();
  });
});
