import { lstat, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ArtifactFolder } from "./folder.js";

/** The trash in the folder of artifacts, with a folder for each day, and in that one for each run. */
export const TRASH = "trash";

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Time for which files stay in the trash, in days. */
const KEPT_DAYS = 7;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Files that no database row names. They may yet turn out to be somebody's, so they are kept for some days. */
export class Trash {
  readonly #folder: ArtifactFolder;
  readonly #now: Date;

  constructor(folder: ArtifactFolder, now: Date) {
    this.#folder = folder;
    this.#now = now;
  }

  /** @param path as it would be stored */
  async take(path: string): Promise<void> {
    const place = this.#folder.placeOf(path);
    if (place === undefined || !(await this.#isOwn(true))) return;
    const [runId = "", name = ""] = path.split("/");
    const there = join(this.#path, this.#now.toISOString().slice(0, 10), runId);
    await mkdir(there, { recursive: true });
    await rename(place, join(there, name));
  }

  /** Every run that has something in the trash, with the folders in which that is. */
  async contents(): Promise<Map<string, string[]>> {
    const contents = new Map<string, string[]>();
    for (const day of await this.#days()) {
      for (const runId of await readdir(join(this.#path, day))) {
        const folders = contents.get(runId) ?? [];
        contents.set(runId, [...folders, join(this.#path, day, runId)]);
      }
    }
    return contents;
  }

  /**
   * Puts a file back.
   *
   * @param path as it is stored
   * @param folders where it may be in the trash
   * @returns whether it was there
   */
  async putBack(path: string, folders: readonly string[]): Promise<boolean> {
    const [runId = "", name = ""] = path.split("/");
    const place = this.#folder.placeOf(path);
    if (place === undefined) return false;
    for (const folder of folders) {
      const found = await lstat(join(folder, name)).catch(() => undefined);
      if (!found?.isFile()) continue;
      await this.#folder.makeFolder(runId);
      await rename(join(folder, name), place);
      return true;
    }
    return false;
  }

  /** Deletes files that have been here for long enough. @returns their number */
  async empty(): Promise<number> {
    let deleted = 0;
    for (const day of await this.#days()) {
      const keptUntil = Date.parse(day) + (KEPT_DAYS + 1) * DAY_MS;
      if (keptUntil > this.#now.getTime()) continue;
      const entries = await readdir(join(this.#path, day), { recursive: true, withFileTypes: true });
      deleted += entries.filter((entry) => !entry.isDirectory()).length;
      await rm(join(this.#path, day), { recursive: true, force: true });
    }
    return deleted;
  }

  get #path(): string {
    return join(this.#folder.path, TRASH);
  }

  async #days(): Promise<string[]> {
    if (!(await this.#isOwn(false))) return [];
    const entries = await readdir(this.#path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && DAY.test(entry.name)).map(({ name }) => name);
  }

  /** Tells if the trash is a folder, and not a link to one. */
  async #isOwn(make: boolean): Promise<boolean> {
    if (make) await mkdir(this.#path, { recursive: true });
    const found = await lstat(this.#path).catch(() => undefined);
    return found?.isDirectory() ?? false;
  }
}
