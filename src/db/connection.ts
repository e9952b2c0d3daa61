import { pathToFileURL } from "node:url";
import { PrismaLibSql } from "@prisma/adapter-libsql";
import { DatabaseStartError } from "./location.js";

/** A raw connection to the SQLite file, below Prisma. */
export type Connection = ReturnType<PrismaLibSql["createClient"]>;
type Transaction = Awaited<ReturnType<Connection["transaction"]>>;

/** How long a statement waits for another process that holds the file, in milliseconds. */
const BUSY_TIMEOUT = 5000;

/**
 * `busy_timeout` first, for the others may have to wait. WAL because the adapters break later transactions in
 * the other modes; `FULL` because with `NORMAL` a power cut loses rows that were acknowledged.
 */
const PRAGMAS = [
  `PRAGMA busy_timeout = ${BUSY_TIMEOUT}`,
  "PRAGMA journal_mode = WAL",
  "PRAGMA synchronous = FULL",
  "PRAGMA foreign_keys = ON",
];

/**
 * Opens a connection with the PRAGMAs that the server relies on.
 *
 * @throws DatabaseStartError when the file is no database or cannot be opened.
 */
export async function openConnection(file: string): Promise<Connection> {
  try {
    const connection = new PrismaLibSql({ url: urlOf(file) }).createClient({ url: urlOf(file) });
    for (const pragma of PRAGMAS) await patiently(() => connection.execute(pragma));
    return connection;
  } catch (cause) {
    throw startError(file, cause);
  }
}

/** Prisma's adapter on one connection that {@link openConnection} has opened, which Prisma then owns. */
export function adapterFor(file: string, connection: Connection): PrismaLibSql {
  return new OneConnection(urlOf(file), connection);
}

/**
 * The client below the adapter gives its connection away to each transaction and opens another one, whose PRAGMAs
 * are the defaults, for what follows. The adapter itself lets nothing run beside a transaction, so one connection
 * serves for everything, and its PRAGMAs hold for everything.
 */
class OneConnection extends PrismaLibSql {
  readonly #connection: Connection;

  constructor(url: string, connection: Connection) {
    super({ url });
    this.#connection = connection;
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- Prisma's adapter calls this form of it
    connection.transaction = () => begin(connection);
  }

  override createClient(): Connection {
    return this.#connection;
  }
}

async function begin(connection: Connection): Promise<Transaction> {
  // Not deferred: a transaction that reads first and then writes would fail at once, without waiting, if another
  // process has written in between.
  await connection.execute("BEGIN IMMEDIATE");
  let closed = false;
  const end = async (statement: "COMMIT" | "ROLLBACK") => {
    closed = true;
    await connection.execute(statement);
  };
  return {
    execute: (statement: Parameters<Transaction["execute"]>[0]) => connection.execute(statement),
    batch: () => Promise.reject(new Error("The adapter runs no batches.")),
    executeMultiple: () => Promise.reject(new Error("The adapter runs no scripts in a transaction.")),
    commit: async () => {
      try {
        await end("COMMIT");
      } catch (error) {
        // A commit that failed, on a full disk for example, leaves the transaction open; nothing could begin after it.
        await end("ROLLBACK").catch(() => undefined);
        throw error;
      }
    },
    rollback: () => end("ROLLBACK"),
    close: () => undefined,
    get closed() {
      return closed;
    },
  };
}

/** Changing to WAL answers "busy" at once while another process does the same, whatever `busy_timeout` says. */
async function patiently<T>(statement: () => Promise<T>): Promise<T> {
  const until = Date.now() + BUSY_TIMEOUT;
  for (;;) {
    try {
      return await statement();
    } catch (error) {
      if (codeOf(error) !== "SQLITE_BUSY" || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

function urlOf(file: string): string {
  return pathToFileURL(file).href;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function startError(file: string, cause: unknown): DatabaseStartError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (codeOf(cause) === "SQLITE_NOTADB") {
    return new DatabaseStartError(
      `DATABASE_URL: ${file} is not a SQLite database. Name another file, or move this one away.`,
      { cause },
    );
  }
  return new DatabaseStartError(
    `DATABASE_URL: ${file} cannot be opened (${reason}). It must be a file that this user can read and write.`,
    { cause },
  );
}
