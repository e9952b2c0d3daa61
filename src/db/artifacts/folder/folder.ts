import { constants } from "node:fs";
import {
  copyFile,
  lstat,
  mkdir,
  open,
  opendir,
  readdir,
  realpath,
  rm,
  rmdir,
  writeFile,
  type FileHandle,
} from "node:fs/promises";
import { join } from "node:path";
import { requireMark } from "../mark.js";
import { BATCH, isOwnPath, partsOf, requireFolderName, RUN_FOLDER } from "../names.js";
import { requireKeepable } from "../new-content.js";
import type { ArtifactFiles, NewContent, RunFiles, StoredFile, UnfinishedFile } from "../ports.js";
import { OpenArtifactFile } from "./file.js";
import { readMark } from "./mark-file.js";
import { FolderTrash } from "./trash.js";

/** Errors that tell of a file which is not there, or is no plain file: the last two are for links. */
const NOT_THERE = ["ENOENT", "ENOTDIR", "ELOOP", "EMLINK"];

/** The folder of artifacts, which carries the mark of its database. No link in it is ever followed. */
export class ArtifactFolder implements ArtifactFiles {
  /** Absolute, without links. */
  readonly path: string;
  readonly #mark: string;

  constructor(path: string, mark: string) {
    this.path = path;
    this.#mark = mark;
  }

  async require(): Promise<void> {
    requireMark(await readMark(this.path), this.#mark, this.path);
  }

  async write(path: string, content: NewContent): Promise<number> {
    const place = await this.#newPlaceOf(path);
    try {
      if ("bytes" in content) {
        await writeFile(place, content.bytes, { flag: "wx" });
        return content.bytes.byteLength;
      }
      const size = await requireKeepable(content.file);
      await copyFile(content.file, place, constants.COPYFILE_EXCL);
      return size;
    } catch (error) {
      await rm(place, { force: true });
      throw error;
    }
  }

  async begin(path: string): Promise<UnfinishedFile> {
    return await OpenArtifactFile.create(await this.#newPlaceOf(path));
  }

  async open(path: string): Promise<StoredFile | undefined> {
    const file = await this.#openFile(path);
    if (file === undefined) return undefined;
    const { size } = await file.stat();
    return { size, read: (range = {}) => file.createReadStream(range), close: () => file.close() };
  }

  async remove(paths: readonly string[]): Promise<void> {
    await Promise.all(paths.map((path) => this.#remove(path)));
  }

  async removeFolders(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => rm(this.folderOf(name), { recursive: true, force: true })));
  }

  async removeEmptyFolders(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => rmdir(this.folderOf(name)).catch(() => undefined)));
  }

  async *listRuns(): AsyncGenerator<readonly RunFiles[]> {
    let runIds: string[] = [];
    for await (const entry of await opendir(this.path)) {
      if (!entry.isDirectory() || !RUN_FOLDER.test(entry.name)) continue;
      runIds.push(entry.name);
      if (runIds.length < BATCH) continue;
      yield await this.#filesOf(runIds);
      runIds = [];
    }
    yield await this.#filesOf(runIds);
  }

  openTrash(now: Date): FolderTrash {
    return new FolderTrash(this, now);
  }

  /** A folder has no connections. */
  close(): void {
    // Files are closed by those who opened them.
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
    return join(this.path, requireFolderName(name));
  }

  /** @param path as it is stored. @returns where the file is; nothing for a path that could be anywhere */
  placeOf(path: string): string | undefined {
    return isOwnPath(path) ? join(this.path, ...path.split("/")) : undefined;
  }

  async #newPlaceOf(path: string): Promise<string> {
    const { runId, name } = partsOf(path);
    return join(await this.makeFolder(runId), name);
  }

  async #openFile(path: string): Promise<FileHandle | undefined> {
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

  async #remove(path: string): Promise<void> {
    const place = this.placeOf(path);
    if (place === undefined) return;
    const folder = await lstat(join(place, "..")).catch(() => undefined);
    if (folder?.isDirectory()) await rm(place, { force: true });
  }

  async #filesOf(runIds: readonly string[]): Promise<RunFiles[]> {
    return await Promise.all(
      runIds.map(async (runId) => ({ runId, names: await list(this.folderOf(runId)) })),
    );
  }
}

/** The files in a folder; none when it has just been deleted, as with its test case. */
async function list(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
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
