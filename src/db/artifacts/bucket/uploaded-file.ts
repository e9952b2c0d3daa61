import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenArtifactFile } from "../folder/file.js";
import type { UnfinishedFile } from "../ports.js";

/** Sends a file of this machine to the bucket. @returns its size in bytes */
type Send = (file: string) => Promise<number>;

/**
 * A file that is written on this machine and sent when it is finished: a bucket takes objects as a whole, and a video's
 * beginning is written last.
 */
export class UploadedFile implements UnfinishedFile {
  readonly #folder: string;
  readonly #path: string;
  readonly #file: OpenArtifactFile;
  readonly #send: Send;

  private constructor(folder: string, path: string, file: OpenArtifactFile, send: Send) {
    this.#folder = folder;
    this.#path = path;
    this.#file = file;
    this.#send = send;
  }

  static async create(send: Send): Promise<UploadedFile> {
    const folder = await mkdtemp(join(tmpdir(), "stepwire-artifact-"));
    const path = join(folder, "content");
    try {
      return new UploadedFile(folder, path, await OpenArtifactFile.create(path), send);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    await this.#file.write(bytes, position);
  }

  async finish(): Promise<number> {
    await this.#file.finish();
    try {
      return await this.#send(this.#path);
    } finally {
      await this.#remove();
    }
  }

  async discard(): Promise<void> {
    await this.#file.discard();
    await this.#remove();
  }

  async #remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
