import { PrismaClient } from "../generated/client.js";
import { GatedAdapter } from "./adapter.js";
import type { SharedConnection } from "./shared-connection.js";
import type { WriteGate } from "./write-gate.js";

/** Prisma on one connection to a database file, which it owns from then on. */
export async function openClient(options: {
  file: string;
  connection: SharedConnection;
  gate: WriteGate;
}): Promise<PrismaClient> {
  const client = new PrismaClient({
    adapter: new GatedAdapter(options),
    // Transactions queue for the one connection, and wait for other processes; Prisma's defaults (2 s, 5 s) are short.
    transactionOptions: { maxWait: 30_000, timeout: 30_000 },
    errorFormat: "minimal",
  });
  await client.$connect();
  return client;
}
