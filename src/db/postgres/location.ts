import { DatabaseStartError } from "../start-error.js";

/** Where a `DATABASE_URL` of PostgreSQL leads. */
export interface Location {
  /** The URL as the driver takes it. */
  url: string;
  /** The URL without user, password and parameters: for messages, logs and marks. */
  place: string;
  /** Name of the database. */
  database: string;
  /** Name of the role that logs in; empty where the URL names none. */
  role: string;
}

const FORM = "postgresql://USER:PASSWORD@HOST:5432/DATABASE";

/**
 * Reads a `DATABASE_URL` of PostgreSQL.
 *
 * @throws DatabaseStartError that never repeats the URL, which may hold a password.
 */
export function locationOf(url: string): Location {
  if (!URL.canParse(url)) {
    throw new DatabaseStartError(
      `DATABASE_URL: is no URL of the form ${FORM}. A user or password with one of : / ? # [ ] @ % in it needs ` +
        "percent-encoding, such as %40 for @.",
    );
  }
  const { hostname, port, pathname, username } = new URL(url);
  const database = decoded(pathname.slice(1));
  if (database === "" || database.includes("/")) {
    throw new DatabaseStartError(`DATABASE_URL: names no database after the host; it has the form ${FORM}.`);
  }
  // Without a host the driver would connect to one of the environment's (PGHOST).
  if (hostname === "") throw new DatabaseStartError(`DATABASE_URL: names no host; it has the form ${FORM}.`);
  const place = `postgresql://${hostname}:${port || "5432"}/${encodeURIComponent(database)}`;
  return { url, place, database, role: decoded(username) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new DatabaseStartError(
      "DATABASE_URL: a % in the user, password or database has to be written as %25.",
      { cause },
    );
  }
}
