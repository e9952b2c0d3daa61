import { randomUUID } from "node:crypto";
import { copyFile, mkdir, open, rm, stat, writeFile } from "node:fs/promises";
import { constants } from "node:fs";
import { join, resolve } from "node:path";
import type { ArtifactFile, ArtifactStore, NewArtifact, Retention } from "../execution/ports.js";
import type {
  ArtifactContent,
  ArtifactReader,
  StoredArtifact,
  ArtifactFile as StoredFile,
} from "../http/ports.js";
import { OpenArtifactFile } from "./artifact-file.js";
import { sweepArtifacts } from "./artifact-sweep.js";
import type { PrismaClient } from "./generated/client.js";
import { prepareFolder } from "./location.js";

const EXTENSION = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "video/webm": "webm",
  "text/html": "html",
  "application/json": "json",
  "application/octet-stream": "bin",
} as const;

/** The run's id becomes the name of a folder: nothing may be in it that means another folder. */
const FOLDER_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Largest file that is kept: sizes are stored as 32-bit integers. */
const MAX_BYTES = 2 ** 31 - 1;

const STORED = { id: true, kind: true, mediaType: true, name: true, path: true, bytes: true } as const;

/** Where the content of an artifact is. */
interface Place {
  id: string;
  /** As it is stored. */
  path: string;
  file: string;
}

type Described = Pick<NewArtifact, "runId" | "stepId" | "kind" | "mediaType" | "name">;

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

  async save(artifact: NewArtifact): Promise<string> {
    const place = await this.#placeFor(artifact);
    try {
      // The file first: a row always has its file, whenever the process dies.
      const bytes = await write(place.file, artifact);
      return await this.#register(place, artifact, bytes);
    } catch (error) {
      await rm(place.file, { force: true });
      throw error;
    }
  }

  async create(artifact: Pick<NewArtifact, "runId" | "mediaType">): Promise<ArtifactFile> {
    const place = await this.#placeFor(artifact);
    return await OpenArtifactFile.create(place.file, (description, bytes) =>
      this.#register(place, { ...artifact, ...description }, bytes),
    );
  }

  /** A new file in the folder of its run, which is made. */
  async #placeFor({ runId, mediaType }: Pick<NewArtifact, "runId" | "mediaType">): Promise<Place> {
    const folder = this.#folderOf(runId);
    const id = randomUUID();
    const fileName = `${id}.${EXTENSION[mediaType]}`;
    await mkdir(folder, { recursive: true });
    return { id, path: `${runId}/${fileName}`, file: join(folder, fileName) };
  }

  /** @returns the path that serves it */
  async #register({ id, path }: Place, artifact: Described, bytes: number): Promise<string> {
    const { runId, stepId: testStepId, kind, mediaType, name = null } = artifact;
    const row = { id, runId, testStepId, kind, mediaType, name, path, bytes };
    await this.#client.artifact.createMany({ data: [row] });
    return `/api/artifacts/${id}`;
  }

  async findArtifact(id: string): Promise<StoredFile | undefined> {
    const artifact = await this.#client.artifact.findUnique({ where: { id }, select: STORED });
    if (artifact === null) return undefined;
    const [runId = "", fileName = ""] = artifact.path.split("/");
    if (!FOLDER_NAME.test(runId) || fileName.includes("\\") || fileName.startsWith(".")) return undefined;
    const { kind, mediaType, name, bytes: size } = artifact;
    return { id, kind, mediaType, name, fileName, size, path: join(this.#folder, runId, fileName) };
  }

  async openArtifact(id: string): Promise<ArtifactContent | undefined> {
    const artifact = await this.findArtifact(id);
    if (artifact === undefined) return undefined;
    try {
      const file = await open(artifact.path);
      const { size } = await file.stat();
      return { ...artifact, size, stream: file.createReadStream() };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  async listArtifacts(runId: string): Promise<StoredArtifact[]> {
    const rows = await this.#client.artifact.findMany({
      where: { runId },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      select: STORED,
    });
    return rows.map(({ path, bytes, ...row }) => ({
      ...row,
      fileName: path.split("/").at(-1) ?? "",
      size: bytes,
    }));
  }

  async sweep(retention: Retention): Promise<number> {
    return await sweepArtifacts(this.#client, this.#folder, retention);
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

/** @returns how many bytes were written */
async function write(file: string, artifact: NewArtifact): Promise<number> {
  if ("bytes" in artifact) {
    await writeFile(file, artifact.bytes, { flag: "wx" });
    return artifact.bytes.byteLength;
  }
  const { size } = await stat(artifact.file);
  if (size > MAX_BYTES) throw new Error(`A file of ${size} bytes is too large to be kept.`);
  await copyFile(artifact.file, file, constants.COPYFILE_EXCL);
  return size;
}
