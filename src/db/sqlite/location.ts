import { existsSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { prepareFolder } from "../folders.js";
import { DatabaseStartError } from "../start-error.js";

/**
 * The file that a `DATABASE_URL` names: `file:./data/stepwire.db` (relative to the working directory),
 * `file:/srv/stepwire.db` or `file:///srv/stepwire.db`. Makes its folder if there is none.
 *
 * @returns the absolute path.
 * @throws DatabaseStartError when the URL is of another kind, or the folder cannot be made or written.
 */
export function prepareDatabaseFile(url: string): string {
  const file = databaseFileOf(url);
  prepareFolder(dirname(file), "DATABASE_URL");
  return file;
}

/** More links one behind the other than any system follows. */
const MAX_LINKS = 40;

/**
 * The file that a path leads to in the end, so that every path to a database is known to be one. It need not exist;
 * its folder does.
 *
 * @throws DatabaseStartError when links lead nowhere, or the file has several names of its own.
 */
export function realFileOf(file: string): string {
  try {
    const real = followLinks(file);
    const stats = statSync(real, { throwIfNoEntry: false });
    const names = stats?.isFile() ? stats.nlink : 1;
    if (names <= 1) return real;
    // https://sqlite.org/howtocorrupt.html#multiple_links_to_the_same_file
    throw new DatabaseStartError(
      `DATABASE_URL: ${real} has ${names} names (hard links). SQLite keeps its log by name, so what is written under ` +
        "one is lost under another. Delete the other names, or make copies of them.",
    );
  } catch (cause) {
    if (cause instanceof DatabaseStartError) throw cause;
    throw new DatabaseStartError(
      `DATABASE_URL: ${file} leads nowhere (${(cause as NodeJS.ErrnoException).code}). Name a file in a folder that ` +
        "exists, or mend the link.",
      { cause },
    );
  }
}

/** As `realpath`, but for a file that does not exist yet as well. */
function followLinks(file: string): string {
  let path = file;
  for (let links = 0; links < MAX_LINKS; links++) {
    if (existsSync(path)) return realpathSync.native(path);
    path = join(realpathSync.native(dirname(path)), basename(path));
    const target = targetOf(path);
    if (target === undefined) return path;
    path = resolve(dirname(path), target);
  }
  throw Object.assign(new Error("too many links"), { code: "ELOOP" });
}

/** @returns nothing where there is no link */
function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/**
 * The absolute path of the file that a `DATABASE_URL` names, whether there is one or not.
 *
 * @throws DatabaseStartError when the URL is of another kind.
 */
export function databaseFileOf(url: string): string {
  const path = /^file:(.+)$/i.exec(url)?.[1];
  // A memory database would be a different one for each connection, and the migrations have their own.
  if (path === undefined || path.includes(":memory:") || path.includes("?")) {
    // The message leaves out a possible password: the text before the colon is enough to see the mistake.
    const kind = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0] ?? "text without a scheme";
    throw new DatabaseStartError(
      "DATABASE_URL must name a file without parameters, such as file:./data/stepwire.db, or a database of " +
        `PostgreSQL, such as postgresql://USER:PASSWORD@HOST/DATABASE; it holds ${kind}`,
    );
  }
  if (!path.startsWith("//")) return resolve(path);
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new DatabaseStartError(
      "DATABASE_URL: a file URL with two slashes names a host. Use one slash or three before an absolute path.",
      { cause },
    );
  }
}
