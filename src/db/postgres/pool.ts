import pg from "pg";
import type { Logger } from "pino";
import { atMost } from "../../async/at-most.js";
import type { Location } from "./location.js";

/**
 * Connections that a server has at most. Each keeps a process of PostgreSQL, and a server has few statements at once.
 *
 * @see https://www.postgresql.org/docs/current/runtime-config-connection.html (max_connections, by default 100)
 */
const MOST_CONNECTIONS = 10;

/** Longest wait for a connection, in milliseconds; a new one, or one of those that others use. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Longest wait for the end of a connection, in milliseconds: a server that has gone says nothing any more. */
export const END_TIMEOUT_MS = 500;

/** Longest time that PostgreSQL works on a statement, in milliseconds, the wait for locks among it. */
const STATEMENT_TIMEOUT_MS = 30_000;

/** The same as the driver sees it: a network that swallows everything answers nothing at all. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;

/** Longest time that a transaction may do nothing; whoever forgot it must not keep its locks. In milliseconds. */
const IDLE_TRANSACTION_MS = 60_000;

/** Time after which a connection that nobody needs is closed, in milliseconds. */
const IDLE_MS = 30_000;

/**
 * Columns hold UTC, and a default of the table is made in the time zone of the connection; Prisma names the schema of
 * each table, and statements that are written out name none.
 */
const OPTIONS = ["-c TimeZone=UTC", "-c search_path=public"];

/** The name by which a server's connections are known from those of commands. Leases are looked at often enough for one. */
export const SERVER_NAME = "stepwire server";

/** The settings that every connection to a database has. */
export function connectionSettings({ url }: Location) {
  const given = new URL(url);
  const options = [given.searchParams.get("options"), ...OPTIONS].filter((text) => text !== null).join(" ");
  given.searchParams.delete("options");
  given.searchParams.delete("application_name");
  return {
    connectionString: given.href,
    application_name: "stepwire",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    options,
  };
}

/** A bounded number of connections, made when they are needed. */
export function openPool(location: Location, { name, log }: { name?: string; log: Logger }): pg.Pool {
  const pool = new pg.Pool({
    ...connectionSettings(location),
    ...(name && { application_name: name }),
    max: MOST_CONNECTIONS,
    idleTimeoutMillis: IDLE_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
  });
  // An idle connection that breaks is replaced when it is needed; without a listener it would end the process.
  pool.on("error", (error) => log.debug({ err: error }, "an idle connection to the database ended"));
  return pool;
}

/** Works on one connection of its own, without a deadline for statements. @throws the driver's error */
export async function connectionTo<T>(
  location: Location,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(connectionSettings(location));
  // The statement under way is rejected as well, and tells.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await atMost(END_TIMEOUT_MS, client.end()).catch(() => undefined);
  }
}
