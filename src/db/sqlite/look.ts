import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseState } from "../engine.js";
import { pendingMigrations, readMigrations } from "../migrations.js";
import { DatabaseStartError } from "../start-error.js";
import { openBare, startError } from "./connection.js";
import { databaseFileOf, realFileOf } from "./location.js";
import { lockHolderOf } from "./lock.js";
import { MIGRATIONS_FOLDER, readHistory } from "./migrate.js";

/**
 * Looks an embedded database over beside its server, or without one.
 *
 * @throws DatabaseStartError when it is damaged, none of Stepwire's, or cannot be opened.
 */
export async function look(url: string): Promise<DatabaseState> {
  const place = databaseFileOf(url);
  const where = { place, folder: dirname(place) };
  if (!existsSync(place)) return { ...where, isThere: false, pendingMigrations: 0, holder: undefined };
  const holder = await lockHolderOf(realFileOf(place));
  return { ...where, isThere: true, pendingMigrations: await countPending(place), holder };
}

async function countPending(file: string): Promise<number> {
  try {
    const connection = openBare(file);
    try {
      const { rows } = await connection.execute("PRAGMA quick_check(1)");
      // The PRAGMA answers in text: "ok", or the first thing that is wrong.
      const found = rows[0]?.[0] as string;
      if (found !== "ok") {
        const reason = found.replaceAll(/\s+/g, " ");
        throw new DatabaseStartError(
          `DATABASE_URL: ${file} is damaged: ${reason}. Bring a backup back with "stepwire db restore".`,
        );
      }
      return pendingMigrations(readMigrations(MIGRATIONS_FOLDER), await readHistory(connection)).length;
    } finally {
      connection.close();
    }
  } catch (error) {
    throw error instanceof DatabaseStartError ? error : startError(file, error);
  }
}
