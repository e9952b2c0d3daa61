import { lstat, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { DAY, isOver, partsOf, TRASH } from "../names.js";
import type { ArtifactTrash } from "../ports.js";

/** The part of a folder of artifacts that its trash needs. */
interface Folder {
  readonly path: string;
  placeOf(path: string): string | undefined;
  makeFolder(name: string): Promise<string>;
}

/** The trash of a folder of artifacts: a folder in it. */
export class FolderTrash implements ArtifactTrash {
  readonly #folder: Folder;
  readonly #now: Date;

  constructor(folder: Folder, now: Date) {
    this.#folder = folder;
    this.#now = now;
  }

  async take(path: string): Promise<void> {
    const place = this.#folder.placeOf(path);
    if (place === undefined || !(await this.#isOwn(true))) return;
    const { runId, name } = partsOf(path);
    const there = join(this.#path, this.#now.toISOString().slice(0, 10), runId);
    await mkdir(there, { recursive: true });
    await rename(place, join(there, name));
  }

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

  async putBack(path: string, folders: readonly string[]): Promise<boolean> {
    const { runId, name } = partsOf(path);
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

  async empty(): Promise<number> {
    let deleted = 0;
    for (const day of await this.#days()) {
      if (!isOver(day, this.#now)) continue;
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
