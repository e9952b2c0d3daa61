import { chmod, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { BackupError } from "../backup-error.js";
import type { Backup } from "../engine.js";
import { openBare, type Connection } from "./connection.js";
import { databaseFileOf } from "./location.js";
import { readHistory } from "./migrate.js";
import { draftOf, inspect, nameNew, removeAbandonedDrafts, sync, syncFolderOf } from "./backup-file.js";

/**
 * Copies a database into a file of its own, as it is at one moment, also while a server writes to it: a reader of the
 * write-ahead log keeps nobody waiting. The file has its name once it is complete, checked and on the disk.
 *
 * @param options.force Whether a file of that name may be replaced.
 * @throws BackupError; no file of that name was made or changed then.
 */
export async function backUp(options: { url: string; file: string; force: boolean }): Promise<Backup> {
  const source = databaseFileOf(options.url);
  const file = resolve(options.file);
  const { mode } = await statOrThrow(source, `DATABASE_URL: there is no database ${source}.`);
  await requireFree(file, { source, force: options.force });
  await removeAbandonedDrafts(file);
  const draft = draftOf(file);
  try {
    await copyInto(source, draft);
    await inspect(draft, `The copy of ${source}`);
    // The copy needs as much protection as the database.
    await chmod(draft, mode & 0o777);
    await sync(draft);
    if (options.force) await rename(draft, file);
    else if (!(await nameNew(draft, file))) throw taken(file);
    await syncFolderOf(file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return { source, file, bytes: (await stat(file)).size };
}

async function copyInto(source: string, draft: string): Promise<void> {
  let connection: Connection | undefined;
  try {
    connection = openBare(source);
    await connection.execute("PRAGMA busy_timeout = 15000");
    if ((await readHistory(connection)).length === 0) {
      throw new BackupError(`DATABASE_URL: ${source} is no database of Stepwire.`);
    }
    await connection.execute({ sql: "VACUUM INTO ?", args: [draft] });
  } catch (cause) {
    if (cause instanceof BackupError) throw cause;
    throw new BackupError(
      `The database ${source} could not be copied to ${draft} (${(cause as Error).message}). There must be room for ` +
        "another one, in a folder that this user can write.",
      { cause },
    );
  } finally {
    connection?.close();
  }
}

async function requireFree(
  file: string,
  { source, force }: { source: string; force: boolean },
): Promise<void> {
  await statOrThrow(dirname(file), `There is no folder ${dirname(file)} for the backup. Make it first.`);
  const there = await stat(file).catch(() => undefined);
  if (there === undefined) return;
  if (there.isDirectory()) throw new BackupError(`${file} is a folder. Name a file in it for the backup.`);
  const own = await realpath(source);
  const files = [own, `${own}-wal`, `${own}-shm`, `${own}.lock`];
  if (files.includes(await realpath(file))) {
    throw new BackupError(`${file} belongs to the database itself. Name another file for the backup.`);
  }
  if (!force) throw taken(file);
}

function taken(file: string): BackupError {
  return new BackupError(`${file} exists already. Name another file, or replace it with --force.`);
}

async function statOrThrow(path: string, message: string) {
  try {
    return await stat(path);
  } catch (cause) {
    throw new BackupError(message, { cause });
  }
}
