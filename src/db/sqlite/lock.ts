import { existsSync, statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { isBusy, openBare, type Connection } from "./connection.js";
import { DatabaseStartError } from "../start-error.js";
import { describeHolder, forgetHolder, readHolder, writeHolder } from "./lock-holder.js";

/** Longest wait of a start for a server that is just ending, in milliseconds. */
const PATIENCE_MS = 2_000;
const PAUSE_MS = 50;

/**
 * The right of one server to a database. It is SQLite's own lock on an empty file beside the database, `….lock`, held
 * by a transaction that is never committed: the operating system takes it back with the process, however that ends,
 * and it holds between containers as well. Others still read and write the database itself.
 */
export class ServerLock {
  readonly #file: string;
  #connection: Connection;
  #inode: bigint;

  private constructor(file: string, connection: Connection) {
    this.#file = file;
    this.#connection = connection;
    this.#inode = inodeOf(lockFileOf(file)) ?? 0n;
  }

  /**
   * @param file the database's own path, without links
   * @throws DatabaseStartError that says who has the lock, or why there can be none
   */
  static async take(file: string): Promise<ServerLock> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const connection = await tryLock(file);
      if (connection !== undefined) {
        const lock = new ServerLock(file, connection);
        writeHolder(file);
        return lock;
      }
      if (performance.now() > until) {
        throw new DatabaseStartError(
          `DATABASE_URL: ${file} is in use by ${describeHolder(readHolder(file))}. ` +
            "Stop that server first, or name another file: an embedded database serves one server at a time.",
        );
      }
      await delay(PAUSE_MS);
    }
  }

  /** Tells those who want the lock where this server is. */
  announce(address: string): void {
    writeHolder(this.#file, address);
  }

  /**
   * Takes the lock again where its file was deleted, for the next server to start would make a new one.
   *
   * @returns who has it now, if somebody was faster
   */
  async renew(): Promise<string | undefined> {
    if (inodeOf(lockFileOf(this.#file)) === this.#inode) return undefined;
    const connection = await tryLock(this.#file);
    if (connection === undefined) return describeHolder(readHolder(this.#file));
    await letGo(this.#connection);
    this.#connection = connection;
    this.#inode = inodeOf(lockFileOf(this.#file)) ?? 0n;
    return undefined;
  }

  async release(): Promise<void> {
    forgetHolder(this.#file);
    await letGo(this.#connection);
  }
}

/**
 * Tells which server has the lock of a database, and makes no file.
 *
 * @param file the database's own path, without links
 * @returns undefined where none has
 */
export async function lockHolderOf(file: string): Promise<string | undefined> {
  if (!existsSync(lockFileOf(file))) return undefined;
  const connection = await tryLock(file);
  if (connection === undefined) return describeHolder(readHolder(file));
  await letGo(connection);
  return undefined;
}

function lockFileOf(file: string): string {
  return `${file}.lock`;
}

/** @returns nothing when somebody else has the lock */
async function tryLock(file: string): Promise<Connection | undefined> {
  let connection: Connection | undefined;
  try {
    connection = openBare(lockFileOf(file));
    await connection.execute("PRAGMA busy_timeout = 0");
    await connection.execute("BEGIN IMMEDIATE");
    return connection;
  } catch (cause) {
    connection?.close();
    if (isBusy(cause)) return undefined;
    throw new DatabaseStartError(
      `DATABASE_URL: the lock file ${lockFileOf(file)} cannot be used (${(cause as Error).message}). The folder must ` +
        "be writable for this user, and the file too: delete it while no server runs if it belongs to somebody else.",
      { cause },
    );
  }
}

/** Closing alone gives no lock up before the driver's statements are collected as garbage. */
async function letGo(connection: Connection): Promise<void> {
  await connection.execute("ROLLBACK");
  connection.close();
}

function inodeOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}
