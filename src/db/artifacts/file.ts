import { open, rm, type FileHandle } from "node:fs/promises";
import type { ArtifactFile } from "../../execution/ports.js";

/** Writes a file's description into the database. @returns the path that serves it */
type Register = (description: Parameters<ArtifactFile["keep"]>[0], bytes: number) => Promise<string>;

/** A file in the folder of its run, which is an orphan for the sweep until it has its row. */
export class OpenArtifactFile implements ArtifactFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #register: Register;

  private constructor(path: string, handle: FileHandle, register: Register) {
    this.#path = path;
    this.#handle = handle;
    this.#register = register;
  }

  static async create(path: string, register: Register): Promise<OpenArtifactFile> {
    return new OpenArtifactFile(path, await open(path, "wx"), register);
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    // One call may write less than it was given, as when the disk fills up.
    for (let done = 0; done < bytes.byteLength;) {
      const { bytesWritten } = await this.#handle.write(bytes, done, undefined, position + done);
      done += bytesWritten;
    }
  }

  async keep(description: Parameters<ArtifactFile["keep"]>[0]): Promise<string> {
    const { size } = await this.#handle.stat();
    await this.#handle.close();
    return await this.#register(description, size);
  }

  async discard(): Promise<void> {
    // Closing again does nothing.
    await this.#handle.close();
    await rm(this.#path, { force: true });
  }
}
