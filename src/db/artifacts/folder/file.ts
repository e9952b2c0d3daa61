import { open, rm, type FileHandle } from "node:fs/promises";
import type { UnfinishedFile } from "../ports.js";

/** A file in the folder of its run, which is an orphan for the sweep until it has its row. */
export class OpenArtifactFile implements UnfinishedFile {
  readonly #path: string;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  /** @param path of a file that is not there yet */
  static async create(path: string): Promise<OpenArtifactFile> {
    return new OpenArtifactFile(path, await open(path, "wx"));
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    // One call may write less than it was given, as when the disk fills up.
    for (let done = 0; done < bytes.byteLength;) {
      const { bytesWritten } = await this.#handle.write(bytes, done, undefined, position + done);
      done += bytesWritten;
    }
  }

  async finish(): Promise<number> {
    const { size } = await this.#handle.stat();
    await this.#handle.close();
    return size;
  }

  async discard(): Promise<void> {
    // Closing again does nothing.
    await this.#handle.close();
    await rm(this.#path, { force: true });
  }
}
