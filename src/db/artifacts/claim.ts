import { statSync } from "node:fs";
import { ownCommand } from "../../own-command.js";
import type { PrismaClient } from "../generated/client.js";
import { DatabaseStartError } from "../start-error.js";
import { MARK_FILE, newMark, type Mark } from "./mark.js";
import { BATCH } from "./names.js";
import { openPlace } from "./place.js";
import type { ArtifactFiles, ArtifactPlace } from "./ports.js";

/** The one row that says which folder is this database's. */
const ROW = { id: 1 } as const;

const ADOPT = `"${ownCommand("artifacts adopt")}"`;

export interface Claim {
  client: PrismaClient;
  /** `ARTIFACTS_DIR`: a folder, relative to the working directory, or a bucket. */
  artifactsDir: string;
  /** Place of the database: the path of its file, or a URL without a password. */
  database: string;
}

/** A claim to a place that has been opened. */
interface OpenClaim extends Claim {
  place: ArtifactPlace;
}

/**
 * Finds the place of artifacts that belongs to a database. An empty one is marked as a new database's own, and so is one
 * in which an earlier version, which knew no marks, has kept nothing but this database's runs.
 *
 * @throws DatabaseStartError when the place is another database's, or is missing while the database has artifacts.
 */
export async function claimArtifacts(claim: Claim): Promise<ArtifactFiles> {
  const place = await openPlace(claim.artifactsDir);
  try {
    return await claimPlace({ ...claim, place });
  } catch (error) {
    place.close();
    throw error;
  }
}

/**
 * Gives a place of artifacts to a database. Another one that had it before cannot use it any more then.
 *
 * @returns where the database is that had the place before, if another had
 * @throws DatabaseStartError when the place cannot be made or written.
 */
export async function adoptPlace(claim: Claim): Promise<string | undefined> {
  const { client, database } = claim;
  const place = await openPlace(claim.artifactsDir);
  try {
    const before = await place.readMark().catch(() => undefined);
    await place.prepare();
    const mark = newMark();
    await saveMark(client, mark);
    await place.writeMark({ mark, database }, { isNew: false });
    return before?.database === database ? undefined : before?.database;
  } finally {
    place.close();
  }
}

/** The mark of a place of artifacts, whosever it is; undefined where there is none, or none that can be read. */
export async function findMark(artifactsDir: string): Promise<Mark | undefined> {
  const place = await openPlace(artifactsDir);
  try {
    return await place.readMark().catch(() => undefined);
  } finally {
    place.close();
  }
}

async function claimPlace(claim: OpenClaim): Promise<ArtifactFiles> {
  const { client, database, place } = claim;
  const row = await client.artifactFolder.findUnique({ where: ROW });
  const found = await readOrRefuse(place);
  if (found === undefined) return await markAsOwn(claim, row?.mark);
  if (found.mark !== row?.mark) throw isForeign(claim, found);
  await place.prepare();
  if (found.database === database) return place.filesOf(found.mark);
  // A database that was moved is nowhere else; one that is in two places has been copied.
  const isCopied = isOtherFile(found.database, database);
  if (isCopied && !(await isUnused(claim))) throw isCopy(claim, found);
  const mark = isCopied ? newMark() : found.mark;
  if (isCopied) await saveMark(client, mark);
  await place.writeMark({ mark, database }, { isNew: false });
  return place.filesOf(mark);
}

async function readOrRefuse(place: ArtifactPlace): Promise<Mark | undefined> {
  try {
    return await place.readMark();
  } catch (cause) {
    if (cause instanceof DatabaseStartError) throw cause;
    throw new DatabaseStartError(
      `ARTIFACTS_DIR: ${(cause as Error).message}, so nobody knows whose the folder is. Put it back as it was, or give the folder to this database with ${ADOPT}.`,
      { cause },
    );
  }
}

