import { randomUUID } from "node:crypto";
import type { ArtifactFile, ArtifactStore, NewArtifact, Retention, Swept } from "../../execution/ports.js";
import type { ArtifactContent, ArtifactReader, StoredArtifact } from "../../cases/ports.js";
import type { StoreEngine } from "../engine.js";
import { baselineFolderOf } from "./baselines.js";
import type { ArtifactFiles } from "./ports.js";
import { sweepArtifacts } from "./sweep.js";

const EXTENSION = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "video/webm": "webm",
  "text/html": "html",
  "application/json": "json",
  "application/octet-stream": "bin",
} as const;

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

type Described = Pick<NewArtifact, "runId" | "stepId" | "kind" | "mediaType" | "name" | "variant">;

/** Keeps artifacts as files, `<run id>/<artifact id>.jpg`, with one row each in the database. */
export class FileArtifactStore implements ArtifactStore, ArtifactReader {
  readonly #engine: StoreEngine;
  readonly #files: ArtifactFiles;

  constructor(engine: StoreEngine, files: ArtifactFiles) {
    this.#engine = engine;
    this.#files = files;
  }

  /** @throws Error when the place of artifacts is gone, or has become another database's. */
  async check(): Promise<void> {
    await this.#files.require();
  }

  async save(artifact: NewArtifact): Promise<string> {
    const id = randomUUID();
    const path = pathOf(id, artifact);
    // The file comes first: a row always has its file, whenever the process dies.
    const bytes = await this.#files.write(path, artifact);
    return await this.#register({ id, path }, artifact, bytes);
  }

  async create(artifact: Pick<NewArtifact, "runId" | "mediaType">): Promise<ArtifactFile> {
    const id = randomUUID();
    const path = pathOf(id, artifact);
    const file = await this.#files.begin(path);
    return {
      write: (bytes, position) => file.write(bytes, position),
      keep: async (description) => {
        const bytes = await file.finish();
        return await this.#register({ id, path }, { ...artifact, ...description }, bytes);
      },
      discard: () => file.discard(),
    };
  }

  /** Writes a row for a file, or deletes the file. @returns the path that serves it */
  async #register(
    { id, path }: { id: string; path: string },
    artifact: Described,
    bytes: number,
  ): Promise<string> {
    const { runId, stepId: testStepId, kind, mediaType, name = null, variant = null } = artifact;
    const row = { id, runId, testStepId, kind, mediaType, name, variant, path, bytes };
    try {
      await this.#engine.client.artifact.createMany({ data: [row] });
    } catch (error) {
      await this.#files.remove([path]);
      throw error;
    }
    return `/api/artifacts/${id}`;
  }

  async findArtifact(id: string): Promise<StoredArtifact | undefined> {
    const row = await this.#engine.client.artifact.findUnique({ where: { id }, select: STORED });
    return row === null ? undefined : describe(row);
  }

  async openArtifact(id: string): Promise<ArtifactContent | undefined> {
    const row = await this.#engine.client.artifact.findUnique({ where: { id }, select: STORED });
    const file = row === null ? undefined : await this.#files.open(row.path);
    return row === null || file === undefined ? undefined : { ...describe(row), ...file };
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
    return await sweepArtifacts(this.#engine, this.#files, retention);
  }

  /** Deletes the files of a case whose rows are gone: those of its runs, and its baselines. */
  async deleteFilesOf(testCaseId: number, runIds: string[]): Promise<void> {
    await this.#files.removeFolders([...runIds, baselineFolderOf(testCaseId)]);
  }
}

/** The place of a new artifact's file. */
function pathOf(id: string, { runId, mediaType }: Pick<NewArtifact, "runId" | "mediaType">): string {
  return `${runId}/${id}.${EXTENSION[mediaType]}`;
}

function describe({ path, bytes, ...row }: Row): StoredArtifact {
  return { ...row, fileName: path.split("/").at(-1) ?? "", size: bytes };
}
