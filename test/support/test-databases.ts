import { createHash } from "node:crypto";
import { join } from "node:path";
import pg from "pg";
import { ended } from "./ended.js";

/** Set for tests that run on PostgreSQL: the address of a server in which each of them gets a database of its own. */
const SERVER = process.env["TEST_POSTGRES_URL"];

/** The database that the others are copies of: it has the schema of this version. */
export const TEMPLATE = "stepwire_template";

/** True where the tests run on PostgreSQL, by `npm run test:postgres`. */
export const ON_POSTGRES = SERVER !== undefined;

/** PostgreSQL's code for a database of a name that is taken. */
const DUPLICATE_DATABASE = "42P04";

/**
 * The `DATABASE_URL` of a test: the embedded database in its folder, or a database of PostgreSQL of its own, which is
 * there and has its tables when this resolves. The same folder and name lead to the same database.
 */
export async function databaseUrlIn(folder: string, name = "test"): Promise<string> {
  const file = join(folder, `${name}.db`);
  if (SERVER === undefined) return `file:${file}`;
  const database = `test_${createHash("sha256").update(file).digest("hex").slice(0, 24)}`;
  await onServer(`CREATE DATABASE ${database} TEMPLATE ${TEMPLATE} STRATEGY file_copy`).catch(
    (error: unknown) => {
      if ((error as { code?: unknown }).code !== DUPLICATE_DATABASE) throw error;
    },
  );
  const url = new URL(SERVER);
  url.pathname = `/${database}`;
  return url.href;
}

/** Deletes a database that {@link databaseUrlIn} has made in PostgreSQL; one in a folder goes with that. */
export async function dropDatabase(url: string): Promise<void> {
  if (SERVER === undefined || !url.startsWith("postgresql:")) return;
  await onServer(`DROP DATABASE IF EXISTS ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({
    connectionString: SERVER,
    connectionTimeoutMillis: 10_000,
    query_timeout: 20_000,
  });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await ended("a connection to PostgreSQL", client.end());
  }
}
