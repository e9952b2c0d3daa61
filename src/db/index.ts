import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { adoptPlace, claimArtifacts } from "./artifacts/claim.js";
import { openPlace } from "./artifacts/place.js";
import { FileBaselineStore } from "./artifacts/baselines.js";
import { FileArtifactStore } from "./artifacts/store.js";
import { PrismaAiUsageStore } from "./stores/ai-usage-store.js";
import { PrismaAuditStore } from "./stores/audit-store.js";
import { PrismaControlStore } from "./stores/control-store.js";
import { PrismaCredentialStore } from "./stores/credential-store.js";
import { PrismaEnvironmentStore } from "./stores/environment-store.js";
import { PrismaImportStore } from "./stores/import-store.js";
import { PrismaExecutionStore } from "./stores/execution-store.js";
import { PrismaOldRunStore } from "./stores/old-run-store.js";
import { PrismaRunReader } from "./stores/run-reader.js";
import { PrismaScheduleStore } from "./stores/schedule-store.js";
import { PrismaLimiter, type SharedLimit } from "./stores/shared-limiter.js";
import { PrismaStatsReader } from "./stores/stats-reader.js";
import type { Limiter } from "../connection/ports.js";
import type { JobStore } from "../execution/ports.js";
import type { SharedSums } from "../limits/ports.js";
import type { Wakes } from "../wakes/ports.js";
import type { Backup, DatabaseState, Restored } from "./engine.js";
import { engineKindOf } from "./engines.js";
import { PrismaTestCaseStore } from "./stores/test-case-store.js";
import { PrismaWebhookStore } from "./stores/webhook-store.js";

export { isBucket } from "./artifacts/place.js";
export { copyDatabase } from "./copy.js";
export { withReliefOf } from "./full-disk.js";
export type { DatabaseState } from "./engine.js";
export { BackupError } from "./backup-error.js";
export { DatabaseStartError } from "./start-error.js";

export interface DatabaseOptions {
  /** `DATABASE_URL`, such as `file:./data/stepwire.db`, relative to the working directory, or `postgresql://…`. */
  url: string;
  /** `ARTIFACTS_DIR`: the folder of screenshots and page sources, or a bucket of S3 as `s3://bucket/folder`. */
  artifactsDir: string;
  /** Names of the webhooks that are to be told of each run that finishes. @defaultValue none */
  webhooks?: readonly string[];
  /** True for one that is deleted when it is closed. @defaultValue false */
  isTemporary?: boolean;
  log: Logger;
}

/** Everything that is stored, behind the ports of its users. */
export interface Database {
  executionStore: PrismaExecutionStore;
  /** Both undefined where there is no other server. */
  jobStore: JobStore | undefined;
  controlStore: PrismaControlStore | undefined;
  testCaseStore: PrismaTestCaseStore;
  environmentStore: PrismaEnvironmentStore;
  scheduleStore: PrismaScheduleStore;
  importStore: PrismaImportStore;
  artifactStore: FileArtifactStore;
  baselineStore: FileBaselineStore;
  runReader: PrismaRunReader;
  oldRunStore: PrismaOldRunStore;
  statsReader: PrismaStatsReader;
  aiUsageStore: PrismaAiUsageStore;
  credentialStore: PrismaCredentialStore;
  auditStore: PrismaAuditStore;
  webhookStore: PrismaWebhookStore;
  /** Makes a limit that holds over all servers. */
  limiter(limit: SharedLimit): Limiter;
  /** Sums of what all servers count; undefined where there is no other server. */
  sums: SharedSums | undefined;
  /** Wakes those who wait for something to be stored, on all servers of the database. */
  wakes: Wakes;
  /** Absolute path of the database's file; `undefined` when it has none of its own. */
  file: string | undefined;
  /** Rejects with the reason when the database cannot be read and written now. */
  ping(): Promise<void>;
  /** Tells a server that is started on the same database where this one is. */
  announce(address: string): void;
  /** May be called more than once. */
  close(): Promise<void>;
}

/**
 * Opens the database for a server, the only one on an embedded database: makes its folder and file if need be, brings it
 * to the schema of this version, connects.
 *
 * @throws DatabaseStartError with a message for the operator when the database cannot be used.
 */
