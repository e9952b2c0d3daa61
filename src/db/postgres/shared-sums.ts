import type { SharedSums } from "../../limits/ports.js";
import type { PrismaClient } from "../generated/client.js";

/** Sums of what servers count, in the table that limits share. */
export class PostgresSharedSums implements SharedSums {
  readonly #client: PrismaClient;

  constructor(client: PrismaClient) {
    this.#client = client;
  }

  async add(
    counts: ReadonlyMap<string, number>,
    windowMs: number,
  ): Promise<Map<string, { sum: number; msLeft: number }>> {
    // Before the counts are added: an error after that would have them added again. Those that another server is just
    // counting anew are left to it, so that neither waits for the other.
    await this.#client.$executeRaw`
      DELETE FROM rate_counts WHERE key IN (
        SELECT key FROM rate_counts WHERE expire <= CURRENT_TIMESTAMP AT TIME ZONE 'UTC' FOR UPDATE SKIP LOCKED
      )`;
    // In one order for all servers, so that no two of them wait for each other's rows; by the clock of the database alone.
    const keys = [...counts.keys()].sort();
    const points = keys.map((key) => counts.get(key) ?? 0);
    const rows = await this.#client.$queryRaw<{ key: string; sum: number; ms_left: number }[]>`
      WITH now AS (SELECT (CURRENT_TIMESTAMP AT TIME ZONE 'UTC') AS at)
      INSERT INTO rate_counts AS known (key, points, expire)
      SELECT new.key, new.points, now.at + ${windowMs}::int * INTERVAL '1 ms'
      FROM UNNEST(${keys}::text[], ${points}::int[]) AS new (key, points), now ORDER BY new.key
      ON CONFLICT (key) DO UPDATE SET
        points = EXCLUDED.points + CASE WHEN known.expire > (SELECT at FROM now) THEN known.points ELSE 0 END,
        expire = CASE WHEN known.expire > (SELECT at FROM now) THEN known.expire ELSE EXCLUDED.expire END
      RETURNING key, points AS sum, (EXTRACT(EPOCH FROM expire - (SELECT at FROM now)) * 1000)::int AS ms_left`;
    return new Map(rows.map(({ key, sum, ms_left: msLeft }) => [key, { sum, msLeft: Math.max(1, msLeft) }]));
  }
}
