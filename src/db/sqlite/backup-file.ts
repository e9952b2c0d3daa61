import { link, open, readdir, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { BackupError } from "../backup-error.js";
import type { AppliedMigration } from "../migrations.js";
import { isBusy, openBare, type Connection } from "./connection.js";
import { readHistory } from "./migrate.js";

/** A draft of another machine is taken for abandoned after this time, in milliseconds. */
const ABANDONED_MS = 24 * 60 * 60 * 1_000;

/** A file's draft, which takes its name when complete. It lies beside the file, for only there it can be renamed. */
export function draftOf(file: string): string {
  return `${file}.${HOST}-${process.pid}.partial`;
}

const HOST = hostname().replace(/[^A-Za-z0-9_]/g, "_");

/** Deletes drafts of a file that killed processes have left behind. */
export async function removeAbandonedDrafts(file: string): Promise<void> {
  const pattern = /^\.([A-Za-z0-9_]*)-(\d+)\.partial/;
  for (const name of await readdir(dirname(file))) {
    if (!name.startsWith(basename(file))) continue;
    const [, host, pid] = pattern.exec(name.slice(basename(file).length)) ?? [];
    if (pid === undefined) continue;
    const path = join(dirname(file), name);
    const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? 0);
    const isAbandoned = host === HOST ? !isAlive(Number(pid)) : age > ABANDONED_MS;
    if (isAbandoned) await rm(path, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists, and is somebody else's.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/**
 * Looks a database over.
 *
 * @param what Its name in messages.
 * @returns the migrations that were applied to it
 * @throws BackupError when it is damaged, or none of Stepwire's.
 */
export async function inspect(file: string, what: string): Promise<AppliedMigration[]> {
  let connection: Connection | undefined;
  try {
    connection = openBare(file);
    // Everything goes into the one file; a log that came with it is not wanted beside it.
    await connection.execute("PRAGMA journal_mode = DELETE");
    const { rows: damage } = await connection.execute("PRAGMA integrity_check(1)");
    // The PRAGMA answers in text: "ok", or the first thing that is wrong.
    const found = damage[0]?.[0] as string;
    if (found !== "ok") throw new BackupError(`${what} is damaged: ${found.replaceAll(/\s+/g, " ")}.`);
    const { rows: orphans } = await connection.execute("PRAGMA foreign_key_check");
    if (orphans.length > 0) {
      throw new BackupError(`${what} is damaged: ${orphans.length} rows refer to rows that do not exist.`);
    }
    const history = await readHistory(connection);
    if (history.length === 0) throw new BackupError(`${what} is no database of Stepwire.`);
    return history;
  } catch (cause) {
    if (cause instanceof BackupError) throw cause;
    throw new BackupError(`${what} cannot be read as a SQLite database (${(cause as Error).message}).`, {
      cause,
    });
  } finally {
    connection?.close();
  }
}

/** Resolves once a file, or the list of a folder's files, has reached the disk. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** As {@link sync}, where the system can: Windows opens no folders. */
export async function syncFolderOf(file: string): Promise<void> {
  await sync(dirname(file)).catch(() => undefined);
}

/**
 * Gives a draft its name, unless something has it already.
 *
 * @returns whether the draft has the name now
 */
export async function nameNew(draft: string, file: string): Promise<boolean> {
  try {
    // Unlike a rename, a link never takes a name away from another file.
    await link(draft, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    // The file system has no links.
    if ((await stat(file).catch(() => undefined)) !== undefined) return false;
    await rename(draft, file);
    return true;
  }
  await rm(draft);
  return true;
}

/** Folds the log of a database that no server has into its file. @returns whether that was possible */
export async function foldLog(file: string): Promise<boolean> {
  let connection: Connection | undefined;
  try {
    connection = openBare(file);
    await connection.execute("PRAGMA busy_timeout = 1000");
    await connection.execute("PRAGMA journal_mode = DELETE");
    return true;
  } catch (error) {
    if (!isBusy(error)) return false;
    throw new BackupError(
      `The database ${file} is open in another process. End it, such as a sqlite3 shell or another command, first.`,
      { cause: error },
    );
  } finally {
    connection?.close();
  }
}
