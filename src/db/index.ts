import type { Logger } from "pino";
import { FileArtifactStore } from "./artifact-store.js";
import { openClient } from "./client.js";
import type { PrismaClient } from "./generated/client.js";
import { PrismaExecutionStore } from "./execution-store.js";
import { PrismaGeneratedCaseStore } from "./generated-case-store.js";
import { prepareDatabaseFile } from "./location.js";
import { migrate } from "./migrate.js";
import { PrismaRunReader } from "./run-reader.js";
import { PrismaStatsReader } from "./stats-reader.js";
import { PrismaTestCaseStore } from "./test-case-store.js";

export { DatabaseStartError } from "./location.js";

export interface DatabaseOptions {
  /** `DATABASE_URL`, such as `file:./data/stepwire.db`, relative to the working directory. */
  url: string;
  /** `ARTIFACTS_DIR`: the folder of screenshots and page sources. */
  artifactsDir: string;
  log: Logger;
}

/** Everything that is stored, behind the ports of those who store it. */
export interface Database {
  executionStore: PrismaExecutionStore;
  generatedCaseStore: PrismaGeneratedCaseStore;
  testCaseStore: PrismaTestCaseStore;
  artifactStore: FileArtifactStore;
  runReader: PrismaRunReader;
  statsReader: PrismaStatsReader;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  /** May be called more than once. */
  close(): Promise<void>;
}

/**
 * Opens the database: makes its folder and file if need be, brings it to the schema of this version, connects.
 *
 * @throws DatabaseStartError with a message for the operator when the database cannot be used.
 */
export async function openDatabase({ url, artifactsDir, log }: DatabaseOptions): Promise<Database> {
  const file = prepareDatabaseFile(url);
  for (const migration of await migrate(file)) log.info({ migration }, "migration applied");
  const client = await openClient(file);
  const artifactStore = new FileArtifactStore(client, artifactsDir);
  let closing: Promise<void> | undefined;
  return {
    executionStore: new PrismaExecutionStore(client),
    generatedCaseStore: new PrismaGeneratedCaseStore(client),
    testCaseStore: new PrismaTestCaseStore(client, { artifactStore, log }),
    artifactStore,
    runReader: new PrismaRunReader(client),
    statsReader: new PrismaStatsReader(client),
    ping: async () => {
      await client.$queryRaw`SELECT 1`;
    },
    close: () => (closing ??= close(client)),
  };
}

async function close(client: PrismaClient): Promise<void> {
  // Leaves the whole database in its one file, so that a copy of a stopped server's file misses nothing.
  await client.$queryRaw`PRAGMA wal_checkpoint(TRUNCATE)`;
  await client.$disconnect();
}
