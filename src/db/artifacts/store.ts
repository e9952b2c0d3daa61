import { randomUUID } from "node:crypto";
import { copyFile, lstat, rm, writeFile } from "node:fs/promises";
import { constants } from "node:fs";
import { join } from "node:path";
import type { ArtifactFile, ArtifactStore, NewArtifact, Retention, Swept } from "../../execution/ports.js";
import type { ArtifactContent, ArtifactReader, StoredArtifact } from "../../cases/ports.js";
import type { StoreEngine } from "../engine.js";
import { baselineFolderOf } from "./baselines.js";
import { OpenArtifactFile } from "./file.js";
import type { ArtifactFolder } from "./folder.js";
import { sweepArtifacts } from "./sweep.js";

const EXTENSION = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "video/webm": "webm",
  "text/html": "html",
  "application/json": "json",
  "application/octet-stream": "bin",
} as const;

/** Largest file that is kept: sizes are stored as 32-bit integers. */
const MAX_BYTES = 2 ** 31 - 1;

const STORED = {
  id: true,
  runId: true,
  testStepId: true,
  kind: true,
  mediaType: true,
  name: true,
  variant: true,
  path: true,
  bytes: true,
  missingSince: true,
} as const;

type Row = Omit<StoredArtifact, "fileName" | "size"> & { path: string; bytes: number };

/** The place of an artifact's content. */
interface Place {
  id: string;
  /** As it is stored. */
  path: string;
  file: string;
}

type Described = Pick<NewArtifact, "runId" | "stepId" | "kind" | "mediaType" | "name" | "variant">;

/** Keeps artifacts as files, `<folder>/<run id>/<artifact id>.jpg`, with one row each in the database. */
export class FileArtifactStore implements ArtifactStore, ArtifactReader {
  readonly #engine: StoreEngine;
  readonly #folder: ArtifactFolder;

  constructor(engine: StoreEngine, folder: ArtifactFolder) {
    this.#engine = engine;
    this.#folder = folder;
  }

  /** @throws Error when the folder is gone, or has become another database's. */
  async check(): Promise<void> {
    await this.#folder.require();
  }

  async save(artifact: NewArtifact): Promise<string> {
    const place = await this.#placeFor(artifact);
    try {
      // The file comes first: a row always has its file, whenever the process dies.
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
    const id = randomUUID();
    const fileName = `${id}.${EXTENSION[mediaType]}`;
    const folder = await this.#folder.makeFolder(runId);
    return { id, path: `${runId}/${fileName}`, file: join(folder, fileName) };
  }

  /** @returns the path that serves it */
  async #register({ id, path }: Place, artifact: Described, bytes: number): Promise<string> {
    const { runId, stepId: testStepId, kind, mediaType, name = null, variant = null } = artifact;
    const row = { id, runId, testStepId, kind, mediaType, name, variant, path, bytes };
    await this.#engine.client.artifact.createMany({ data: [row] });
    return `/api/artifacts/${id}`;
  }

  async findArtifact(id: string): Promise<StoredArtifact | undefined> {
    const row = await this.#engine.client.artifact.findUnique({ where: { id }, select: STORED });
    return row === null ? undefined : describe(row);
  }

  async openArtifact(id: string): Promise<ArtifactContent | undefined> {
    const row = await this.#engine.client.artifact.findUnique({ where: { id }, select: STORED });
    const file = row === null ? undefined : await this.#folder.open(row.path);
    const path = row === null ? undefined : this.#folder.placeOf(row.path);
    if (row === null || file === undefined || path === undefined) return undefined;
    const { size } = await file.stat();
    return {
      ...describe(row),
      size,
      path,
      read: (range = {}) => file.createReadStream(range),
      close: () => file.close(),
    };
  }

  async listArtifacts(runId: string): Promise<StoredArtifact[]> {
    const rows = await this.#engine.client.artifact.findMany({
      where: { runId },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      select: STORED,
    });
    return rows.map(describe);
  }

  async sweep(retention: Retention): Promise<Swept> {
    return await sweepArtifacts(this.#engine, this.#folder, retention);
  }

  /** Deletes the files of a case whose rows are gone: those of its runs, and its baselines. */
  async deleteFilesOf(testCaseId: number, runIds: string[]): Promise<void> {
    const folders = [...runIds, baselineFolderOf(testCaseId)];
    await Promise.all(
      folders.map((name) => rm(this.#folder.folderOf(name), { recursive: true, force: true })),
    );
  }
}

function describe({ path, bytes, ...row }: Row): StoredArtifact {
  return { ...row, fileName: path.split("/").at(-1) ?? "", size: bytes };
}

/** @returns how many bytes were written */
async function write(file: string, artifact: NewArtifact): Promise<number> {
  if ("bytes" in artifact) {
    await writeFile(file, artifact.bytes, { flag: "wx" });
    return artifact.bytes.byteLength;
  }
  const found = await lstat(artifact.file);
  if (!found.isFile()) throw new Error("What is no plain file is not kept.");
  const { size } = found;
  if (size > MAX_BYTES) throw new Error(`A file of ${size} bytes is too large to be kept.`);
  await copyFile(artifact.file, file, constants.COPYFILE_EXCL);
  return size;
}
