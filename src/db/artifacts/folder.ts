import { constants } from "node:fs";
import { lstat, mkdir, open, realpath, rm, rmdir, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { MARK_FILE, readMark } from "./mark.js";

/** A run's id, among others, becomes the name of a folder: nothing may be in it that means another folder. */
const FOLDER_NAME = /^[\w-]{1,64}$/;

/** A path that cannot lead out of the folder, whoever wrote the row. */
const OWN_PATH = /^[\w-]+\/[\w-]+\.\w+$/;

/** Errors that tell of a file which is not there, or is no plain file: the last two are for links. */
const NOT_THERE = ["ENOENT", "ENOTDIR", "ELOOP", "EMLINK"];

/** The folder of artifacts, which carries the mark of its database. No link in it is ever followed. */
export class ArtifactFolder {
  /** Absolute, without links. */
  readonly path: string;
  readonly #mark: string;

  constructor(path: string, mark: string) {
    this.path = path;
    this.#mark = mark;
  }

  /** @throws Error when the folder is no longer there, or has become another database's */
  async require(): Promise<void> {
    const found = await readMark(this.path);
    if (found?.mark === this.#mark) return;
    const state = found === undefined ? "is not there, or has lost its mark" : "belongs to another database";
    throw new Error(
      `ARTIFACTS_DIR: ${this.path} ${state} (${MARK_FILE}). Nothing is kept of runs until that is put right.`,
    );
  }

  /**
   * Makes the folder of a run, or of a case's baselines, never in an empty mount point or in a folder that was given to
   * another database.
   *
   * @throws Error as {@link require} does
   */
  async makeFolder(name: string): Promise<string> {
    const folder = this.folderOf(name);
    await this.require();
    try {
      await mkdir(folder);
    } catch (error) {
      const isThere = codeOf(error) === "EEXIST" && (await lstat(folder)).isDirectory();
      if (!isThere) throw error;
    }
    return folder;
  }

  /** @throws Error when that cannot name a folder */
  folderOf(name: string): string {
    if (!FOLDER_NAME.test(name)) throw new Error(`"${name}" cannot name a folder of artifacts.`);
    return join(this.path, name);
  }

  /** @param path as it is stored. @returns where the file is; nothing for a path that could be anywhere */
  placeOf(path: string): string | undefined {
    return OWN_PATH.test(path) ? join(this.path, ...path.split("/")) : undefined;
  }

  /**
   * Opens a file for reading.
   *
   * @param path as it is stored
   * @returns nothing when there is no plain file, such as where a link is
   */
  async open(path: string): Promise<FileHandle | undefined> {
    const place = this.placeOf(path);
    if (place === undefined) return undefined;
    try {
      // The opening does not wait: that of a pipe would last until somebody writes into it.
      const file = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      if (await isAt(place, file).catch(() => false)) return file;
      await file.close();
      return undefined;
    } catch (error) {
      if (NOT_THERE.includes(codeOf(error))) return undefined;
      throw error;
    }
  }

  /** Deletes a file, if there is one. @param path as it is stored */
  async remove(path: string): Promise<void> {
    const place = this.placeOf(path);
    if (place === undefined) return;
    const folder = await lstat(join(place, "..")).catch(() => undefined);
    if (folder?.isDirectory()) await rm(place, { force: true });
  }

  /** Deletes the folder of a run when nothing is in it. */
  async removeIfEmpty(runId: string): Promise<void> {
    await rmdir(this.folderOf(runId)).catch(() => undefined);
  }
}

/** True when an open file is a plain one, at this place and not where a link on the way leads. */
async function isAt(place: string, file: FileHandle): Promise<boolean> {
  const [held, there, real] = await Promise.all([file.stat(), lstat(place), realpath(place)]);
  return held.isFile() && held.ino === there.ino && held.dev === there.dev && real === place;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "";
}
