import type { PrismaClient } from "./generated/client.js";

/** The database itself, below the stores: how it is opened, kept sound and closed. */
export interface Engine {
  readonly client: PrismaClient;
  /**
   * Finds out whether the database can be read and written now.
   *
   * @throws Error with the reason for the operator.
   */
  check(): Promise<void>;
  /** Tells others who want to use the database where this server is. */
  announce(address: string): void;
  /** May be called more than once. */
  close(): Promise<void>;
}
