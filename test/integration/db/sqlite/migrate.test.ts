import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { openConnection } from "../../../../src/db/sqlite/connection.js";
import { migrate, MIGRATIONS_FOLDER } from "../../../../src/db/sqlite/migrate.js";
import { output, startChild } from "../../../support/database-children.js";
import { folderTest } from "../../../support/scratch-fixtures.js";

const test = folderTest
  .extend("file", ({ folder }) => join(folder, "test.db"))
  .extend("migrations", async ({ folder }) => {
    const migrations = join(folder, "migrations");
    await cp(MIGRATIONS_FOLDER, migrations, { recursive: true });
    return migrations;
  })
  .extend(
    "init",
    async ({ migrations }) =>
      (await readdir(migrations)).filter((name) => !name.endsWith(".toml")).sort()[0] ?? "",
  )
  .extend(
    "query",
    ({ file }) =>
      async (sql: string, ...args: (string | number)[]): Promise<Record<string, unknown>[]> => {
        const connection = await openConnection(file);
        const { rows } = await connection.execute({ sql, args });
        connection.close();
        return rows.map((row) => ({ ...row }));
      },
  )
  .extend("addMigration", ({ migrations }) => async (name: string, sql: string): Promise<void> => {
    await mkdir(join(migrations, name));
    await writeFile(join(migrations, name, "migration.sql"), sql);
  });

