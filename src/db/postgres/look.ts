import type { DatabaseState } from "../engine.js";
import { orStartError, requireUsable } from "./engine.js";
import { locationOf } from "./location.js";
import { readState } from "./migrate.js";
import { connectionTo } from "./pool.js";

/**
 * Looks a database of PostgreSQL over beside its servers, or without one.
 *
 * @throws DatabaseStartError when it cannot be used.
 */
export async function look(url: string): Promise<DatabaseState> {
  const location = locationOf(url);
  return await orStartError(location, async () => {
    const { pending } = await connectionTo(location, async (connection) => {
      await requireUsable(connection, location);
      return await readState(connection);
    });
    return {
      ...{ place: location.place, folder: undefined, isThere: true, holder: undefined },
      pendingMigrations: pending,
    };
  });
}
