import { createHash } from "node:crypto";
import type { Logger } from "pino";
import { adoptPlace, findMark } from "./artifacts/claim.js";
import { BackupError } from "./backup-error.js";
import type { Engine } from "./engine.js";
import { engineKindOf } from "./engines.js";
import type { Prisma } from "./generated/client.js";

/** Rows that are read and written together. */
const BATCH = 500;

/** Longest time of the transaction that takes everything, in milliseconds. */
const TRANSACTION_MS = 6 * 60 * 60_000;

type Model = Uncapitalize<Prisma.ModelName>;
type Row = Record<string, unknown>;

/** The columns that tell the rows of each table apart. A table comes after those that it refers to. */
const KEYS = {
  environment: ["id"],
  testCase: ["id"],
  testCaseTag: ["testCaseId", "tag"],
  testStep: ["id"],
  schedule: ["id"],
  run: ["id"],
  runEvent: ["runId", "seq"],
  runControlRequest: ["id"],
  runJob: ["runId"],
  queueTurn: ["principal"],
  artifact: ["id"],
  baseline: ["id"],
  artifactFolder: ["id"],
  aiCall: ["id"],
  rateCount: ["key"],
  apiToken: ["id"],
  session: ["id"],
  auditEntry: ["id"],
  webhookDelivery: ["id"],
} satisfies Record<Model, string[]>;

const TABLES = Object.entries(KEYS) as [Model, string[]][];

export interface CopyOptions {
  /** `DATABASE_URL` of the database that is copied, and of the one that it goes to. */
  from: string;
  to: string;
  /** `ARTIFACTS_DIR`. It belongs to the copy afterwards, where it was the source's. */
  artifactsDir: string;
  log: Logger;
}

export interface Copied {
  /** Paths, or URLs without a password. */
  from: string;
  to: string;
  /** The number of rows of each table that has any. */
  rows: Record<string, number>;
  /** True when the folder of artifacts went over to the copy. */
  isFolderAdopted: boolean;
}

/**
 * Copies everything that one database holds into another one, which has to be empty: all of it, in one transaction, read
 * again and compared, or nothing. No server may have either of them.
 *
 * @throws DatabaseStartError when either cannot be used; BackupError when it is not copied. The target is empty then.
 */
export async function copyDatabase({ from, to, artifactsDir, log }: CopyOptions): Promise<Copied> {
  if (from === to)
    throw new BackupError("The database is to be copied to itself. Name another one with --to.");
  const source = await openAlone(from, log);
  try {
    const target = await openAlone(to, log);
    try {
      await requireEmpty(target);
      const rows = await copyAll(source, target);
      const isFolderAdopted = await adopt(source, target, artifactsDir);
      return { from: source.place, to: target.place, rows, isFolderAdopted };
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function openAlone(url: string, log: Logger): Promise<Engine> {
  const kind = await engineKindOf(url);
  const { place, holder } = await kind.look(url);
  if (holder === undefined) return await kind.openForServer({ url, log });
  throw new BackupError(
    `${place} is in use by ${holder}. Stop every server on it first; nothing was copied.`,
  );
}

async function requireEmpty({ client, place }: Engine): Promise<void> {
  for (const [model] of TABLES) {
    const count = await tableOf(client, model).count();
    if (count === 0) continue;
    throw new BackupError(
      `${place} is not empty: it has ${count} rows of ${model}. Name a new database with --to; nothing is ever copied ` +
        "over what is there.",
    );
  }
}

async function copyAll(source: Engine, target: Engine): Promise<Record<string, number>> {
  return await target.client.$transaction(
    async (transaction) => {
      const rows: Record<string, number> = {};
      for (const [model, key] of TABLES) {
        const read = new Digest();
        for await (const batch of batchesOf(tableOf(source.client, model), key)) {
          read.add(batch);
          await tableOf(transaction, model).createMany({ data: batch });
        }
        const written = new Digest();
        for await (const batch of batchesOf(tableOf(transaction, model), key)) written.add(batch);
        if (!written.equals(read)) throw isDifferent(model, read, written);
        if (read.count > 0) rows[model] = read.count;
      }
      await target.continueNumbering(transaction);
      return rows;
    },
    { timeout: TRANSACTION_MS },
  );
}

/** All rows of a table, in the order of their keys. */
async function* batchesOf(table: Table, key: string[]): AsyncGenerator<Row[]> {
  let last: Row | undefined;
  for (;;) {
    const batch = await table.findMany({
      orderBy: key.map((column) => ({ [column]: "asc" })),
      take: BATCH,
      ...(last && { cursor: cursorAt(last, key), skip: 1 }),
    });
    if (batch.length > 0) yield batch;
    if (batch.length < BATCH) return;
    last = batch.at(-1);
  }
}

/** Prisma names a key of several columns by all of them. */
function cursorAt(row: Row, key: string[]): Row {
  const place = Object.fromEntries(key.map((column) => [column, row[column]]));
  return key.length === 1 ? place : { [key.join("_")]: place };
}

/** A sum over rows that does not depend on their order, which databases have by different rules for texts. */
class Digest {
  count = 0;
  #sum = 0n;

  add(rows: Row[]): void {
    this.count += rows.length;
    for (const row of rows) {
      const hash = createHash("sha256").update(JSON.stringify(row, storable)).digest("hex");
      this.#sum = BigInt.asUintN(256, this.#sum + BigInt(`0x${hash}`));
    }
  }

  equals(other: Digest): boolean {
    return this.count === other.count && this.#sum === other.#sum;
  }
}

/** Fields in one order, and texts as every database stores them: PostgreSQL has U+FFFD in place of U+0000. */
function storable(_name: string, value: unknown): unknown {
  return typeof value === "string" ? value.replaceAll("\u0000", "\uFFFD") : value;
}

function isDifferent(model: Model, read: Digest, written: Digest): BackupError {
  return new BackupError(
    `The copy of ${model} is not what was read (${read.count} rows were read, ${written.count} are there). Nothing was ` +
      "copied. Did something write to either database meanwhile?",
  );
}

/** Gives the folder of artifacts to the copy, where it is the one that the source had. */
async function adopt(source: Engine, target: Engine, artifactsDir: string): Promise<boolean> {
  const row = await source.client.artifactFolder.findFirst();
  const found = await findMark(artifactsDir);
  if (row === null || found?.mark !== row.mark) return false;
  await adoptPlace({ client: target.client, artifactsDir, database: target.place });
  return true;
}

/** The part of a model's methods that a copy needs. */
interface Table {
  count(): Promise<number>;
  findMany(options: object): Promise<Row[]>;
  createMany(options: { data: Row[] }): Promise<unknown>;
}

function tableOf(client: Engine["client"] | Prisma.TransactionClient, model: Model): Table {
  // The cast holds because every model has these methods, and takes from one what it gave in the other.
  return client[model] as unknown as Table;
}
