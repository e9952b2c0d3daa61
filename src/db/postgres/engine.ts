import type { Logger } from "pino";
import type { ClientBase, Pool } from "pg";
import { atMost } from "../../async/at-most.js";
import { DatabaseStartError } from "../start-error.js";
import type { CommandEngine, Engine, EngineOptions, ServerRuns } from "../engine.js";
import type { Prisma, PrismaClient } from "../generated/client.js";
import { openClient } from "./client.js";
import { ConnectionGate } from "./connection-gate.js";
import { requireUtf8, requireVersion, startError } from "./faults.js";
import { PostgresJobStore } from "./job-store.js";
import { locationOf, type Location } from "./location.js";
import { migrate, readState } from "./migrate.js";
import { connectionTo, openPool, SERVER_NAME } from "./pool.js";
import { PostgresSharedSums } from "./shared-sums.js";
import { PostgresStoreEngine } from "./store-engine.js";
import { PostgresWakes } from "./wakes.js";

/** Longest wait for connections that statements still have when a database is closed, in milliseconds. */
const CLOSE_MS = 5_000;

/** The advisory lock of what one server does at a time: the letters "step". */
const ALONE_LOCK = 0x73746570;

/**
 * Opens a database of PostgreSQL for one of its servers, and brings it to the schema of this version.
 *
 * @throws DatabaseStartError when it cannot be used.
 */
export async function openForServer({ url, log }: EngineOptions): Promise<Engine> {
  const location = locationOf(url);
  return await orStartError(location, async () => {
    await connectionTo(location, async (connection) => {
      await requireUsable(connection, location);
      await applyMigrations(connection, log);
    });
    return new ServerEngine(location, { ...(await connect(location, { name: SERVER_NAME, log })), log });
  });
}

/**
 * Opens a database of PostgreSQL for a command that runs beside servers, or without one.
 *
 * @throws DatabaseStartError when it cannot be used, or has the tables of an earlier version: its servers may be at work.
 */
export async function openForCommand({ url, log }: EngineOptions): Promise<CommandEngine> {
  const location = locationOf(url);
  return await orStartError(location, async () => {
    await connectionTo(location, async (connection) => {
      await requireUsable(connection, location);
      await requireNoEarlierVersion(connection, location);
      await applyMigrations(connection, log);
    });
    const connected = await connect(location, { log });
    let closing: Promise<void> | undefined;
    return Object.assign(new PostgresStoreEngine(connected.client), {
      place: location.place,
      close: () => (closing ??= closeAll(connected)),
    });
  });
}

/** @throws DatabaseStartError for any error of the driver */
export async function orStartError<T>(location: Location, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw startError(location, error);
  }
}

/** @throws DatabaseStartError for a server or a database that cannot hold Stepwire's; the driver's error */
export async function requireUsable(connection: ClientBase, location: Location): Promise<void> {
  const { rows } = await connection.query<{ version: string; encoding: string }>(
    "SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding",
  );
  requireVersion(Number(rows[0]?.version), location.place);
  requireUtf8(rows[0]?.encoding ?? "", location);
}

async function requireNoEarlierVersion(connection: ClientBase, location: Location): Promise<void> {
  const { isNew, pending } = await readState(connection);
  if (isNew || pending === 0) return;
  throw new DatabaseStartError(
    `DATABASE_URL: ${location.place} is of an earlier version of Stepwire. Start a server of this version first, ` +
      "which brings it up to date.",
  );
}

async function applyMigrations(connection: ClientBase, log: Logger): Promise<void> {
  for (const migration of await migrate(connection)) log.info({ migration }, "migration applied");
}

interface Connected {
  pool: Pool;
  gate: ConnectionGate;
  client: PrismaClient;
}

async function connect(
  location: Location,
  { name, log }: { name?: string; log: Logger },
): Promise<Connected> {
  const pool = openPool(location, { log, ...(name && { name }) });
  const probe = async () => {
    const { rows } = await pool.query<{ is_read_only: string }>(
      "SELECT current_setting('transaction_read_only') AS is_read_only",
    );
    // The code that a write would be refused with: https://www.postgresql.org/docs/current/errcodes-appendix.html
    if (rows[0]?.is_read_only === "on") throw Object.assign(new Error("read only"), { code: "25006" });
  };
  const gate = new ConnectionGate({ place: location.place, probe, log });
  return { pool, gate, client: await openClient({ pool, gate }) };
}

async function closeAll({ client, pool, gate }: Connected): Promise<void> {
  gate.close();
  const ending = client.$disconnect().then(() => pool.end());
  // A connection that a statement still has is given up by PostgreSQL when this process ends.
  await atMost(CLOSE_MS, ending);
}

class ServerEngine extends PostgresStoreEngine implements Engine {
  /** Any number of servers may have it: the leases of runs decide. */
  readonly isSole = false;
  readonly place: string;
  readonly file = undefined;
  readonly wakes: PostgresWakes;
  readonly sums: PostgresSharedSums;
  readonly openJobs = (server: ServerRuns) => new PostgresJobStore(this, server);
  readonly #location: Location;
  readonly #connected: Connected;
  #closing: Promise<void> | undefined;

  constructor(location: Location, { log, ...connected }: Connected & { log: Logger }) {
    super(connected.client);
    this.place = location.place;
    this.wakes = new PostgresWakes(location, log);
    this.sums = new PostgresSharedSums(connected.client);
    this.#location = location;
    this.#connected = connected;
  }

  async continueNumbering(transaction: Prisma.TransactionClient): Promise<void> {
    const tables = await transaction.$queryRaw<{ name: string }[]>`
      SELECT quote_ident(table_name) AS name FROM information_schema.columns
      WHERE table_schema = 'public' AND column_name = 'id' AND column_default LIKE 'nextval(%'`;
    for (const { name } of tables) {
      // The names are the tables' own, and quoted.
      await transaction.$queryRawUnsafe(
        `SELECT setval(pg_get_serial_sequence('${name}', 'id'), (SELECT COALESCE(MAX(id), 0) + 1 FROM ${name}), false)`,
      );
    }
  }

  async alone<T>(work: () => Promise<T>): Promise<T> {
    return await connectionTo(this.#location, async (connection) => {
      await connection.query("SELECT pg_advisory_lock($1)", [ALONE_LOCK]);
      // The lock goes with the connection.
      return await work();
    });
  }

  check(): Promise<void> {
    return this.#connected.gate.check();
  }

  announce(): void {
    // Nobody is kept out.
  }

  readonly close = (): Promise<void> => {
    return (this.#closing ??= this.#close());
  };

  async #close(): Promise<void> {
    await this.wakes.close();
    await closeAll(this.#connected);
  }
}
