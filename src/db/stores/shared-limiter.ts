import { RateLimiterPrisma } from "rate-limiter-flexible";
import type { Limiter } from "../../connection/ports.js";
import type { PrismaClient } from "../generated/client.js";

export interface SharedLimit {
  /** The name of what is counted. */
  name: string;
  /** As much as each may have within the time. */
  points: number;
  /** The time, in seconds from the first of it. */
  seconds: number;
}

/** Counts in the database, so that a limit holds over all servers and outlives their restarts. */
export class PrismaLimiter implements Limiter {
  readonly #client: PrismaClient;
  readonly #limiter: RateLimiterPrisma;
  readonly #prefix: string;

  constructor(client: PrismaClient, { name, points, seconds }: SharedLimit) {
    this.#client = client;
    this.#prefix = `${name}:`;
    this.#limiter = new RateLimiterPrisma({
      storeClient: client,
      tableName: "rateCount",
      keyPrefix: name,
      points,
      duration: seconds,
      // By a timer of its own, which nobody could stop.
      clearExpiredByTimeout: false,
    });
  }

  async consume(key: string, points = 1): Promise<unknown> {
    // Its own ones: others are counted many at a time, and two statements might wait for each other's rows.
    const isOver = { key: { startsWith: this.#prefix }, expire: { lte: new Date() } };
    await this.#client.rateCount.deleteMany({ where: isOver });
    return await this.#limiter.consume(key, points);
  }
}
