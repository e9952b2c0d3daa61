import pg from "pg";
import { locationOf } from "../../src/db/postgres/location.js";
import { migrate } from "../../src/db/postgres/migrate.js";
import { connectionTo } from "../../src/db/postgres/pool.js";
import { findPostgres, PostgresServer } from "./postgres-server.js";
import { TEMPLATE } from "./test-databases.js";

/** Two files of tests at a time, each with some servers that have ten connections. */
const SETTINGS = ["max_connections=300"];

/** Vitest's global set-up of tests on PostgreSQL: a server with a database that each test gets a copy of. */
export default async function startPostgres(): Promise<() => Promise<void>> {
  const bin = await findPostgres();
  if (bin === undefined) {
    throw new Error(
      "There is no PostgreSQL here to test with. Install it, such as with: apt-get install postgresql",
    );
  }
  const server = await PostgresServer.start({ bin, settings: SETTINGS });
  const url = server.urlOf("postgres");
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  await client.end();
  await connectionTo(locationOf(server.urlOf(TEMPLATE)), (connection) => migrate(connection));
  // The processes of the tests, and those that they start, inherit it.
  process.env["TEST_POSTGRES_URL"] = url;
  return () => server.stop();
}
