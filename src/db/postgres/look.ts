import type { ClientBase } from "pg";
import type { DatabaseState } from "../engine.js";
import { orStartError, requireUsable } from "./engine.js";
import { locationOf } from "./location.js";
import { readState } from "./migrate.js";
import { connectionTo, SERVER_NAME } from "./pool.js";

/**
 * Looks a database of PostgreSQL over beside its servers, or without one.
 *
 * @throws DatabaseStartError when it cannot be used.
 */
export async function look(url: string): Promise<DatabaseState> {
  const location = locationOf(url);
  return await orStartError(location, async () => {
    const { pending, holder } = await connectionTo(location, async (connection) => {
      await requireUsable(connection, location);
      return { ...(await readState(connection)), holder: await serverOf(connection) };
    });
    return {
      ...{ place: location.place, folder: undefined, isThere: true, holder },
      pendingMigrations: pending,
    };
  });
}

/** @returns undefined where no server is connected */
async function serverOf(connection: ClientBase): Promise<string | undefined> {
  const { rows } = await connection.query<{ address: string }>(
    `SELECT DISTINCT COALESCE(host(client_addr), 'this machine') AS address FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = $1`,
    [SERVER_NAME],
  );
  return rows.length === 0 ? undefined : `servers at ${rows.map(({ address }) => address).join(", ")}`;
}
