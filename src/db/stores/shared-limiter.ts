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

  constructor(client: PrismaClient, { name, points, seconds }: SharedLimit) {
    this.#client = client;
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
    await this.#client.rateCount.deleteMany({ where: { expire: { lte: new Date() } } });
    return await this.#limiter.consume(key, points);
  }
}