async function markAsOwn(claim: OpenClaim, known: string | undefined): Promise<ArtifactFiles> {
  const { client, database, place } = claim;
  const runIds = await place.listRunIds();
  const strange = await unknownRuns(client, runIds);
  if (strange > 0) throw isUnclear(claim, `${strange} of its ${runIds.length}`);
  const isExpected = known !== undefined || runIds.length === 0;
  if (isExpected && (await hasArtifacts(client))) throw isMissing(claim);
  await place.prepare();
  const mark = known ?? newMark();
  // The row comes first: a mark without it would look like another database's.
  if (known === undefined) await saveMark(client, mark);
  const isFirst = await place.writeMark({ mark, database }, { isNew: true });
  // The mark of a process that was faster decides, perhaps one with the same database.
  return isFirst ? place.filesOf(mark) : await claimPlace(claim);
}

async function saveMark(client: PrismaClient, mark: string): Promise<void> {
  const data = { mark, markedAt: new Date() };
  await client.artifactFolder.upsert({ where: ROW, create: { ...ROW, ...data }, update: data });
}

async function isUnused({ client, place }: OpenClaim): Promise<boolean> {
  return (await place.listRunIds()).length === 0 && !(await hasArtifacts(client));
}

async function hasArtifacts(client: PrismaClient): Promise<boolean> {
  const select = { id: true };
  const first =
    (await client.artifact.findFirst({ select })) ?? (await client.baseline.findFirst({ select }));
  return first !== null;
}

/** @returns how many of the runs this database does not have */
async function unknownRuns(client: PrismaClient, ids: string[]): Promise<number> {
  let unknown = ids.length;
  for (let from = 0; from < ids.length; from += BATCH) {
    unknown -= await client.run.count({ where: { id: { in: ids.slice(from, from + BATCH) } } });
  }
  return unknown;
}

/** True when the first place has a file that is not the file of the second; one file may have both names. */
function isOtherFile(place: string, other: string): boolean {
  const [one, two] = [place, other].map((file) => statSync(file, { throwIfNoEntry: false }));
  return one !== undefined && !(one.ino === two?.ino && one.dev === two.dev);
}

function isForeign({ database, place }: OpenClaim, found: Mark): DatabaseStartError {
  if (found.database === database) {
    return new DatabaseStartError(
      `ARTIFACTS_DIR: ${place.name} belongs to a database that was ${database} before this one. Put that file back, name another folder, or give this folder to the new database with ${ADOPT}.`,
    );
  }
  return new DatabaseStartError(
    `ARTIFACTS_DIR: ${place.name} belongs to another database (${found.database}). Name a folder of its own for this one, such as ARTIFACTS_DIR=${place.suggest(database)}, or give this folder to it with ${ADOPT}.`,
  );
}

function isCopy({ database, place }: OpenClaim, found: Mark): DatabaseStartError {
  return new DatabaseStartError(
    `ARTIFACTS_DIR: ${place.name} belongs to ${found.database}, of which ${database} looks like a copy. Name a folder of its own for the copy, such as ARTIFACTS_DIR=${place.suggest(database)} with a copy of the files in it, or give this folder to it with ${ADOPT}.`,
  );
}

function isUnclear({ database, place }: OpenClaim, count: string): DatabaseStartError {
  return new DatabaseStartError(
    `ARTIFACTS_DIR: ${place.name} has no mark (${MARK_FILE}), and ${count} run folders are none of this database's. Name a folder of its own for it, such as ARTIFACTS_DIR=${place.suggest(database)}; if no other database uses the folder, give it to this one with ${ADOPT}.`,
  );
}

function isMissing({ place }: OpenClaim): DatabaseStartError {
  return new DatabaseStartError(
    `ARTIFACTS_DIR: ${place.name} is not there or has lost its mark (${MARK_FILE}), and the database has artifacts. Mount the folder or put it back, or name where it is now; if it is the right one, or its files are lost for good, start after ${ADOPT}.`,
  );
}
