import { randomUUID } from "node:crypto";
import pg from "pg";
import { ended } from "../../support/ended.js";
import type { PostgresServer } from "../../support/postgres-server.js";
import type { Ground } from "../ground.js";
import type { ScaleSizes } from "./options.js";

/** Everything that measurements of several servers need. */
export interface ScaleBench extends Ground {
  sizes: ScaleSizes;
  /** Rows have a database each in it. */
  postgres: PostgresServer;
}

/** @returns the `DATABASE_URL` of a database that is empty; it goes with the server */
export async function newDatabase({ postgres }: Pick<ScaleBench, "postgres">): Promise<string> {
  const name = `bench_${randomUUID().replaceAll("-", "")}`;
  await withConnection(postgres.urlOf("postgres"), (client) => client.query(`CREATE DATABASE ${name}`));
  return postgres.urlOf(name);
}

/** Works on a database beside its servers. */
export async function withConnection<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await ended("a connection to PostgreSQL", client.end());
  }
}
