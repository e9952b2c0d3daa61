import { DatabaseStartError } from "../start-error.js";
import type { Location } from "./location.js";

/** The earliest version that is supported: https://www.postgresql.org/support/versioning */
const OLDEST_VERSION = 14;

/** SQLSTATE codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const STARTING_UP = "57P03";
const TOO_MANY_CONNECTIONS = "53300";
const DISK_FULL = "53100";
const READ_ONLY = "25006";
const WRONG_PASSWORD = "28P01";
const REFUSED_BY_HBA = "28000";
const NO_DATABASE = "3D000";
const NO_RIGHT = "42501";

/**
 * The server was stopped, or the database dropped. An answer with one of these takes the place of the one that a
 * transaction was committed, so that nothing of it was.
 */
const ENDED_BY_SERVER: readonly string[] = ["57P01", "57P04"];

/** A conflict between two transactions, of which this one was undone: once more it goes through. */
const CONFLICTS: readonly string[] = ["40001", "40P01"];

/** Errors of the system that stand before a connection: nothing was sent. */
const NOT_REACHED: readonly string[] = [
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN"],
  ...["ENOENT", "EADDRNOTAVAIL"],
];

/** Errors in the middle of a connection, a crash of the server among them: a statement may have been carried out. */
const BROKEN_OFF: readonly string[] = ["57P02", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ECONNABORTED"];

/** The driver's errors that have no code. */
const NOT_CONNECTED =
  /^(timeout exceeded when trying to connect|connection terminated due to connection timeout)/i;
const TERMINATED = /^(connection terminated|query read timeout|client has encountered a connection error)/i;
const NO_TLS = /does not support SSL connections|establishing an SSL connection/i;

/** The state of a database that is not there, or takes nothing, for now. */
export interface Outage {
  /** The reason in words. */
  reason: string;
  /** True when nothing of the statement can have been carried out, so that it can be made again. */
  isUndone: boolean;
}

/** @returns nothing for an error of the statement itself */
export function outageOf(error: unknown): Outage | undefined {
  const { code, message } = faultOf(error);
  if (code === STARTING_UP) return { reason: "it is starting or stopping", isUndone: true };
  if (code === TOO_MANY_CONNECTIONS) return { reason: "it takes no more connections", isUndone: true };
  if (code === DISK_FULL) return { reason: "its disk is full", isUndone: true };
  if (code === READ_ONLY)
    return { reason: "it may only be read; it may be a standby server", isUndone: true };
  if (CONFLICTS.includes(code)) return { reason: "others write the same rows", isUndone: true };
  if (ENDED_BY_SERVER.includes(code)) return { reason: "it is stopping", isUndone: true };
  if (NOT_REACHED.includes(code)) return { reason: `it cannot be reached (${code})`, isUndone: true };
  if (BROKEN_OFF.includes(code)) return { reason: `the connection broke (${code})`, isUndone: false };
  if (NOT_CONNECTED.test(message))
    return { reason: "no connection was free or made in time", isUndone: true };
  if (TERMINATED.test(message)) return { reason: "the connection broke", isUndone: false };
  return undefined;
}

/** True when another transaction was in the way, and the database itself is well. */
export function isConflict(error: unknown): boolean {
  return CONFLICTS.includes(faultOf(error).code);
}

/** The driver's own error, or one of Prisma's adapter, which keeps the driver's code and message in its cause. */
function faultOf(error: unknown): { code: string; message: string } {
  const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: unknown };
  const inner = (typeof cause === "object" && cause !== null ? cause : {}) as Record<string, unknown>;
  // The adapter has a kind in place of the code for errors of the system.
  const kind = KINDS[String(inner["kind"])];
  return {
    code: text(inner["originalCode"]) || (kind ?? text(inner["code"])) || text(code),
    message: text(inner["originalMessage"]) || text(message),
  };
}

const KINDS: Readonly<Record<string, string>> = {
  DatabaseNotReachable: "ECONNREFUSED",
  ConnectionClosed: "ECONNRESET",
  SocketTimeout: "ETIMEDOUT",
};

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The error of a start whose database cannot be used, with the remedy. */
export function startError({ place, database, role }: Location, cause: unknown): DatabaseStartError {
  if (cause instanceof DatabaseStartError) return cause;
  const { code, message } = faultOf(cause);
  return new DatabaseStartError(`DATABASE_URL: ${remedyFor({ place, database, role, code, message })}`, {
    cause,
  });
}

interface StartFault extends Omit<Location, "url"> {
  code: string;
  message: string;
}

function remedyFor({ place, database, role, code, message }: StartFault): string {
  const who = role === "" ? "the role" : `the role "${role}"`;
  if (code === NO_DATABASE) {
    return `${place} does not exist. Make it with: CREATE DATABASE "${database}" OWNER "${role || "stepwire"}" ENCODING 'UTF8' TEMPLATE template0`;
  }
  if (code === WRONG_PASSWORD) {
    return `${place} does not let ${who} in: there is no such role, or the password is another. Make it with CREATE ROLE "${role || "stepwire"}" LOGIN PASSWORD '…', or put the right password into the URL, percent-encoded.`;
  }
  if (code === REFUSED_BY_HBA) {
    return `${place} does not let ${who} in (${message}). Make the role with CREATE ROLE … LOGIN, or let it in from this machine in the server's pg_hba.conf.`;
  }
  if (code === NO_RIGHT) {
    return `${who} may not do in ${place} what Stepwire needs (${message}). Make it the owner: ALTER DATABASE "${database}" OWNER TO "${role || "stepwire"}", or GRANT USAGE, CREATE ON SCHEMA public.`;
  }
  if (code === READ_ONLY)
    return `${place} may only be read; it may be a standby server. Name the primary one.`;
  if (NO_TLS.test(message)) {
    return `${place} speaks no TLS. Turn it on there (ssl = on), or leave sslmode out of the URL on a network that you trust.`;
  }
  if (/certificate|self-signed|altname/i.test(message)) {
    return `the certificate of ${place} is not trusted (${message}). Name the authority's in the URL (&sslrootcert=/path/ca.pem), and the host as the certificate has it.`;
  }
  const outage = outageOf({ code, message });
  if (outage !== undefined) {
    return `${place}: ${outage.reason}. Start PostgreSQL there, or mend the host and port in the URL.`;
  }
  return `${place} cannot be used (${message}).`;
}

/**
 * Refuses a server that is too old.
 *
 * @param number `server_version_num`, such as 150018
 * @throws DatabaseStartError
 */
export function requireVersion(number: number, place: string): void {
  const major = Math.floor(number / 10_000);
  if (major >= OLDEST_VERSION) return;
  throw new DatabaseStartError(
    `DATABASE_URL: ${place} is PostgreSQL ${major}, which is too old. Stepwire works with ${OLDEST_VERSION} and later.`,
  );
}

/**
 * Refuses a database that cannot hold every text.
 *
 * @throws DatabaseStartError
 */
export function requireUtf8(encoding: string, { place, database }: Location): void {
  if (encoding === "UTF8") return;
  throw new DatabaseStartError(
    `DATABASE_URL: ${place} has the encoding ${encoding}, which does not hold every text. Make another one with: ` +
      `CREATE DATABASE "${database}_utf8" ENCODING 'UTF8' TEMPLATE template0`,
  );
}
