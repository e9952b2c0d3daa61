import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseStartError } from "./start-error.js";

/** A migration as its folder holds it. */
export interface Migration {
  name: string;
  sql: string;
  /** SHA-256 of the file, in hex, as Prisma computes it. */
  checksum: string;
}

/** A row of `_prisma_migrations`. */
export interface AppliedMigration {
  name: string;
  checksum: string;
  finished: boolean;
}

/** Reads the migrations of a folder in the order in which they apply, which is that of their names. */
export function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
}

/**
 * The migrations that have yet to be applied.
 *
 * @throws DatabaseStartError when the applied migrations are not those of the folder.
 */
export function pendingMigrations(migrations: Migration[], applied: AppliedMigration[]): Migration[] {
  for (const row of applied) {
    const migration = migrations.find(({ name }) => name === row.name);
    if (!row.finished) throw halfApplied(row.name);
    if (migration === undefined) throw unknown(row.name);
    if (migration.checksum !== row.checksum) throw edited(row.name);
  }
  const names = new Set(applied.map(({ name }) => name));
  return migrations.filter(({ name }) => !names.has(name));
}

function halfApplied(name: string): DatabaseStartError {
  return new DatabaseStartError(
    `Migration ${name} was begun on this database by another tool and did not finish. Restore the database ` +
      `from a backup, or repair it by hand and mark the migration with "npx prisma migrate resolve --applied ` +
      `${name}" or "--rolled-back ${name}".`,
  );
}

function unknown(name: string): DatabaseStartError {
  return new DatabaseStartError(
    `This database holds migration ${name}, which this version of Stepwire does not know. Start the version ` +
      "that wrote it or a later one, or name another file in DATABASE_URL.",
  );
}

function edited(name: string): DatabaseStartError {
  return new DatabaseStartError(
    `Migration ${name} was applied to this database with another content than prisma/migrations/${name}/` +
      "migration.sql has now. Restore that file as it was (line ends count too) and put the change into a new migration.",
  );
}
