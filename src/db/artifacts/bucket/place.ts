import { setTimeout as delay } from "node:timers/promises";
import { formatMark, MARK_FILE, type Mark } from "../mark.js";
import type { ArtifactPlace } from "../ports.js";
import { nameFor } from "../suggestion.js";
import { ArtifactBucket, runFilesIn } from "./bucket.js";
import { nameOf, parseBucketUrl, siblingOf } from "./location.js";
import { readMark } from "./mark-object.js";
import { BucketObjects } from "./objects.js";

/** The object that shows that a server may write and delete here. */
const TRIAL = "stepwire-trial";

/** Time in which whoever has found no mark at the same moment has written one, in milliseconds. */
const OTHERS_MS = 2_000;

/** A bucket of S3, or a folder of one. */
export class BucketPlace implements ArtifactPlace {
  readonly name: string;
  readonly #objects: BucketObjects;

  private constructor(objects: BucketObjects) {
    this.name = nameOf(objects.location);
    this.#objects = objects;
  }

  /** @param url as `ARTIFACTS_DIR` has it. @throws DatabaseStartError for one that names no bucket */
  static open(url: string): BucketPlace {
    return new BucketPlace(new BucketObjects(parseBucketUrl(url)));
  }

  async readMark(): Promise<Mark | undefined> {
    return await readMark(this.#objects);
  }

  async writeMark(mark: Mark, options: { isNew: boolean }): Promise<boolean> {
    const write = () => this.#objects.put(MARK_FILE, Buffer.from(formatMark(mark)), options);
    try {
      if (!(await write())) return false;
      // A server that writes it once more knows no conditions: the last mark of those who found none is the one that counts.
      if (options.isNew && (await write())) await delay(OTHERS_MS);
    } catch (error) {
      throw this.#objects.unusable(error);
    }
    return (await this.readMark())?.mark === mark.mark;
  }

  async prepare(): Promise<void> {
    try {
      await this.#objects.put(TRIAL, new Uint8Array());
      await this.#objects.delete([TRIAL]);
    } catch (error) {
      throw this.#objects.unusable(error);
    }
  }

  async listRunIds(): Promise<string[]> {
    const runIds = new Set<string>();
    try {
      for await (const { runId } of runFilesIn(this.#objects)) runIds.add(runId);
    } catch (error) {
      throw this.#objects.unusable(error);
    }
    return [...runIds];
  }

  suggest(databasePlace: string): string {
    return siblingOf(this.#objects.location, nameFor(databasePlace));
  }

  filesOf(mark: string): ArtifactBucket {
    return new ArtifactBucket(this.#objects, mark);
  }

  close(): void {
    this.#objects.close();
  }
}
