import {
  copyFile,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "../../../../src/db/index.js";
import { DatabaseUnavailableError } from "../../../../src/protocol/errors.js";
import { TestClient, type Message } from "../../../support/client.js";
import { connectionTo } from "../../../support/raw-database.js";
import { scratchFolder } from "../../../support/scratch-folder.js";
import { scratchDatabase, type ScratchDatabase } from "../../../support/scratch-database.js";
import { ServerProcess } from "../../../support/server-process.js";
import { createCase, getJson } from "../../../support/test-app.js";

const log = pino({ level: "silent" });

let scratch: ScratchDatabase;
let file: string;

beforeEach(async () => {
  scratch = await scratchDatabase();
  file = scratch.url.slice("file:".length);
  await scratch.database.testCaseStore.createTestCase({ name: "kept", steps: [] });
});
afterEach(() => scratch.remove());

const write = () => scratch.database.testCaseStore.createTestCase({ name: "late", steps: [] });

/** Another database of the same kind. */
async function makeOther(): Promise<string> {
  const other = join(scratch.folder, "other.db");
  const artifactsDir = join(scratch.folder, "other-artifacts");
  const database = await openDatabase({ url: `file:${other}`, artifactsDir, log });
  await database.close();
  return other;
}

/** Resolves when nothing is in the log any more, as some seconds after the last write: it looks as old as that. */
async function untilIdle(): Promise<void> {
  const logFile = `${file}-wal`;
  const longAgo = new Date(Date.now() - 60_000);
  await expect
    .poll(
      async () => {
        await utimes(logFile, longAgo, longAgo);
        await scratch.database.ping();
        return (await stat(logFile)).size;
      },
      { timeout: 10_000 },
    )
    .toBe(0);
}

/** Resolves when the file is whole and the log has something of what came then. */
async function untilUsed(): Promise<void> {
  await untilIdle();
  await scratch.database.ping();
  await write();
  await scratch.database.ping();
}

describe("a database that is not the one that was opened any more is said, and nothing is written", () => {
  test.each<[string, () => Promise<unknown>, RegExp]>([
    ["deleted", () => rm(file), /was deleted, renamed or unmounted/],
    ["renamed", () => rename(file, `${file}.away`), /was deleted, renamed or unmounted/],
    [
      "deleted with its log",
      () => Promise.all(["", "-wal", "-shm"].map((end) => rm(file + end))),
      /was deleted/,
    ],
    [
      "deleted with its folder",
      () => rm(dirname(file), { recursive: true }),
      /was deleted, renamed or unmounted/,
    ],
    ["replaced by another", async () => rename(await makeOther(), file), /was replaced by another file/],
    [
      "replaced by a folder",
      async () => {
        await rm(file);
        await mkdir(file);
      },
      /was replaced/,
    ],
    ["cut to nothing", () => truncate(file, 0), /was written over by something else than SQLite/],
    [
      "written over by another database while it is idle",
      async () => {
        await untilIdle();
        await scratch.database.ping();
        await copyFile(await makeOther(), file);
      },
      /was written over/,
    ],
    [
      "written over by another database while it is used",
      async () => {
        await untilUsed();
        await copyFile(await makeOther(), file);
      },
      /was written over/,
    ],
    [
      "written over by something else",
      async () => {
        await untilUsed();
        await writeFile(file, "no database\n".repeat(50_000));
      },
      /was written over/,
    ],
    [
      "robbed of its log",
      () => rm(`${file}-wal`),
      /The log of the database, .*-wal, was deleted or replaced/,
    ],
  ])("%s", async (_what, spoil, reason) => {
    await spoil();

    await expect(scratch.database.ping()).rejects.toThrow(reason);
    await expect(write()).rejects.toThrow(reason);
    await expect(write()).rejects.toBeInstanceOf(DatabaseUnavailableError);
  });

  test("its own backup, copied over it", async () => {
    await untilIdle();
    await copyFile(file, `${file}.backup`);
    await write();
    await untilIdle();
    await scratch.database.ping();

    await copyFile(`${file}.backup`, file);

    await expect(scratch.database.ping()).rejects.toThrow("was written over");
  });
});

test("a link that is pointed to another database is said", async () => {
  const { path: folder, remove } = await scratchFolder();
  const link = join(folder, "link.db");
  await symlink(join(folder, "a.db"), link);
  const database = await openDatabase({ url: `file:${link}`, artifactsDir: join(folder, "artifacts"), log });
  await rm(link);
  await symlink(await makeOther(), link);

  await expect(database.ping()).rejects.toThrow("was replaced by another file");
  await database.close();
  await remove();
});

test("a database that is put back is used again", async () => {
  await rename(file, `${file}.away`);
  await expect(scratch.database.ping()).rejects.toThrow("renamed");
  await rename(`${file}.away`, file);

  await expect(scratch.database.ping()).resolves.toBeUndefined();
  await expect(write()).resolves.toMatchObject({ name: "late" });
});

describe("what others may do is no fault", () => {
  test.each<[string, string[]]>([
    ["write", [`INSERT INTO "test_cases" (name, updated_at) VALUES ('by hand', 0)`]],
    [
      "checkpoint",
      [`INSERT INTO "test_cases" (name, updated_at) VALUES ('x', 0)`, "PRAGMA wal_checkpoint(TRUNCATE)"],
    ],
    ["vacuum", [`DELETE FROM "test_cases"`, "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"]],
  ])("%s", async (_what, statements) => {
    for (let round = 0; round < 3; round++) {
      await connectionTo(file, async (connection) => {
        for (const statement of statements) await connection.execute(statement);
      });
      await scratch.database.ping();
      await write();
    }
    await untilIdle();
    await expect(scratch.database.ping()).resolves.toBeUndefined();
  });
});

describe("an idle database", () => {
  test("has everything in its one file, so that a plain copy is whole", async () => {
    await write();
    await untilIdle();
    const copy = join(scratch.folder, "copy.db");
    await copyFile(file, copy);

    const names = await connectionTo(copy, (connection) =>
      connection.execute(`SELECT name FROM "test_cases"`),
    );

    expect(names.rows.map(({ name }) => name)).toEqual(["kept", "late"]);
  });

  test("has a log of bounded size also while it is never idle", async () => {
    // A reader keeps the log from starting anew; it grows beyond its limit meanwhile.
    const description = "x".repeat(1_000_000);
    await connectionTo(file, async (reader) => {
      await reader.execute("BEGIN");
      await reader.execute(`SELECT COUNT(*) FROM "test_cases"`);
      for (let count = 0; count < 20; count++) {
        await scratch.database.testCaseStore.createTestCase({ name: "large", description, steps: [] });
      }
      expect((await stat(`${file}-wal`)).size).toBeGreaterThan(20_000_000);
      await reader.execute("COMMIT");
    });
    for (let count = 0; count < 3; count++) await write();

    expect((await stat(`${file}-wal`)).size).toBeLessThanOrEqual(16 * 1024 * 1024);
  });
});

test(
  "the server is not ready within five seconds, refuses runs with the reason and logs it",
  { timeout: 60_000 },
  async () => {
    const folder = join(scratch.folder, "server");
    await mkdir(folder);
    const server = await ServerProcess.start(folder, { BROWSER_POOL_SIZE: "1" });
    const { stepIds } = await createCase(server.address, [[{ action: "log", message: "hello" }]]);
    await rm(join(folder, "test.db"));

    // Nobody asks: the server finds out by itself.
    await expect
      .poll(() => server.output(), { timeout: 5_000 })
      .toMatch(/"level":50.*was deleted, renamed or unmounted/);
    const ready = await fetch(`http://${server.address}/readyz`);
    expect(ready.status).toBe(503);
    expect(((await ready.json()) as { checks: object }).checks).toMatchObject({
      database: { ok: false, message: expect.stringContaining("was deleted") },
    });
    const client = await TestClient.connect(server.address);
    client.send({ type: "execute_step", step_id: stepIds[0] });
    const refusal: Message = await client.next("execution_error");
    expect(refusal).toMatchObject({
      code: "database_unavailable",
      error: expect.stringContaining("was deleted"),
    });
    expect(await getJson(server.address, "/healthz")).toEqual({ status: "ok" });
    client.close();
    const { code } = await server.end("SIGTERM");
    expect(code).toBe(0);
    await expect(readFile(join(folder, "test.db"))).rejects.toThrow("ENOENT");
  },
);

test("what was in the log goes into the file that was moved away, and not into the one that has its name", async () => {
  const other = await makeOther();
  await write();
  expect((await stat(`${file}-wal`)).size).toBeGreaterThan(0);
  await rename(file, `${file}.away`);
  await rename(other, file);
  await expect(scratch.database.ping()).rejects.toThrow("was replaced");

  // As after a kill: nothing of this process is used any more.
  const namesIn = async (path: string) => {
    await copyFile(path, `${path}.copy`);
    return await connectionTo(`${path}.copy`, async (connection) => {
      const { rows: damage } = await connection.execute("PRAGMA integrity_check");
      expect(damage.map((row) => row[0])).toEqual(["ok"]);
      const { rows } = await connection.execute(`SELECT name FROM "test_cases" ORDER BY id`);
      return rows.map(({ name }) => name);
    });
  };
  expect(await namesIn(`${file}.away`)).toEqual(["kept", "late"]);
  expect((await stat(`${file}-wal`)).size).toBe(0);
  expect(await namesIn(file)).toEqual([]);
});