export async function openDatabase({
  url,
  artifactsDir,
  webhooks = [],
  isTemporary,
  log,
}: DatabaseOptions): Promise<Database> {
  const engine = await (await engineKindOf(url)).openForServer({ url, isTemporary, log });
  const { client } = engine;
  try {
    const { place } = engine;
    const files = await engine.alone(() => claimArtifacts({ client, artifactsDir, database: place }));
    const artifactStore = new FileArtifactStore(engine, files);
    const owner = randomUUID();
    const server = { owner, leases: new Map<string, number>() };
    return {
      executionStore: new PrismaExecutionStore(engine, { ...server, webhooks }),
      jobStore: engine.openJobs?.(server),
      controlStore: engine.isSole ? undefined : new PrismaControlStore(client, owner),
      testCaseStore: new PrismaTestCaseStore(engine, { artifactStore, log }),
      environmentStore: new PrismaEnvironmentStore(engine),
      scheduleStore: new PrismaScheduleStore(engine),
      importStore: new PrismaImportStore(engine, { artifactStore, log }),
      artifactStore,
      baselineStore: new FileBaselineStore(engine, files),
      runReader: new PrismaRunReader(client),
      oldRunStore: new PrismaOldRunStore(engine, files),
      statsReader: new PrismaStatsReader(client),
      aiUsageStore: new PrismaAiUsageStore(client),
      credentialStore: new PrismaCredentialStore(engine),
      auditStore: new PrismaAuditStore(client),
      webhookStore: new PrismaWebhookStore(client),
      limiter: (limit) => new PrismaLimiter(client, limit),
      sums: engine.sums,
      wakes: engine.wakes,
      file: engine.file,
      ping: () => engine.check(),
      announce: (address) => {
        engine.announce(address);
      },
      close: async () => {
        files.close();
        await engine.close();
      },
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
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
  const engine = await (await engineKindOf(url)).openForCommand({ url, log });
  return {
    credentialStore: new PrismaCredentialStore(engine),
    auditStore: new PrismaAuditStore(engine.client),
    close: engine.close,
  };
}

/**
 * Opens the test cases and environments for a process that runs beside the server, or without one.
 *
 * @throws DatabaseStartError with a message for the operator when the database cannot be used.
 */
export async function openContent({
  url,
  log,
}: Pick<DatabaseOptions, "url" | "log">): Promise<Pick<Database, "importStore" | "close">> {
  const engine = await (await engineKindOf(url)).openForCommand({ url, log });
  return { importStore: new PrismaImportStore(engine, { log }), close: engine.close };
}

/**
 * Gives the folder or bucket of artifacts to the database, even if another had it before.
 *
 * @returns where the database is that had it before, if another had
 * @throws DatabaseStartError with a message for the operator when either cannot be used.
 */
export async function adoptArtifacts({
  url,
  artifactsDir,
  log,
}: DatabaseOptions): Promise<string | undefined> {
  const { client, place, close } = await (await engineKindOf(url)).openForCommand({ url, log });
  try {
    return await adoptPlace({ client, artifactsDir, database: place });
  } finally {
    await close();
  }
}

/**
 * Looks at the bucket of artifacts, and changes nothing.
 *
 * @throws DatabaseStartError with a message for the operator when it cannot be read.
 */
export async function lookAtBucket(artifactsDir: string): Promise<void> {
  const place = await openPlace(artifactsDir);
  try {
    await place.readMark();
  } finally {
    place.close();
  }
}

/**
 * Looks a database over, and changes nothing.
 *
 * @throws DatabaseStartError with a message for the operator when it cannot be used.
 */
export async function lookAtDatabase(url: string): Promise<DatabaseState> {
  return await (await engineKindOf(url)).look(url);
}

/** @throws BackupError; no file of that name was made or changed then. */
export async function backUp(options: { url: string; file: string; force: boolean }): Promise<Backup> {
  return await (await engineKindOf(options.url)).backUp(options);
}

/** @throws DatabaseStartError or BackupError; nothing has been changed then. */
export async function restore(options: { url: string; file: string; now: Date }): Promise<Restored> {
  return await (await engineKindOf(options.url)).restore(options);
}
