import { statSync } from "node:fs";
import { dirname } from "node:path";
import type { Logger } from "pino";
import { InProcessWakes } from "../../wakes/in-process.js";
import type { CommandEngine, Engine, EngineOptions } from "../engine.js";
import { openClient } from "./client.js";
import { openBare, openConnection } from "./connection.js";
import { FileWatch, type Fault } from "./file-watch.js";
import { prepareDatabaseFile, realFileOf } from "./location.js";
import { ServerLock } from "./lock.js";
import { isMigrated, migrate, MIGRATIONS_FOLDER } from "./migrate.js";
import { networkFileSystemOf } from "./network-file-system.js";
import { SharedConnection } from "./shared-connection.js";
import { SqliteStoreEngine } from "./store-engine.js";
import { WriteGate } from "./write-gate.js";

/** Time between two looks at the files, in milliseconds. */
const LOOK_INTERVAL_MS = 1_000;

/** Time without a write after which the log is moved into the database's file, in milliseconds. */
const IDLE_MS = 3_000;

/** Codes of a file that is no such database any more; "no such table" is an `SQLITE_ERROR`. */
const NOT_THE_DATABASE = new Set(["SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_ERROR"]);

/**
 * Opens the embedded database for the one server that it has, and brings it to the schema of this version.
 *
 * @throws DatabaseStartError when another server has it, or it cannot be used.
 */
