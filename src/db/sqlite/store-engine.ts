import type { StoreEngine } from "../engine.js";
import type { PrismaClient } from "../generated/client.js";
import { isMissing, isUnique } from "../prisma-errors.js";
import { insertEvents, MOST_AT_ONCE } from "./event-insert.js";

/** The embedded database, as stores need it. */
export class SqliteStoreEngine implements StoreEngine {
  readonly client: PrismaClient;
  readonly isUnique = isUnique;
  readonly isMissing = isMissing;
  readonly insertEvents = insertEvents;
  readonly mostEventsAtOnce = MOST_AT_ONCE;

  constructor(client: PrismaClient) {
    this.client = client;
  }

  /** The transaction has the only write lock already. */
  async lockTestCase(): Promise<void> {
    return Promise.resolve();
  }

  /** `LIKE` makes no difference between large and small letters of ASCII here. */
  containing(text: string): { contains: string } {
    return { contains: text };
  }

  async sumArtifactBytes(): Promise<number> {
    const [row] = await this.client.$queryRaw<
      { total: bigint | number | null }[]
    >`SELECT SUM(bytes) AS total FROM artifacts WHERE missing_since IS NULL`;
    return Number(row?.total ?? 0);
  }
}
