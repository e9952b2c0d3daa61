import type { StoreEngine } from "../engine.js";
import type { Prisma, PrismaClient } from "../generated/client.js";
import { isMissing, isUnique } from "../prisma-errors.js";
import { insertEvents } from "./event-insert.js";

/** PostgreSQL, as stores need it. */
export class PostgresStoreEngine implements StoreEngine {
  readonly client: PrismaClient;
  readonly isUnique = isUnique;
  readonly isMissing = isMissing;
  readonly insertEvents = insertEvents;
  readonly mostEventsAtOnce = Infinity;

  constructor(client: PrismaClient) {
    this.client = client;
  }

  /** A row is not locked by reading it, and a run that is saved locks its case only against being deleted. */
  async lockTestCase(transaction: Prisma.TransactionClient, id: number): Promise<void> {
    await transaction.$queryRaw`SELECT 1 FROM test_cases WHERE id = ${id}::bigint FOR UPDATE`;
  }

  containing(text: string): { contains: string } {
    const insensitive = { contains: text, mode: "insensitive" };
    return insensitive;
  }

  async sumArtifactBytes(): Promise<number> {
    const [row] = await this.client.$queryRaw<
      { total: bigint | null }[]
    >`SELECT SUM(bytes) AS total FROM artifacts WHERE missing_since IS NULL`;
    return Number(row?.total ?? 0);
  }
}
