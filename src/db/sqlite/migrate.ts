import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { openConnection, type Connection, type ConnectionOptions } from "./connection.js";
import { DatabaseStartError } from "../start-error.js";
import { pendingMigrations, readMigrations, type AppliedMigration, type Migration } from "../migrations.js";

/** The package's own `prisma/migrations`: three folders up from `src/db/sqlite` as well as from `dist/db/sqlite`. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL("../../../prisma/migrations", import.meta.url));

/** A connection or a transaction on one. */
type Executor = Pick<Connection, "execute" | "executeMultiple">;

/** Prisma's own table, letter for letter, so that `prisma migrate` sees the same history. Times are Unix ms. */
const HISTORY_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`;

/**
 * Brings a database file to the schema of this version, each migration in one transaction: it is applied and
 * recorded, or nothing has happened. A new database gets all of them in one, which the disk writes once. Safe to call
 * from several processes at once; one applies, the others wait.
 *
 * @param file - Absolute path of the database.
 * @param folder - Where the migrations are; the package's own unless given.
 * @returns the names of the migrations that this call has applied, in order.
 * @throws DatabaseStartError when a migration was edited, is unknown, is half-applied or fails.
 */
export async function migrate(
  file: string,
  folder: string = MIGRATIONS_FOLDER,
  options: Pick<ConnectionOptions, "isTemporary"> = {},
): Promise<string[]> {
  const migrations = readMigrations(folder);
  const done: string[] = [];
  while (await anyPending(file, migrations, options)) {
    done.push(...(await applyNext(file, migrations, options)));
  }
  return done;
}

/**
 * Tells if a database has the schema of this version.
 *
 * @throws DatabaseStartError when a migration was edited, is unknown or is half-applied.
 */
export async function isMigrated(file: string): Promise<boolean> {
  return !(await anyPending(file, readMigrations(MIGRATIONS_FOLDER)));
}

async function anyPending(
  file: string,
  migrations: Migration[],
  options: ConnectionOptions = {},
): Promise<boolean> {
  const connection = await openConnection(file, options);
  try {
    return (await readPending(connection, migrations)).length > 0;
  } finally {
    connection.close();
  }
}

async function readPending(connection: Executor, migrations: Migration[]): Promise<Migration[]> {
  return pendingMigrations(migrations, await readHistory(connection));
}

/** The migrations applied to a database, in order; none for one that Stepwire has not made. */
export async function readHistory(connection: Executor): Promise<AppliedMigration[]> {
  const table = await connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_prisma_migrations'");
  if (table.rows.length === 0) return [];
  const { rows } = await connection.execute(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished FROM "_prisma_migrations"
     WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return rows.map((row) => ({
    // Both columns are declared as text that is never null.
    name: row["migration_name"] as string,
    checksum: row["checksum"] as string,
    finished: Number(row["finished"]) === 1,
  }));
}

/** Applies the first pending migration, or all to a new database. @returns none when another process was faster */
async function applyNext(
  file: string,
  migrations: Migration[],
  options: ConnectionOptions,
): Promise<string[]> {
  // The client leaves a connection that ran a transaction to the garbage collector: each migration has its own.
  const connection = await openConnection(file, options);
  // SQLite ignores this inside a transaction. With foreign keys enforced, a migration that rebuilds a table, which
  // SQLite needs for most changes, would delete by cascade the rows that refer to it. Keys are checked before commit.
  await connection.execute("PRAGMA foreign_keys = OFF");
  // The write lock is the lock: a migration that another process has applied meanwhile is seen here, not repeated.
  const transaction = await connection.transaction("write");
  try {
    await transaction.execute(HISTORY_TABLE);
    const pending = await readPending(transaction, migrations);
    const isNew = pending.length === migrations.length;
    const next = isNew ? pending : pending.slice(0, 1);
    for (const migration of next) await apply(transaction, migration);
    await transaction.commit();
    return next.map(({ name }) => name);
  } finally {
    transaction.close();
  }
}

async function apply(transaction: Executor, { name, sql, checksum }: Migration): Promise<void> {
  const startedAt = Date.now();
  try {
    await transaction.executeMultiple(sql);
  } catch (cause) {
    throw new DatabaseStartError(`Migration ${name} failed and was undone: ${(cause as Error).message}`, {
      cause,
    });
  }
  const broken = await transaction.execute("PRAGMA foreign_key_check");
  if (broken.rows.length > 0) {
    throw new DatabaseStartError(
      `Migration ${name} was undone: it leaves ${broken.rows.length} rows that refer to rows which do not exist.`,
    );
  }
  await transaction.execute({
    sql: `INSERT INTO "_prisma_migrations"
      (id, checksum, finished_at, migration_name, started_at, applied_steps_count) VALUES (?, ?, ?, ?, ?, 1)`,
    args: [randomUUID(), checksum, Date.now(), name, startedAt],
  });
}
