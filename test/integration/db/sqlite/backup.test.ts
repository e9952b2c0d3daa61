import { spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { chmod, copyFile, cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase, type Database } from "../../../../src/db/index.js";
import { TestClient } from "../../../support/client.js";
import { FakePool } from "../../../support/fake-browser.js";
import { collectGarbage } from "../../../support/garbage.js";
import { stepwire } from "../../../support/logins.js";
import { connectionTo } from "../../../support/raw-database.js";
import { scratchFolder, type ScratchFolder } from "../../../support/scratch-folder.js";
import { startApp } from "../../../support/test-app.js";

const log = pino({ level: "silent" });

let scratch: ScratchFolder;
let file: string;
let backup: string;
let server: Database | undefined;

beforeEach(async () => {
  scratch = await scratchFolder();
  file = join(scratch.path, "data", "test.db");
  backup = join(scratch.path, "backup.db");
  server = await open();
});
afterEach(async () => {
  await server?.close();
  await scratch.remove();
});

function open(): Promise<Database> {
  return openDatabase({ url: `file:${file}`, artifactsDir: join(scratch.path, "artifacts"), log });
}

const run = (...args: string[]) => stepwire(`file:${file}`, ["db", ...args]);

async function stop(): Promise<void> {
  await server?.close();
  server = undefined;
  // A server that ends takes its connections along; this process goes on.
  await collectGarbage();
}

const addCase = (name: string) => server?.testCaseStore.createTestCase({ name, steps: [] });

/** The names of the test cases in a database, of which nothing but its one file is looked at. */
async function namesIn(path: string): Promise<unknown[]> {
  const copy = join(scratch.path, "looked-at.db");
  await rm(copy, { force: true });
  await copyFile(path, copy);
  return await connectionTo(copy, async (connection) => {
    const { rows: damage } = await connection.execute("PRAGMA integrity_check");
    expect(damage.map((row) => row[0])).toEqual(["ok"]);
    const { rows } = await connection.execute(`SELECT name FROM "test_cases" ORDER BY id`);
    return rows.map(({ name }) => name);
  });
}

describe("db backup", () => {
  test("copies what is only in the log of a running server, and leaves one file", async () => {
    await addCase("one");
    await chmod(file, 0o600);
    expect(await run("backup", backup)).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Backed up .*test\.db to .*backup\.db \(\d+\.\d MB, checked\)\.\n$/),
      stderr: "",
    });

    expect(await namesIn(backup)).toEqual(["one"]);
    expect((await stat(backup)).mode & 0o777).toBe(0o600);
    expect((await readdir(scratch.path)).filter((name) => name.startsWith("backup"))).toEqual(["backup.db"]);
    // The server has noticed nothing.
    await server?.ping();
    await addCase("two");
  });

  test("replaces a file only when it is told to, and then in one moment", async () => {
    await writeFile(backup, "something else");

    expect(await run("backup", backup)).toMatchObject({
      code: 2,
      stderr: `${backup} exists already. Name another file, or replace it with --force.\n`,
    });
    expect(await readFile(backup, "utf8")).toBe("something else");
    expect(await run("backup", backup, "--force")).toMatchObject({ code: 0 });
    expect(await namesIn(backup)).toEqual([]);
  });

  test.each([
    ["the database itself", () => file, /belongs to the database itself/],
    ["its log", () => `${file}-wal`, /belongs to the database itself/],
    ["its lock", () => `${file}.lock`, /belongs to the database itself/],
    ["a folder", () => scratch.path, /is a folder\. Name a file in it/],
    [
      "a file in a folder that is not there",
      () => join(scratch.path, "no", "a.db"),
      /There is no folder .* Make it/,
    ],
  ])("refuses %s, also with --force", async (_what, target, reason) => {
    const result = await run("backup", target(), "--force");

    expect(result).toMatchObject({ code: 2, stderr: expect.stringMatching(reason) });
    expect(result.stderr.trim()).not.toContain("\n");
    await server?.ping();
  });

  test("makes no database where there is none", async () => {
    const other = join(scratch.path, "other.db");

    expect(await stepwire(`file:${other}`, ["db", "backup", backup])).toMatchObject({
      code: 2,
      stderr: `DATABASE_URL: there is no database ${other}.\n`,
    });
    await expect(stat(other)).rejects.toThrow("ENOENT");
  });

  test("refuses to back up a damaged database as if it were sound", async () => {
    for (let count = 0; count < 200; count++) await addCase(`case ${count}`);
    await stop();
    const bytes = await readFile(file);
    bytes.fill(0xff, 8_192, bytes.length - 4_096);
    await writeFile(file, bytes);

    const result = await run("backup", backup);

    expect(result.code).toBe(2);
    await expect(stat(backup)).rejects.toThrow("ENOENT");
  });

  test(
    "that is killed leaves no file of that name, and nothing once the next is made",
    { timeout: 60_000 },
    async () => {
      await fill(60);
      const child = spawn(process.execPath, ["--import", "tsx", "src/cli/main.ts", "db", "backup", backup], {
        env: { ...process.env, DATABASE_URL: `file:${file}` },
        stdio: "ignore",
      });
      const ended = once(child, "exit");
      await appeared(/\.partial$/);
      child.kill("SIGKILL");
      expect(await ended).toEqual([null, "SIGKILL"]);
      expect((await readdir(scratch.path)).some((name) => name.endsWith(".partial"))).toBe(true);
      await expect(stat(backup)).rejects.toThrow("ENOENT");

      expect(await run("backup", backup)).toMatchObject({ code: 0 });

      expect((await readdir(scratch.path)).filter((name) => name.includes("backup.db"))).toEqual([
        "backup.db",
      ]);
      expect((await namesIn(backup)).length).toBe(60);
    },
  );

  test(
    "under load is whole: every run in it has its events without gaps, and can be gone on with",
    { timeout: 60_000 },
    async () => {
      // A backup goes with the folder of the artifacts that its database has.
      const artifacts = { ARTIFACTS_DIR: join(scratch.path, "kept-artifacts") };
      const app = await startApp(artifacts, { pool: new FakePool(2) });
      const { caseId } = await app.createCase([
        [{ action: "wait", duration: 0.01 }],
        [{ action: "log", message: "x" }],
      ]);
      const client = await TestClient.connect(app.address);
      let isOver = false;
      let count = 0;
      const load = (async () => {
        // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- set below, while this waits
        while (!isOver) {
          const id = `run-${++count}`;
          client.send({ type: "execute_all", test_case_id: caseId, request_id: id });
          await client.next(({ type, request_id }) => type === "all_steps_complete" && request_id === id);
        }
      })();
      const results = await Promise.all(
        ["a.db", "b.db"].map((name) => stepwire(app.databaseUrl, ["db", "backup", join(scratch.path, name)])),
      );
      isOver = true;
      await load;
      client.close();
      await app.close();

      expect(results.map(({ code }) => code)).toEqual([0, 0]);
      await connectionTo(join(scratch.path, "a.db"), async (connection) => {
        const { rows } = await connection.execute(
          `SELECT run_id, COUNT(*) AS count, MAX(seq) AS last FROM "run_events" GROUP BY run_id`,
        );
        expect(rows.length).toBeGreaterThan(1);
        for (const row of rows) expect(row["count"]).toBe(row["last"]);
        const { rows: open } = await connection.execute(
          `SELECT COUNT(*) AS count FROM "runs" WHERE status NOT IN ('queued', 'running') AND finished_at IS NULL`,
        );
        expect(open[0]?.["count"]).toBe(0);
      });
      // A server starts on it, and gives the run that was under way its verdict.
      const restored = await startApp(
        { ...artifacts, DATABASE_URL: `file:${join(scratch.path, "b.db")}` },
        { pool: new FakePool(1) },
      );
      const stats = await restored.get<{ runs: { by_status: Record<string, number> } }>("/api/stats");
      expect(stats.runs.by_status).not.toMatchObject({
        running: expect.toSatisfy((left: number) => left > 0),
      });
      await restored.close();
    },
  );
});

