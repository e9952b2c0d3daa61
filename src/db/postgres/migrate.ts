import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { ClientBase } from "pg";
import { pendingMigrations, readMigrations, type AppliedMigration, type Migration } from "../migrations.js";
import { DatabaseStartError } from "../start-error.js";

/** The package's own `prisma/postgresql/migrations`: three folders up, from `src/db/postgres` and `dist/db/postgres`. */
export const MIGRATIONS_FOLDER = fileURLToPath(
  new URL("../../../prisma/postgresql/migrations", import.meta.url),
);

/** The advisory lock under which Prisma's own command migrates as well. */
const PRISMA_LOCK = 72_707_369;

/** Longest wait for another server that migrates, and longest time of a statement of a migration, in milliseconds. */
const LOCK_TIMEOUT_MS = 60_000;
const STATEMENT_TIMEOUT_MS = 10 * 60_000;

const LOCK_NOT_AVAILABLE = "55P03";

/** Prisma's own table, letter for letter, so that `prisma migrate` sees the same history. */
const HISTORY_TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`;

/**
 * Brings a database to the schema of this version, each migration in one transaction and under a lock: of several
 * servers that start at once, one applies it and the others wait.
 *
 * @param client A connection of its own.
 * @param folder Where the migrations are; the package's own unless given.
 * @returns the names of the migrations that this call has applied, in order.
 * @throws DatabaseStartError when a migration was edited, is unknown, is half-applied or fails; the driver's error
 * when the database cannot be used.
 */
export async function migrate(client: ClientBase, folder: string = MIGRATIONS_FOLDER): Promise<string[]> {
  const migrations = readMigrations(folder);
  const done: string[] = [];
  while ((await readPending(client, migrations)).length > 0)
    done.push(...(await applyNext(client, migrations)));
  return done;
}

/**
 * Tells if a database has none of Stepwire's tables, and how many migrations it has yet to get.
 *
 * @throws DatabaseStartError as {@link migrate} does
 */
export async function readState(client: ClientBase): Promise<{ isNew: boolean; pending: number }> {
  const migrations = readMigrations(MIGRATIONS_FOLDER);
  const pending = (await readPending(client, migrations)).length;
  return { isNew: pending === migrations.length, pending };
}

async function readPending(client: ClientBase, migrations: Migration[]): Promise<Migration[]> {
  return pendingMigrations(migrations, await readHistory(client));
}

async function readHistory(client: ClientBase): Promise<AppliedMigration[]> {
  const table = await client.query<{ found: string | null }>(
    "SELECT to_regclass('_prisma_migrations') AS found",
  );
  if (table.rows[0]?.found == null) return [];
  const { rows } = await client.query<AppliedMigration>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished FROM _prisma_migrations
     WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return rows;
}

/** Applies the first pending migration. @returns none when another server was faster */
async function applyNext(client: ClientBase, migrations: Migration[]): Promise<string[]> {
  await client.query("BEGIN");
  try {
    await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await client.query(`SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`);
    await lock(client);
    await client.query(HISTORY_TABLE);
    const [next] = await readPending(client, migrations);
    if (next !== undefined) await apply(client, next);
    await client.query("COMMIT");
    return next === undefined ? [] : [next.name];
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

async function lock(client: ClientBase): Promise<void> {
  try {
    await client.query("SELECT pg_advisory_xact_lock($1)", [PRISMA_LOCK]);
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw cause;
    throw new DatabaseStartError(
      `DATABASE_URL: another server has been bringing the database to its version for ${LOCK_TIMEOUT_MS / 1000} s. ` +
        "Wait for it, then start this one again.",
      { cause },
    );
  }
}

async function apply(client: ClientBase, { name, sql, checksum }: Migration): Promise<void> {
  const startedAt = new Date();
  try {
    await client.query(sql);
  } catch (cause) {
    // A right that is missing, or a server that has gone, is no fault of the migration.
    if (!isFaultOfStatement(cause)) throw cause;
    throw new DatabaseStartError(`Migration ${name} failed and was undone: ${(cause as Error).message}`, {
      cause,
    });
  }
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
     VALUES ($1, $2, now(), $3, $4, 1)`,
    [randomUUID(), checksum, name, startedAt],
  );
}

/** Errors of syntax and of missing or doubled things (42…, but rights), and of data (22…, 23…). */
function isFaultOfStatement(error: unknown): boolean {
  const code = String((error as { code?: unknown }).code);
  return /^(42|22|23)/.test(code) && code !== "42501";
}