describe("migrate", () => {
  test("brings an empty file to the schema and records each migration as Prisma does", async ({
    file,
    init,
    query,
  }) => {
    const before = Date.now();

    expect(await migrate(file)).toContain(init);

    const [row] = await query(`SELECT * FROM "_prisma_migrations" WHERE migration_name = ?`, init);
    expect(row).toMatchObject({
      migration_name: init,
      logs: null,
      rolled_back_at: null,
      applied_steps_count: 1,
    });
    expect(row?.["id"]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(row?.["checksum"]).toMatch(/^[0-9a-f]{64}$/);
    expect(row?.["started_at"]).toBeGreaterThanOrEqual(before);
    expect(row?.["finished_at"]).toBeGreaterThanOrEqual(Number(row?.["started_at"]));
  });

  test("does nothing the second time", async ({ file, query }) => {
    await migrate(file);
    const history = await query(`SELECT * FROM "_prisma_migrations"`);

    expect(await migrate(file)).toEqual([]);

    expect(await query(`SELECT * FROM "_prisma_migrations"`)).toEqual(history);
  });

  test("applies only what is new, in the order of the names", async ({ file, migrations, addMigration }) => {
    await migrate(file, migrations);
    await addMigration("99990102000000_second", `ALTER TABLE "extra" ADD COLUMN "b" TEXT;`);
    await addMigration("99990101000000_first", `CREATE TABLE "extra" ("a" TEXT);`);

    expect(await migrate(file, migrations)).toEqual(["99990101000000_first", "99990102000000_second"]);
  });

  test("gives runs of a database from before retries one attempt, and keeps the rest as it is", async ({
    migrations,
    file,
    query,
  }) => {
    const [, ...later] = (await readdir(migrations)).filter((name) => !name.endsWith(".toml")).sort();
    for (const name of later) await rm(join(migrations, name), { recursive: true });
    await migrate(file, migrations);
    await query(`INSERT INTO "test_cases" (id, name, updated_at) VALUES (1, 'case', 0)`);
    await query(
      `INSERT INTO "runs" (id, kind, test_case_id, status, on_failure, created_at)
       VALUES ('run-1', 'case', 1, 'failed', 'stop', 0)`,
    );
    await query(
      `INSERT INTO "artifacts" (id, run_id, kind, media_type, path, bytes)
       VALUES ('a', 'run-1', 'page_source', 'text/html', 'run-1/a.html', 5)`,
    );

    expect(await migrate(file)).toEqual(later);

    expect(await query(`SELECT * FROM "runs"`)).toMatchObject([{ status: "failed", attempts: 1, flaky: 0 }]);
    expect(await query(`SELECT * FROM "artifacts"`)).toMatchObject([
      { kind: "page_source", name: null, bytes: 5 },
    ]);
  });

  test("takes values of variables out of what was kept of requests, and nothing else", async ({
    migrations,
    file,
    query,
  }) => {
    const names = (await readdir(migrations)).filter((name) => !name.endsWith(".toml")).sort();
    const later = names.filter((name) => name >= "20261130050000_forgotten_variables");
    for (const name of later) await rm(join(migrations, name), { recursive: true });
    await migrate(file, migrations);
    await query(`INSERT INTO "test_cases" (id, name, updated_at) VALUES (1, 'case', 0)`);
    const asked = '{"type":"execute_all","test_case_id":1,"retries":0';
    for (const [id, request] of Object.entries({
      a: `${asked},"variables":"[[\\"A\\",\\"1\\"]]"}`,
      b: `${asked}}`,
    }))
      await query(
        `INSERT INTO "runs" (id, kind, test_case_id, status, on_failure, created_at, idempotency_request)
         VALUES (?, 'case', 1, 'passed', 'stop', 0, ?)`,
        id,
        request,
      );
    await query(
      `INSERT INTO "runs" (id, kind, test_case_id, status, on_failure, created_at)
       VALUES ('c', 'case', 1, 'passed', 'stop', 0)`,
    );

    await migrate(file);

    const rows = await query(`SELECT idempotency_request AS asked FROM "runs" ORDER BY id`);
    expect(rows.map((row) => row["asked"])).toEqual([`${asked}}`, `${asked}}`, null]);
  });

  test("keeps runs with their events and artifacts where the table of runs is made anew", async ({
    migrations,
    file,
    query,
  }) => {
    const names = (await readdir(migrations)).filter((name) => !name.endsWith(".toml")).sort();
    const later = names.filter((name) => name >= "20261129130000_generation_runs");
    for (const name of later) await rm(join(migrations, name), { recursive: true });
    await migrate(file, migrations);
    await query(`INSERT INTO "test_cases" (id, name, updated_at) VALUES (1, 'case', 0)`);
    await query(
      `INSERT INTO "runs" (id, kind, test_case_id, status, on_failure, principal, lease_number, created_at)
       VALUES ('run-1', 'case', 1, 'failed', 'stop', 'ada', 3, 0)`,
    );
    await query(
      `INSERT INTO "run_events" (run_id, seq, ts, type, payload) VALUES ('run-1', 1, 0, 'queued', '{}')`,
    );
    await query(
      `INSERT INTO "artifacts" (id, run_id, kind, media_type, path, bytes)
       VALUES ('a', 'run-1', 'page_source', 'text/html', 'run-1/a.html', 5)`,
    );

    expect(await migrate(file)).toEqual(later);

    expect(await query(`SELECT * FROM "runs"`)).toMatchObject([
      { id: "run-1", test_case_id: 1, status: "failed", principal: "ada", lease_number: 3 },
    ]);
    expect(await query(`SELECT * FROM "run_events"`)).toHaveLength(1);
    expect(await query(`SELECT * FROM "artifacts"`)).toHaveLength(1);
  });

  test("refuses a migration that was edited after it was applied, and says what to do", async ({
    file,
    migrations,
    init,
  }) => {
    await migrate(file, migrations);
    const path = join(migrations, init, "migration.sql");
    await writeFile(path, `${await readFile(path, "utf8")}\n-- a comment`);

    await expect(migrate(file, migrations)).rejects.toThrow(
      new RegExp(`Migration ${init} was applied.*another content.*Restore that file`, "s"),
    );
  });

  test("refuses a database of a later version, and says what to do", async ({
    addMigration,
    file,
    migrations,
  }) => {
    await addMigration("99990101000000_later", `CREATE TABLE "later" ("a" TEXT);`);
    await migrate(file, migrations);

    await expect(migrate(file)).rejects.toThrow(
      /99990101000000_later, which this version .* does not know.*Start/s,
    );
  });

  test("refuses a migration that another tool left half-applied, and says what to do", async ({
    file,
    query,
  }) => {
    await migrate(file);
    await query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at) VALUES ('x', 'y', ?, ?)`,
      "99990101000000_half",
      Date.now(),
    );

    await expect(migrate(file)).rejects.toThrow(
      /99990101000000_half was begun .* did not finish.*migrate resolve/s,
    );
  });

  test("takes no notice of a migration that was marked as rolled back", async ({ file, query }) => {
    await migrate(file);
    await query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, rolled_back_at) VALUES ('x', 'y', 'gone', 1)`,
    );

    expect(await migrate(file)).toEqual([]);
  });

  test("undoes the whole of a migration that fails, and applies it once it is mended", async ({
    addMigration,
    file,
    migrations,
    query,
  }) => {
    await migrate(file, migrations);
    await addMigration(
      "99990101000000_bad",
      `CREATE TABLE "extra" ("a" TEXT); INSERT INTO "nowhere" VALUES (1);`,
    );

    await expect(migrate(file, migrations)).rejects.toThrow(
      /99990101000000_bad failed and was undone.*nowhere/s,
    );

    expect(await query(`SELECT name FROM sqlite_master WHERE name = 'extra'`)).toEqual([]);
    expect(await query(`SELECT migration_name AS name FROM "_prisma_migrations"`)).not.toContainEqual({
      name: "99990101000000_bad",
    });
    await writeFile(
      join(migrations, "99990101000000_bad", "migration.sql"),
      `CREATE TABLE "extra" ("a" TEXT);`,
    );
    expect(await migrate(file, migrations)).toEqual(["99990101000000_bad"]);
  });

  test("makes a new database whole or not at all", async ({ addMigration, file, migrations, query }) => {
    await addMigration("99990101000000_bad", `INSERT INTO "nowhere" VALUES (1);`);
    await expect(migrate(file, migrations)).rejects.toThrow("99990101000000_bad failed and was undone");
    expect(await query("SELECT name FROM sqlite_master")).toEqual([]);
  });

  test("keeps the rows that refer to a table which a migration rebuilds", async ({
    file,
    migrations,
    query,
    addMigration,
  }) => {
    await migrate(file, migrations);
    await query(`INSERT INTO "test_cases" (id, name, updated_at) VALUES (1, 'case', 0)`);
    await query(`INSERT INTO "test_steps" (test_case_id, step_number, description) VALUES (1, 1, 'step')`);
    // Prisma writes this to change a column; its PRAGMAs do nothing inside a transaction.
    await addMigration(
      "99990101000000_rebuild",
      `PRAGMA defer_foreign_keys=ON;
       PRAGMA foreign_keys=OFF;
       CREATE TABLE "new_test_cases" AS SELECT * FROM "test_cases";
       DROP TABLE "test_cases";
       ALTER TABLE "new_test_cases" RENAME TO "test_cases";
       CREATE UNIQUE INDEX "key" ON "test_cases"("id");
       PRAGMA foreign_keys=ON;
       PRAGMA defer_foreign_keys=OFF;`,
    );

    await migrate(file, migrations);

    expect(await query(`SELECT description FROM "test_steps"`)).toEqual([{ description: "step" }]);
  });

  test("undoes a migration that leaves references to nothing", async ({
    file,
    migrations,
    query,
    addMigration,
  }) => {
    await migrate(file, migrations);
    await query(`INSERT INTO "test_cases" (id, name, updated_at) VALUES (1, 'case', 0)`);
    await query(`INSERT INTO "test_steps" (test_case_id, step_number, description) VALUES (1, 1, 'step')`);
    await addMigration("99990101000000_orphans", `DELETE FROM "test_cases";`);

    await expect(migrate(file, migrations)).rejects.toThrow(
      /99990101000000_orphans was undone: it leaves 1 rows/,
    );

    expect(await query(`SELECT id FROM "test_cases"`)).toEqual([{ id: 1 }]);
  });

  test("is applied once when several processes start at the same moment", async ({ folder, file, query }) => {
    const gate = join(folder, "gate");
    const children = [1, 2, 3].map(() => startChild("migrate-child.ts", file, gate));
    const outputs = children.map(output);
    await Promise.all(children.map((child) => new Promise((resolve) => child.stdout.once("data", resolve))));
    await writeFile(gate, "");

    const applied = (await Promise.all(outputs)).map((text) => Number(/applied (\d+)/.exec(text)?.[1]));

    const folders = (await readdir(MIGRATIONS_FOLDER)).filter((name) => !name.endsWith(".toml"));
    expect(applied.reduce((sum, count) => sum + count)).toBe(folders.length);
    expect(await query(`SELECT count(*) AS count FROM "_prisma_migrations"`)).toEqual([
      { count: folders.length },
    ]);
  });
});
