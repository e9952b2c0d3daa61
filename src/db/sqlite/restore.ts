import { chmod, chown, constants, copyFile, link, realpath, rename, rm, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { BackupError } from "../backup-error.js";
import type { Restored } from "../engine.js";
import { pendingMigrations, readMigrations } from "../migrations.js";
import { DatabaseStartError } from "../start-error.js";
import { draftOf, foldLog, inspect, removeAbandonedDrafts, sync, syncFolderOf } from "./backup-file.js";
import { prepareDatabaseFile, realFileOf } from "./location.js";
import { ServerLock } from "./lock.js";
import { MIGRATIONS_FOLDER } from "./migrate.js";

/**
 * Makes a backup the database that a server starts with next. The database that was there is kept beside it. The backup
 * stays as it is, and at every moment one of the two has the name.
 *
 * @throws DatabaseStartError when a server has the database; BackupError when the backup cannot be used. Nothing has
 * been changed then.
 */
export async function restore(options: { url: string; file: string; now: Date }): Promise<Restored> {
  const source = resolve(options.file);
  const file = realFileOf(prepareDatabaseFile(options.url));
  await requireOther(source, file);
  const lock = await ServerLock.take(file);
  const draft = draftOf(file);
  try {
    await removeAbandonedDrafts(file);
    await copy(source, draft);
    await requireKnown(draft, source);
    const keptAs = await keep(file, draft, options.now);
    await rename(draft, file);
    await syncFolderOf(file);
    return { file, source, keptAs };
  } catch (error) {
    for (const end of ["", "-wal", "-shm", "-journal"]) await rm(draft + end, { force: true });
    throw error;
  } finally {
    await lock.release();
  }
}

async function requireOther(source: string, file: string): Promise<void> {
  const stats = await stat(source).catch((cause: unknown) => {
    throw new BackupError(`There is no backup ${source}.`, { cause });
  });
  if (!stats.isFile()) throw new BackupError(`${source} is no file.`);
  if ((await realpath(source)) === file) throw new BackupError(`${source} is the database itself.`);
}

/** Copies a backup, and its log where somebody has copied the database with one. */
async function copy(source: string, draft: string): Promise<void> {
  await copyFile(source, draft, constants.COPYFILE_FICLONE);
  await copyFile(`${source}-wal`, `${draft}-wal`).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  });
}

async function requireKnown(draft: string, source: string): Promise<void> {
  const applied = await inspect(draft, source);
  try {
    pendingMigrations(readMigrations(MIGRATIONS_FOLDER), applied);
  } catch (cause) {
    if (!(cause instanceof DatabaseStartError)) throw cause;
    throw new BackupError(`${source} does not fit this version of Stepwire. ${cause.message}`, { cause });
  }
}

/** @returns the name under which the database that is there has been kept */
async function keep(file: string, draft: string, now: Date): Promise<string | undefined> {
  const there = await stat(file).catch(() => undefined);
  if (there !== undefined) {
    await chmod(draft, there.mode & 0o777);
    if (process.getuid?.() === 0) await chown(draft, there.uid, there.gid);
  }
  await sync(draft);
  const keptAs = `${file}.replaced-${now.toISOString().replace(/[:.]/g, "-")}`;
  if (there === undefined) {
    // The log left by a database that was deleted alone would be taken for that of the new one.
    await rename(`${file}-wal`, `${keptAs}-wal`).catch(ignoreMissing);
    await rm(`${file}-shm`, { force: true });
    return undefined;
  }
  // A damaged database is kept with its log.
  if (!(await foldLog(file))) {
    await rename(`${file}-wal`, `${keptAs}-wal`).catch(ignoreMissing);
    await rm(`${file}-shm`, { force: true });
  }
  // The database gets a second name rather than another one, so that it is never without a file.
  await link(file, keptAs).catch(() => rename(file, keptAs));
  return keptAs;
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}