export async function openForServer({ url, isTemporary, log }: EngineOptions): Promise<Engine> {
  const file = prepareDatabaseFile(url);
  const realFile = realFileOf(file);
  warnOfNetwork(realFile, log);
  const lock = await ServerLock.take(realFile);
  try {
    await applyMigrations(file, log, isTemporary);
    return await ServerEngine.open({ file, realFile, lock, isTemporary, log });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/**
 * Opens the embedded database for a command that runs beside a server, or without one.
 *
 * @throws DatabaseStartError when it cannot be used, or a server of another version has it.
 */
export async function openForCommand({ url, log }: EngineOptions): Promise<CommandEngine> {
  const file = prepareDatabaseFile(url);
  const realFile = realFileOf(file);
  if (!(await isMigrated(file))) await migrateAlone(file, realFile, log);
  const { client } = await connect(file, { log, mayReopen: () => true });
  // A command makes no checkpoint, as a server that stops does: it would wait for the server that goes on.
  return Object.assign(new SqliteStoreEngine(client), { place: file, close: () => client.$disconnect() });
}

/** Under a server of an earlier version the tables must not change; one that has just started changes them itself. */
async function migrateAlone(file: string, realFile: string, log: Logger): Promise<void> {
  let lock: ServerLock;
  try {
    lock = await ServerLock.take(realFile);
  } catch (error) {
    if (await isMigrated(file)) return;
    throw error;
  }
  try {
    await applyMigrations(file, log);
  } finally {
    await lock.release();
  }
}

async function applyMigrations(file: string, log: Logger, isTemporary?: boolean): Promise<void> {
  const migrated = await migrate(file, MIGRATIONS_FOLDER, { isTemporary });
  for (const migration of migrated) log.info({ migration }, "migration applied");
}

interface ConnectOptions extends Pick<EngineOptions, "isTemporary" | "log"> {
  mayReopen: () => boolean;
}

async function connect(file: string, { isTemporary, log, mayReopen }: ConnectOptions) {
  const open = () => openConnection(file, { waitsForLocks: false, isTemporary });
  const connection = new SharedConnection(await open(), async () => {
    if (!mayReopen()) throw new Error("The name leads to another file by now.");
    return await open();
  });
  const gate = new WriteGate({
    file,
    isFree: () => connection.isFree(),
    writeNothing: () => connection.writeNothing(),
    log,
  });
  const client = await openClient({ file, connection, gate });
  return { connection, gate, client };
}

interface Parts extends Awaited<ReturnType<typeof connect>> {
  /** As it was named, with links. */
  path: string;
  /** The file that its path leads to. */
  file: string;
  watch: FileWatch;
  lock: ServerLock;
  log: Logger;
}

class ServerEngine extends SqliteStoreEngine implements Engine {
  /** The lock is taken before the database is opened; where it is lost, nothing is written any more. */
  readonly isSole = true;
  readonly wakes = new InProcessWakes();
  readonly openJobs = undefined;
  readonly sums = undefined;
  readonly place: string;
  readonly file: string;
  readonly #parts: Parts;
  readonly #timer: NodeJS.Timeout;
  #fault: string | undefined;
  #looking: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  private constructor(parts: Parts) {
    super(parts.client);
    this.#parts = parts;
    this.place = parts.path;
    this.file = parts.path;
    this.#timer = setInterval(() => void this.#look(), LOOK_INTERVAL_MS);
    this.#timer.unref();
  }

  static async open(options: {
    file: string;
    realFile: string;
    lock: ServerLock;
    isTemporary: boolean | undefined;
    log: Logger;
  }): Promise<ServerEngine> {
    const { file, realFile, isTemporary, log } = options;
    const watch = await FileWatch.open({
      file,
      logFile: logFileOf(realFile),
      readIdentity: () => readIdentity(file),
    });
    const connected = await connect(file, { isTemporary, log, mayReopen: () => watch.isInPlace() });
    return new ServerEngine({ ...options, ...connected, path: file, file: realFile, watch });
  }

  /** SQLite looks at the numbers that are there. */
  async continueNumbering(): Promise<void> {
    return Promise.resolve();
  }

  /** The lock lets no other server in. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  async check(): Promise<void> {
    await this.#look();
    await this.#parts.gate.check();
    await this.client.$queryRaw`SELECT 1`;
  }

  announce(address: string): void {
    this.#parts.lock.announce(address);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
    // Writes that wait for another process's lock would hold up the end.
    this.#parts.gate.close("The server is stopping.");
    // Leaves the whole database in its one file, so that a copy of a stopped server's file misses nothing.
    if (this.#fault === undefined) await this.client.$queryRaw`PRAGMA wal_checkpoint(TRUNCATE)`;
    await this.client.$disconnect();
    await this.#parts.lock.release();
  }

  /** Looks now, and resolves when any fault is known. */
  async #look(): Promise<void> {
    await (this.#looking ??= this.#lookOnce().finally(() => {
      this.#looking = undefined;
    }));
  }

  async #lookOnce(): Promise<void> {
    const { watch, gate, log } = this.#parts;
    const fault = (await watch.look()) ?? (await this.#lockFault());
    gate.close(fault?.reason);
    if (fault?.reason !== this.#fault) {
      this.#fault = fault?.reason;
      if (fault === undefined) log.info("the database is in its place again");
      else log.error({ reason: fault.reason }, "the database cannot be used");
      if (fault?.isOpenFileSound) await this.#checkpoint();
    }
    if (fault === undefined) await this.#checkpointWhenIdle();
  }

  async #lockFault(): Promise<Fault | undefined> {
    const { lock, file } = this.#parts;
    try {
      const holder = await lock.renew();
      if (holder === undefined) return undefined;
      const reason = `The database ${file} was taken over by ${holder}, after its lock file was deleted. Stop one of the two.`;
      return { reason, isOpenFileSound: false };
    } catch (error) {
      return { reason: (error as Error).message, isOpenFileSound: false };
    }
  }

  async #checkpointWhenIdle(): Promise<void> {
    const written = statSync(logFileOf(this.#parts.file), { throwIfNoEntry: false });
    if (written === undefined || written.size === 0 || Date.now() - written.mtimeMs < IDLE_MS) return;
    await this.#checkpoint();
  }

  async #checkpoint(): Promise<void> {
    const { connection, log } = this.#parts;
    try {
      await connection.checkpoint();
    } catch (error) {
      log.warn({ err: error }, "the database's log could not be moved into its file yet");
    }
  }
}

function logFileOf(file: string): string {
  return `${file}-wal`;
}

/** The id of the first row that was ever written to the database; no two databases have the same. */
async function readIdentity(file: string): Promise<string | undefined> {
  let connection: ReturnType<typeof openBare> | undefined;
  try {
    connection = openBare(file);
    const sql = `SELECT id FROM "_prisma_migrations" ORDER BY started_at, id LIMIT 1`;
    const { rows } = await connection.execute(sql);
    // A column of text; without a row there is no database of this kind.
    return (rows[0]?.[0] as string | undefined) ?? "";
  } catch (error) {
    const { code = "" } = error as { code?: string };
    return NOT_THE_DATABASE.has(code) ? code : undefined;
  } finally {
    connection?.close();
  }
}

function warnOfNetwork(file: string, log: Logger): void {
  const fileSystem = networkFileSystemOf(dirname(file));
  if (fileSystem === undefined) return;
  log.warn(
    { file, fileSystem },
    "the database is on a network file system: use it from this machine only, for neither its lock nor its log " +
      "are sure to hold between machines",
  );
}
