import { randomUUID } from "node:crypto";
import { buffer } from "node:stream/consumers";
import type { BaselineStore, NewBaseline, OpenFile, StoredBaseline } from "../../cases/ports.js";
import type { BaselineKey, BaselineReader } from "../../execution/ports.js";
import type { StoreEngine } from "../engine.js";
import type { ArtifactFiles } from "./ports.js";

/** The folder of a case's baselines. Its name is no run's id, so that no sweep looks into it. */
export function baselineFolderOf(testCaseId: number): string {
  return `baselines-${testCaseId}`;
}

/** The row of a baseline, without the place of its file. */
const STORED = {
  id: true,
  testCaseId: true,
  name: true,
  variant: true,
  bytes: true,
  acceptedAt: true,
  acceptedBy: true,
} as const;

const PATH = { path: true } as const;

/** Keeps baselines as files beside the artifacts, `baselines-<case id>/<id>.png`, with one row each. */
export class FileBaselineStore implements BaselineStore, BaselineReader {
  readonly #engine: StoreEngine;
  readonly #files: ArtifactFiles;

  constructor(engine: StoreEngine, files: ArtifactFiles) {
    this.#engine = engine;
    this.#files = files;
  }

  async readBaseline(key: BaselineKey): Promise<Uint8Array | undefined> {
    const row = await this.#baselines.findUnique({ where: { testCaseId_name_variant: key }, select: PATH });
    if (row === null) return undefined;
    const picture = await this.#read(row.path);
    if (picture !== undefined) return picture;
    throw new Error(
      `the file of the baseline '${key.name}' is missing from the server's ARTIFACTS_DIR; put it back, or accept another`,
    );
  }

  async listBaselines(testCaseId: number): Promise<StoredBaseline[]> {
    return await this.#baselines.findMany({
      where: { testCaseId },
      orderBy: [{ name: "asc" }, { variant: "asc" }],
      select: STORED,
    });
  }

  async saveBaseline({ artifactId, ...baseline }: NewBaseline): Promise<StoredBaseline | undefined> {
    const artifact = await this.#engine.client.artifact.findUnique({
      where: { id: artifactId },
      select: PATH,
    });
    const picture = artifact === null ? undefined : await this.#read(artifact.path);
    if (picture === undefined) return undefined;
    const path = `${baselineFolderOf(baseline.testCaseId)}/${randomUUID()}.png`;
    // The file comes first: a row always has its file, whenever the process dies.
    const bytes = await this.#files.write(path, { bytes: picture });
    try {
      return await this.#replace({ ...baseline, path, bytes, acceptedAt: new Date() });
    } catch (error) {
      await this.#files.remove([path]);
      throw error;
    }
  }

  async deleteBaseline(testCaseId: number, id: string): Promise<boolean> {
    const where = { id, testCaseId };
    const row = await this.#baselines.findFirst({ where, select: PATH });
    if (row === null) return false;
    const { count } = await this.#baselines.deleteMany({ where });
    await this.#files.remove([row.path]);
    return count > 0;
  }

  async openBaseline(testCaseId: number, id: string): Promise<OpenFile | undefined> {
    const row = await this.#baselines.findFirst({ where: { id, testCaseId }, select: PATH });
    return row === null ? undefined : await this.#files.open(row.path);
  }

  get #baselines() {
    return this.#engine.client.baseline;
  }

  /** Saves a row in place of the one of the same name and variant, and deletes that one's file. */
  async #replace(row: Omit<StoredBaseline, "id"> & { path: string }): Promise<StoredBaseline> {
    const { testCaseId, name, variant } = row;
    const [old, saved] = await this.#engine.client.$transaction(async ({ baseline }) => {
      const where = { testCaseId_name_variant: { testCaseId, name, variant } };
      const before = await baseline.findUnique({ where, select: PATH });
      const create = { id: randomUUID(), ...row };
      return [before, await baseline.upsert({ where, create, update: row, select: STORED })] as const;
    });
    if (old !== null) await this.#files.remove([old.path]);
    return saved;
  }

  /** @param path as it is stored */
  async #read(path: string): Promise<Uint8Array | undefined> {
    const file = await this.#files.open(path);
    return file && (await buffer(file.read()));
  }
}
