import type { Pool } from "pg";
import type { PrismaClient as SqlitePrismaClient } from "../generated/client.js";
import { GuardedAdapter } from "./adapter.js";
import type { ConnectionGate } from "./connection-gate.js";
import { PrismaClient } from "./generated/client.js";

/** Prisma on a pool of connections. */
export async function openClient({
  pool,
  gate,
}: {
  pool: Pool;
  gate: ConnectionGate;
}): Promise<SqlitePrismaClient> {
  const client = new PrismaClient({
    adapter: new GuardedAdapter({ pool, gate }),
    // A transaction may have to wait for a connection, for others' locks, and for PostgreSQL itself.
    transactionOptions: { maxWait: 30_000, timeout: 30_000 },
    errorFormat: "minimal",
  });
  await client.$connect();
  // The cast holds because both clients are generated of the same models: the schema of this one is derived from that of
  // the other. All that it has more are filters, such as the one of `PostgresStoreEngine.containing`.
  return client as unknown as SqlitePrismaClient;
}
