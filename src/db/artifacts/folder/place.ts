import { randomUUID } from "node:crypto";
import { realpathSync } from "node:fs";
import { open, readdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { prepareFolder } from "../../folders.js";
import { DatabaseStartError } from "../../start-error.js";
import { formatMark, MARK_FILE, type Mark } from "../mark.js";
import { RUN_FOLDER } from "../names.js";
import { folderFor } from "../suggestion.js";
import type { ArtifactPlace } from "../ports.js";
import { ArtifactFolder } from "./folder.js";
import { readMark } from "./mark-file.js";

const VARIABLE = "ARTIFACTS_DIR";

/** A folder of this machine, or one that several machines share. */
export class FolderPlace implements ArtifactPlace {
  /** Its absolute path. */
  readonly name: string;

  /** @param path relative to the working directory */
  constructor(path: string) {
    this.name = resolve(path);
  }

  async readMark(): Promise<Mark | undefined> {
    return await readMark(this.name);
  }

  async writeMark(mark: Mark, { isNew }: { isNew: boolean }): Promise<boolean> {
    const place = join(this.name, MARK_FILE);
    const draft = isNew ? place : `${place}.${randomUUID()}`;
    try {
      await writeDurably(draft, formatMark(mark));
      if (!isNew) await rename(draft, place);
      return true;
    } catch (error) {
      if (isNew && (error as NodeJS.ErrnoException).code === "EEXIST") return false;
      if (!isNew) await rm(draft, { force: true });
      throw this.#cannotBeUsed(error);
    }
  }

  prepare(): Promise<void> {
    prepareFolder(this.name, VARIABLE);
    return Promise.resolve();
  }

  async listRunIds(): Promise<string[]> {
    try {
      const entries = await readdir(this.name, { withFileTypes: true });
      return entries
        .filter((entry) => entry.isDirectory() && RUN_FOLDER.test(entry.name))
        .map(({ name }) => name);
    } catch (error) {
      // `prepareFolder` tells of a folder that is a file, or cannot be read.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      prepareFolder(this.name, VARIABLE);
      throw this.#cannotBeUsed(error);
    }
  }

  suggest(databasePlace: string): string {
    return folderFor(databasePlace);
  }

  filesOf(mark: string): ArtifactFolder {
    return new ArtifactFolder(realpathSync(this.name), mark);
  }

  /** A folder has no connections. */
  close(): void {
    // Files are closed by those who opened them.
  }

  #cannotBeUsed(cause: unknown): DatabaseStartError {
    const { code = "" } = cause as NodeJS.ErrnoException;
    return new DatabaseStartError(
      `${VARIABLE}: the folder ${this.name} cannot be used (${code}). Make it readable and writable for this user, or name another one.`,
      { cause },
    );
  }
}

async function writeDurably(place: string, text: string): Promise<void> {
  const file = await open(place, "wx");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
