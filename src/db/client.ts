import { adapterFor, openConnection } from "./connection.js";
import { PrismaClient } from "./generated/client.js";

/**
 * Opens a database file with Prisma.
 * Prisma speaks over one connection, in WAL mode with `synchronous=FULL` and foreign keys enforced.
 *
 * @param file - Absolute path; its folder exists.
 * @throws DatabaseStartError when the file is no database or cannot be opened.
 */
export async function openClient(file: string): Promise<PrismaClient> {
  const connection = await openConnection(file);
  const client = new PrismaClient({
    adapter: adapterFor(file, connection),
    // Transactions queue for the one connection; Prisma's defaults (2 s, 5 s) are short for a busy machine.
    transactionOptions: { maxWait: 15_000, timeout: 30_000 },
    errorFormat: "minimal",
  });
  await client.$connect();
  return client;
}
