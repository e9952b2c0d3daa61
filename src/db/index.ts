import type { Logger } from "pino";
import { adoptFolder, claimFolder, type FolderClaim } from "./artifact-owner.js";
import { FileArtifactStore } from "./artifact-store.js";
import { PrismaAuditStore } from "./audit-store.js";
import { openClient } from "./client.js";
import { PrismaCredentialStore } from "./credential-store.js";
import type { PrismaClient } from "./generated/client.js";
import { PrismaExecutionStore } from "./execution-store.js";
import { PrismaGeneratedCaseStore } from "./generated-case-store.js";
import { prepareDatabaseFile } from "./location.js";
import { migrate } from "./migrate.js";
import { PrismaRunReader } from "./run-reader.js";
import { PrismaStatsReader } from "./stats-reader.js";
import { PrismaTestCaseStore } from "./test-case-store.js";

export { withReliefOf } from "./full-disk.js";
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
  credentialStore: PrismaCredentialStore;
  auditStore: PrismaAuditStore;
  /** Absolute path of the database's file. */
  file: string;
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
  const client = await openMigrated(url, log);
  const claim = { client, artifactsDir, databaseFile: prepareDatabaseFile(url) };
  const artifactStore = new FileArtifactStore(client, await orDisconnect(claim, claimFolder));
  let closing: Promise<void> | undefined;
  return {
    executionStore: new PrismaExecutionStore(client),
    generatedCaseStore: new PrismaGeneratedCaseStore(client),
    testCaseStore: new PrismaTestCaseStore(client, { artifactStore, log }),
    artifactStore,
    runReader: new PrismaRunReader(client),
    statsReader: new PrismaStatsReader(client),
    credentialStore: new PrismaCredentialStore(client),
    auditStore: new PrismaAuditStore(client),
    file: claim.databaseFile,
    ping: async () => {
      await client.$queryRaw`SELECT 1`;
    },
    close: () => (closing ??= close(client)),
  };
}

/**
 * Opens the part of the database that says who may connect, for a process that runs beside the server.
 *
 * @throws DatabaseStartError with a message for the operator when the database cannot be used.
 */
export async function openCredentials({
  url,
  log,
}: Pick<DatabaseOptions, "url" | "log">): Promise<
  Pick<Database, "credentialStore" | "auditStore" | "close">
> {
  const client = await openMigrated(url, log);
  return {
    credentialStore: new PrismaCredentialStore(client),
    auditStore: new PrismaAuditStore(client),
    // Without the checkpoint of a server that stops: it would wait for the one that goes on.
    close: () => client.$disconnect(),
  };
}

/**
 * Gives the folder of artifacts to the database, whoever had it before.
 *
 * @returns where the database is that had it before, if another had
 * @throws DatabaseStartError with a message for the operator when either cannot be used.
 */
export async function adoptArtifacts({
  url,
  artifactsDir,
  log,
}: DatabaseOptions): Promise<string | undefined> {
  const client = await openMigrated(url, log);
  const claim = { client, artifactsDir, databaseFile: prepareDatabaseFile(url) };
  const before = await orDisconnect(claim, adoptFolder);
  await client.$disconnect();
  return before;
}

/** A server that does not start lets go of its database. */
async function orDisconnect<T>(claim: FolderClaim, work: (claim: FolderClaim) => Promise<T>): Promise<T> {
  try {
    return await work(claim);
  } catch (error) {
    await claim.client.$disconnect();
    throw error;
  }
}

async function openMigrated(url: string, log: Logger): Promise<PrismaClient> {
  const file = prepareDatabaseFile(url);
  for (const migration of await migrate(file)) log.info({ migration }, "migration applied");
  return await openClient(file);
}

async function close(client: PrismaClient): Promise<void> {
  // Leaves the whole database in its one file, so that a copy of a stopped server's file misses nothing.
  await client.$queryRaw`PRAGMA wal_checkpoint(TRUNCATE)`;
  await client.$disconnect();
}
