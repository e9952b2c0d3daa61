import { requireMark } from "../mark.js";
import { BATCH, isOwnPath, partsOf, requireFolderName, RUN_FOLDER } from "../names.js";
import { requireKeepable } from "../new-content.js";
import type { ArtifactFiles, NewContent, RunFiles, StoredFile, UnfinishedFile } from "../ports.js";
import { nameOf } from "./location.js";
import { readMark } from "./mark-object.js";
import type { BucketObjects } from "./objects.js";
import { BucketTrash } from "./trash.js";
import { UploadedFile } from "./uploaded-file.js";

/** Time for which a mark that was read is believed where something is written, in milliseconds. */
const MARK_BELIEVED_MS = 10_000;

/** The last key that an artifact of a run can have: ids of runs begin with a hexadecimal digit. */
const AFTER_RUNS = "g";

/** Artifacts in a bucket of S3, which carries the mark of its database. */
export class ArtifactBucket implements ArtifactFiles {
  readonly #objects: BucketObjects;
  readonly #mark: string;
  #believedUntil = 0;

  constructor(objects: BucketObjects, mark: string) {
    this.#objects = objects;
    this.#mark = mark;
  }

  async require(): Promise<void> {
    requireMark(await readMark(this.#objects), this.#mark, nameOf(this.#objects.location));
    this.#believedUntil = performance.now() + MARK_BELIEVED_MS;
  }

  async write(path: string, content: NewContent): Promise<number> {
    await this.#requirePlaceFor(path);
    if ("bytes" in content) {
      await this.#objects.put(path, content.bytes);
      return content.bytes.byteLength;
    }
    const size = await requireKeepable(content.file);
    await this.#objects.putFile(path, content.file, size);
    return size;
  }

  async begin(path: string): Promise<UnfinishedFile> {
    await this.#requirePlaceFor(path);
    return await UploadedFile.create((file) => this.write(path, { file }));
  }

  async open(path: string): Promise<StoredFile | undefined> {
    const size = isOwnPath(path) ? await this.#sizeOf(path) : undefined;
    if (size === undefined) return undefined;
    // Nothing is held open: a part is asked for when it is read.
    return { size, read: (range) => this.#objects.stream(path, range), close: () => Promise.resolve() };
  }

  async remove(paths: readonly string[]): Promise<void> {
    await this.#objects.delete(paths.filter(isOwnPath));
  }

  async removeFolders(names: readonly string[]): Promise<void> {
    for (const name of names)
      for await (const keys of this.#objects.list(`${requireFolderName(name)}/`))
        await this.#objects.delete(keys);
  }

  /** A bucket has no folders but those that its keys tell of. */
  removeEmptyFolders(): Promise<void> {
    return Promise.resolve();
  }

  async *listRuns(): AsyncGenerator<readonly RunFiles[]> {
    let runs: { runId: string; names: string[] }[] = [];
    for await (const { runId, name } of runFilesIn(this.#objects)) {
      if (runs.at(-1)?.runId !== runId) {
        if (runs.length === BATCH) {
          yield runs;
          runs = [];
        }
        runs.push({ runId, names: [] });
      }
      runs.at(-1)?.names.push(name);
    }
    yield runs;
  }

  openTrash(now: Date): BucketTrash {
    return new BucketTrash(this.#objects, now);
  }

  close(): void {
    this.#objects.close();
  }

  async #sizeOf(path: string): Promise<number | undefined> {
    return await this.#objects.sizeOf(path).catch((error: unknown) => {
      throw this.#objects.unusable(error);
    });
  }

  /** As {@link require}, without asking the server before every file. */
  async #requirePlaceFor(path: string): Promise<void> {
    requireFolderName(partsOf(path).runId);
    if (performance.now() > this.#believedUntil) await this.require();
  }
}

/** The files of all runs, those of one after the other. What lies after them, as the trash does, is not asked for. */
export async function* runFilesIn(objects: BucketObjects): AsyncGenerator<{ runId: string; name: string }> {
  for await (const keys of objects.list("")) {
    yield* keys.flatMap(runFileOf);
    if ((keys.at(-1) ?? "") > AFTER_RUNS) return;
  }
}

/** The run and name of a file of a run; none for any other key. */
function runFileOf(key: string): { runId: string; name: string }[] {
  const parts = partsOf(key);
  return RUN_FOLDER.test(parts.runId) && isOwnPath(key) ? [parts] : [];
}
