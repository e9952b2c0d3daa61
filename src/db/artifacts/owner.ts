import { realpathSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { ArtifactFolder } from "./folder.js";
import { MARK_FILE, newMark, readMark, writeMark, type Mark } from "./mark.js";
import { RUN_FOLDER } from "./sweep.js";
import type { PrismaClient } from "../generated/client.js";
import { ownCommand } from "../../own-command.js";
import { prepareFolder } from "../folders.js";
import { DatabaseStartError } from "../start-error.js";

/** The one row that says which folder is this database's. */
const ROW = { id: 1 } as const;

/** Runs that are asked for together. */
const BATCH = 200;

const ADOPT = `"${ownCommand("artifacts adopt")}"`;

export interface FolderClaim {
  client: PrismaClient;
  /** `ARTIFACTS_DIR`, relative to the working directory. */
  artifactsDir: string;
  /** Where the database is: the path of its file, or a URL without a password. */
  place: string;
}

/**
 * Finds the folder of artifacts that belongs to a database. An empty folder is marked as a new database's own, and so
 * is one in which an earlier version, which knew no marks, has kept nothing but this database's runs.
 *
 * @throws DatabaseStartError when the folder is another database's, or is missing while the database has artifacts.
 */
export async function claimFolder(claim: FolderClaim): Promise<ArtifactFolder> {
  const { client, place } = claim;
  const folder = resolve(claim.artifactsDir);
  const row = await client.artifactFolder.findUnique({ where: ROW });
  const found = await readOrRefuse(folder);
  if (found === undefined) return await markAsOwn(claim, folder, row?.mark);
  if (found.mark !== row?.mark) throw isForeign(folder, found, claim);
  prepareFolder(folder, "ARTIFACTS_DIR");
  if (found.database === place) return new ArtifactFolder(realpathSync(folder), found.mark);
  // A database that was moved is nowhere else; one that is in two places has been copied.
  const isCopied = isOtherFile(found.database, place);
  if (isCopied && !(await isUnused(client, folder))) throw isCopy(folder, found, claim);
  const mark = isCopied ? newMark() : found.mark;
  if (isCopied) await saveMark(claim, mark);
  await writeMark(folder, { mark, database: place });
  return new ArtifactFolder(realpathSync(folder), mark);
}

/**
 * Gives a folder to a database. Another one that had it before cannot use it any more then.
 *
 * @returns where the database was that had the folder before, if another had
 * @throws DatabaseStartError when the folder cannot be made or written.
 */
export async function adoptFolder(claim: FolderClaim): Promise<string | undefined> {
  const folder = resolve(claim.artifactsDir);
  const before = await readMark(folder).catch(() => undefined);
  prepareFolder(folder, "ARTIFACTS_DIR");
  const mark = newMark();
  await saveMark(claim, mark);
  await writeMark(folder, { mark, database: claim.place });
  return before?.database === claim.place ? undefined : before?.database;
}

async function readOrRefuse(folder: string): Promise<Mark | undefined> {
  try {
    return await readMark(folder);
  } catch (cause) {
    throw new DatabaseStartError(
      `ARTIFACTS_DIR: ${(cause as Error).message}, so nobody knows whose the folder is. Put it back as it was, or give the folder to this database with ${ADOPT}.`,
      { cause },
    );
  }
}

async function markAsOwn(
  claim: FolderClaim,
  folder: string,
  known: string | undefined,
): Promise<ArtifactFolder> {
  const { client, place } = claim;
  const runFolders = await runFoldersIn(folder);
  const strange = await unknownRuns(client, runFolders);
  if (strange > 0) throw isUnclear(folder, `${strange} of its ${runFolders.length}`, claim);
  const isExpected = known !== undefined || runFolders.length === 0;
  if (isExpected && (await hasArtifacts(client))) throw isMissing(folder);
  prepareFolder(folder, "ARTIFACTS_DIR");
  const mark = known ?? newMark();
  // The row comes first: a mark without it would look like another database's.
  if (known === undefined) await saveMark(claim, mark);
  try {
    await writeMark(folder, { mark, database: place }, { isNew: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw cannotBeWritten(folder, error);
    // Another process was faster, perhaps one with the same database.
    return await claimFolder(claim);
  }
  return new ArtifactFolder(realpathSync(folder), mark);
}

async function saveMark({ client }: FolderClaim, mark: string): Promise<void> {
  const data = { mark, markedAt: new Date() };
  await client.artifactFolder.upsert({ where: ROW, create: { ...ROW, ...data }, update: data });
}

async function isUnused(client: PrismaClient, folder: string): Promise<boolean> {
  return (await runFoldersIn(folder)).length === 0 && !(await hasArtifacts(client));
}

async function hasArtifacts(client: PrismaClient): Promise<boolean> {
  const select = { id: true };
  const first =
    (await client.artifact.findFirst({ select })) ?? (await client.baseline.findFirst({ select }));
  return first !== null;
}

async function runFoldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && RUN_FOLDER.test(entry.name))
      .map(({ name }) => name);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    // `prepareFolder` tells of a folder that is a file, or cannot be read.
    if (code === "ENOENT") return [];
    prepareFolder(folder, "ARTIFACTS_DIR");
    throw cannotBeWritten(folder, error);
  }
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

/** A folder that nobody else is likely to have. */
function suggestion(place: string): string {
  const [, name] = /^\w+:\/\/.*\/([^/]+)$/.exec(place) ?? [];
  if (name !== undefined) return `./data/${name}-artifacts`;
  return join(dirname(place), `${basename(place, extname(place))}-artifacts`);
}

function isForeign(folder: string, { database }: Mark, { place }: FolderClaim): DatabaseStartError {
  if (database === place) {
    return new DatabaseStartError(
      `ARTIFACTS_DIR: ${folder} belongs to a database that was ${database} before this one. Put that file back, name another folder, or give this folder to the new database with ${ADOPT}.`,
    );
  }
  return new DatabaseStartError(
    `ARTIFACTS_DIR: ${folder} belongs to another database (${database}). Name a folder of its own for this one, such as ARTIFACTS_DIR=${suggestion(place)}, or give this folder to it with ${ADOPT}.`,
  );
}

function isCopy(folder: string, { database }: Mark, { place }: FolderClaim): DatabaseStartError {
  return new DatabaseStartError(
    `ARTIFACTS_DIR: ${folder} belongs to ${database}, of which ${place} looks like a copy. Name a folder of its own for the copy, such as ARTIFACTS_DIR=${suggestion(place)} with a copy of the files in it, or give this folder to it with ${ADOPT}.`,
  );
}

function isUnclear(folder: string, count: string, { place }: FolderClaim): DatabaseStartError {
  return new DatabaseStartError(
    `ARTIFACTS_DIR: ${folder} has no mark (${MARK_FILE}), and ${count} run folders are none of this database's. Name a folder of its own for it, such as ARTIFACTS_DIR=${suggestion(place)}; if no other database uses the folder, give it to this one with ${ADOPT}.`,
  );
}

function isMissing(folder: string): DatabaseStartError {
  return new DatabaseStartError(
    `ARTIFACTS_DIR: ${folder} is not there or has lost its mark (${MARK_FILE}), and the database has artifacts. Mount the folder or put it back, or name where it is now; if it is the right one, or its files are lost for good, start after ${ADOPT}.`,
  );
}

function cannotBeWritten(folder: string, cause: unknown): DatabaseStartError {
  const { code = "" } = cause as NodeJS.ErrnoException;
  return new DatabaseStartError(
    `ARTIFACTS_DIR: the folder ${folder} cannot be used (${code}). Make it readable and writable for this user, or name another one.`,
    { cause },
  );
}