describe("db restore", () => {
  test("brings back what was backed up, and keeps what was there", async () => {
    await addCase("before");
    await run("backup", backup);
    await addCase("after");
    await stop();

    const { code, stdout } = await run("restore", backup);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^Restored .*test\.db from .*backup\.db\. Start the server now\.\n/);
    const kept = /is kept as (.*)\.\n$/.exec(stdout)?.[1] ?? "";
    expect(basename(kept)).toMatch(/^test\.db\.replaced-\d{4}-\d\d-\d\dT/);
    expect(await namesIn(kept)).toEqual(["before", "after"]);
    expect(await namesIn(backup)).toEqual(["before"]);
    server = await open();
    const cases = await server.testCaseStore.listTestCases({ limit: 9, before: undefined });
    expect(cases.map(({ name }) => name)).toEqual(["before"]);
    await addCase("new");
  });

  test("brings back a database that was deleted", async () => {
    await addCase("before");
    await run("backup", backup);
    await stop();
    await rm(join(scratch.path, "data"), { recursive: true });

    expect(await run("restore", backup)).toMatchObject({ code: 0 });

    expect(await namesIn(file)).toEqual(["before"]);
  });

  test("takes the log along that a plain copy of a running database came with", async () => {
    await addCase("in the log");
    const copied = join(scratch.path, "copied.db");
    await copyFile(file, copied);
    await copyFile(`${file}-wal`, `${copied}-wal`);
    await stop();
    await rm(file);

    expect(await run("restore", copied)).toMatchObject({ code: 0 });

    expect(await namesIn(file)).toEqual(["in the log"]);
  });

  test("is refused while a server has the database, and says which", async () => {
    await addCase("kept");
    await run("backup", backup);

    const result = await run("restore", backup);

    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toMatch(/^DATABASE_URL: .* is in use by the server with process id \d+ .*\n$/);
    expect(result.stderr).toContain(`process id ${process.pid} `);
    await server?.ping();
    expect(await readdir(join(scratch.path, "data"))).not.toContainEqual(expect.stringContaining("replaced"));
  });

  test("is refused while something else has the database open", async () => {
    await run("backup", backup);
    await stop();
    await connectionTo(file, async (connection) => {
      await connection.execute(`SELECT 1 FROM "test_cases"`);

      expect(await run("restore", backup)).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/is open in another process\. End it/),
      });
    });
  });

  const spoiled: [string, () => Promise<unknown>, RegExp][] = [
    ["is not there", () => Promise.resolve(), /^There is no backup /],
    ["is a folder", () => mkdir(backup), / is no file\.$/m],
    [
      "is no database",
      () => writeFile(backup, "notes\n".repeat(2_000)),
      /cannot be read as a SQLite database/,
    ],
    ["is empty", () => writeFile(backup, ""), /is no database of Stepwire/],
    [
      "is another program's",
      () => connectionTo(backup, (connection) => connection.execute("CREATE TABLE t (a)")),
      /is no database of Stepwire/,
    ],
    [
      "is cut off",
      async () => {
        await run("backup", join(scratch.path, "whole.db"));
        const bytes = await readFile(join(scratch.path, "whole.db"));
        await writeFile(backup, bytes.subarray(0, 20_000));
      },
      /is damaged|cannot be read/,
    ],
    [
      "is of a later version",
      async () => {
        await run("backup", backup);
        await connectionTo(backup, (connection) =>
          connection.execute(
            `INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name) VALUES ('x', 'y', 1, '9999_later')`,
          ),
        );
      },
      /does not fit this version of Stepwire\. This database holds migration 9999_later/,
    ],
  ];
  test.each(spoiled)(
    "refuses a backup that %s, and leaves the database as it is",
    async (_what, spoil, reason) => {
      await addCase("kept");
      await spoil();
      await stop();

      const result = await run("restore", backup);

      expect(result).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(reason) });
      expect(result.stderr.trim()).not.toContain("\n");
      expect(await namesIn(file)).toEqual(["kept"]);
      const left = await readdir(join(scratch.path, "data"));
      expect(left.filter((name) => /partial|replaced/.test(name))).toEqual([]);
    },
  );

  test("keeps a damaged database with its log as it is", async () => {
    await addCase("kept");
    await run("backup", backup);
    await stop();
    await writeFile(file, "damaged\n".repeat(1_000));
    await writeFile(`${file}-wal`, "its log");

    const { code, stdout } = await run("restore", backup);

    expect(code).toBe(0);
    const kept = /is kept as (.*)\.\n$/.exec(stdout)?.[1] ?? "";
    expect(await readFile(kept, "utf8")).toContain("damaged");
    expect(await readFile(`${kept}-wal`, "utf8")).toBe("its log");
    expect(await namesIn(file)).toEqual(["kept"]);
  });

  test(
    "that is killed at any moment leaves one whole database, the old one or the new",
    { timeout: 120_000 },
    async () => {
      await addCase("new");
      await run("backup", backup);
      await fill(20);
      await stop();
      const old = ["new", ...Array.from({ length: 20 }, (_, index) => `large ${index}`)];
      await cp(join(scratch.path, "data"), join(scratch.path, "data-before"), { recursive: true });
      for (const trigger of [/\.partial$/, /\.replaced-/, /^test\.db$/]) {
        const child = spawn(
          process.execPath,
          ["--import", "tsx", "src/cli/main.ts", "db", "restore", backup],
          {
            env: { ...process.env, DATABASE_URL: `file:${file}` },
            stdio: "ignore",
          },
        );
        const ended = once(child, "exit");
        await Promise.race([appeared(trigger, join(scratch.path, "data")), ended]);
        child.kill("SIGKILL");
        await ended;

        const names = await namesIn(file);
        expect([["new"], old]).toContainEqual(names);
        await rm(join(scratch.path, "data"), { recursive: true });
        await cp(join(scratch.path, "data-before"), join(scratch.path, "data"), { recursive: true });
      }
      expect(await run("restore", backup)).toMatchObject({ code: 0 });
      expect(await namesIn(file)).toEqual(["new"]);
    },
  );
});

/** Makes a database large enough for its copy to take a while. */
async function fill(megabytes: number): Promise<void> {
  const description = "x".repeat(1_000_000);
  for (let count = 0; count < megabytes; count++) {
    await server?.testCaseStore.createTestCase({ name: `large ${count}`, description, steps: [] });
  }
}

/** Resolves when something with such a name is made or changed in a folder. */
async function appeared(name: RegExp, folder = scratch.path): Promise<void> {
  await new Promise<void>((resolve) => {
    const watcher = watch(folder, (_event, changed) => {
      if (changed === null || !name.test(changed)) return;
      watcher.close();
      resolve();
    });
  });
}
