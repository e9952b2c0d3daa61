import { pathToFileURL } from "node:url";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import { DatabaseStartError } from "../start-error.js";

/** A raw connection to the SQLite file, below Prisma. */
export type Connection = ReturnType<PrismaLibSql["createClient"]>;

/** Longest wait of a statement for another process that holds the file, in milliseconds. */
const BUSY_TIMEOUT = 5000;

/** Bytes to which the log (`-wal`) is cut down once all of it is in the database's file. */
const LOG_SIZE_LIMIT = 16 * 1024 * 1024;

/**
 * WAL because the adapters break later transactions in the other modes; `FULL` because with `NORMAL` a power cut
 * loses rows that were acknowledged.
 */
const PRAGMAS = [
  "PRAGMA journal_mode = WAL",
  "PRAGMA synchronous = FULL",
  "PRAGMA foreign_keys = ON",
  `PRAGMA journal_size_limit = ${LOG_SIZE_LIMIT}`,
];

export interface ConnectionOptions {
  /**
   * True for statements that wait for another process's lock, which keeps the event loop.
   * @defaultValue true
   */
  waitsForLocks?: boolean | undefined;
  /** True for a file that nobody needs after a power cut: no commit waits for the disk. @defaultValue false */
  isTemporary?: boolean | undefined;
}

/**
 * Opens a connection with the PRAGMAs that the server relies on.
 *
 * @throws DatabaseStartError when the file is no database or cannot be opened.
 */
export async function openConnection(
  file: string,
  { waitsForLocks = true, isTemporary = false }: ConnectionOptions = {},
): Promise<Connection> {
  try {
    const connection = openBare(file);
    // This PRAGMA comes first, for the others may have to wait.
    await connection.execute(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
    for (const pragma of PRAGMAS) await patiently(() => connection.execute(pragma));
    if (isTemporary) await connection.execute("PRAGMA synchronous = OFF");
    if (!waitsForLocks) await connection.execute("PRAGMA busy_timeout = 0");
    return connection;
  } catch (cause) {
    throw startError(file, cause);
  }
}

/** Opens a connection that changes nothing about the file, and makes it where there is none. @throws Error */
export function openBare(file: string): Connection {
  return new PrismaLibSql({ url: urlOf(file) }).createClient({ url: urlOf(file) });
}

/** Changing to WAL answers "busy" at once while another process does the same, whatever `busy_timeout` says. */
async function patiently<T>(statement: () => Promise<T>): Promise<T> {
  const until = Date.now() + BUSY_TIMEOUT;
  for (;;) {
    try {
      return await statement();
    } catch (error) {
      if (!isBusy(error) || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

/** The URL of a database file for the driver. */
export function urlOf(file: string): string {
  return pathToFileURL(file).href;
}

/** Tells if another process, or another connection, has the lock that was needed. */
export function isBusy(error: unknown): boolean {
  return codeOf(error) === "SQLITE_BUSY";
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** The error of a start whose database cannot be opened, with the remedy. */
export function startError(file: string, cause: unknown): DatabaseStartError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (codeOf(cause) === "SQLITE_NOTADB") {
    return new DatabaseStartError(
      `DATABASE_URL: ${file} is not a SQLite database. Name another file, or move this one away.`,
      { cause },
    );
  }
  if (isBusy(cause)) {
    return new DatabaseStartError(
      `DATABASE_URL: ${file} is locked by another process, and was for ${BUSY_TIMEOUT / 1000} s. End what writes to ` +
        "it, such as an open sqlite3 shell, or wait for it.",
      { cause },
    );
  }
  return new DatabaseStartError(
    `DATABASE_URL: ${file} cannot be opened (${reason}). It must be a file that this user can read and write.`,
    { cause },
  );
}
