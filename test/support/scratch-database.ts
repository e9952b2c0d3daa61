import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { MARK_FILE } from "../../src/db/artifacts/mark.js";
import { TRASH } from "../../src/db/artifacts/names.js";
import { openDatabase, type Database } from "../../src/db/index.js";
import { scratchFolder } from "./scratch-folder.js";
import { ended } from "./ended.js";
import { databaseUrlIn, dropDatabase } from "./test-databases.js";

/** A database of its own for one test, on a real file or a real server. */
export interface ScratchDatabase {
  database: Database;
  /** The folder that holds everything; gone after `remove`. */
  folder: string;
  /** Its `DATABASE_URL`. */
  url: string;
  artifactsDir: string;
  /** Closes the database and deletes its folder. */
  remove(): Promise<void>;
}

/**
 * Makes a fresh, migrated database in a new temporary folder.
 *
 * @param options.webhooks names of those that are to be told of each verdict of a run; none unless given
 */
export async function scratchDatabase({
  webhooks = [],
}: { webhooks?: readonly string[] } = {}): Promise<ScratchDatabase> {
  const { path: folder, remove } = await scratchFolder();
  const url = await databaseUrlIn(folder, "stepwire");
  const artifactsDir = join(folder, "artifacts");
  const log = pino({ level: "silent" });
  const database = await openDatabase({ url, artifactsDir, webhooks, log });
  return {
    database,
    folder,
    url,
    artifactsDir,
    remove: async () => {
      await ended("the database", database.close());
      await dropDatabase(url);
      await remove();
    },
  };
}

/** The folders of runs among the artifacts. */
export async function runFolders({ artifactsDir }: ScratchDatabase): Promise<string[]> {
  const names = await readdir(artifactsDir);
  return names.filter((name) => name !== MARK_FILE && name !== TRASH);
}
