import { randomUUID } from "node:crypto";
import { mkdir, open, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ArtifactStore, NewArtifact } from "../execution/ports.js";
import type { ArtifactContent, ArtifactReader } from "../http/ports.js";
import type { PrismaClient } from "./generated/client.js";
import { prepareFolder } from "./location.js";

const EXTENSION = { "image/jpeg": "jpg", "text/html": "html" } as const;

/** The run's id becomes the name of a folder: nothing may be in it that means another folder. */
const FOLDER_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Keeps artifacts as files, `<folder>/<run id>/<artifact id>.jpg`, with one row each in the database. */
export class FileArtifactStore implements ArtifactStore, ArtifactReader {
  readonly #client: PrismaClient;
  readonly #folder: string;

  /** @throws DatabaseStartError when the folder cannot be made or written. */
  constructor(client: PrismaClient, folder: string) {
    this.#client = client;
    this.#folder = resolve(folder);
    prepareFolder(this.#folder, "ARTIFACTS_DIR");
  }

  async save({ runId, stepId, kind, mediaType, bytes }: NewArtifact): Promise<string> {
    const folder = this.#folderOf(runId);
    const id = randomUUID();
    const name = `${id}.${EXTENSION[mediaType]}`;
    await mkdir(folder, { recursive: true });
    // The file first: a row always has its file, whenever the process dies.
    await writeFile(join(folder, name), bytes, { flag: "wx" });
    try {
      await this.#client.artifact.createMany({
        data: [
          {
            id,
            runId,
            testStepId: stepId,
            kind,
            mediaType,
            path: `${runId}/${name}`,
            bytes: bytes.byteLength,
          },
        ],
      });
    } catch (error) {
      await rm(join(folder, name), { force: true });
      throw error;
    }
    return `/api/artifacts/${id}`;
  }

  async openArtifact(id: string): Promise<ArtifactContent | undefined> {
    const artifact = await this.#client.artifact.findUnique({ where: { id } });
    const [runId = "", name = ""] = artifact?.path.split("/") ?? [];
    if (artifact === null || !FOLDER_NAME.test(runId) || name.includes("\\") || name.startsWith("."))
      return undefined;
    try {
      const file = await open(join(this.#folder, runId, name));
      const { size } = await file.stat();
      return {
        kind: artifact.kind,
        mediaType: artifact.mediaType,
        fileName: name,
        size,
        stream: file.createReadStream(),
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Deletes the files of runs whose rows are gone. */
  async deleteFiles(runIds: string[]): Promise<void> {
    await Promise.all(runIds.map((runId) => rm(this.#folderOf(runId), { recursive: true, force: true })));
  }

  #folderOf(runId: string): string {
    if (!FOLDER_NAME.test(runId)) throw new Error(`"${runId}" cannot name a folder of artifacts.`);
    return join(this.#folder, runId);
  }
}
