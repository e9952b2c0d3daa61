import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { timeoutSignal } from "../../../async/timeout-signal.js";
import { DatabaseStartError } from "../../start-error.js";
import { nameOf, type BucketLocation } from "./location.js";

/** Limits of requests, in milliseconds. */
export interface RequestLimits {
  /** Longest wait for a connection. */
  connectMs: number;
  /** Longest time in which the server or the network says nothing. */
  silenceMs: number;
  /** Longest time of a request without a file, all its attempts together. */
  requestMs: number;
  /** Longest time of one that carries a file, which may have 2 GB. */
  fileMs: number;
}

const LIMITS: RequestLimits = { connectMs: 5_000, silenceMs: 20_000, requestMs: 30_000, fileMs: 600_000 };

const nothing = () => undefined;

/** The client's own remarks, which it would else print: what failed is told by the error. */
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Times that a file is sent, while the server fails or is not reached. */
const FILE_ATTEMPTS = 3;

/** Objects that are deleted at the same time. */
const DELETED_TOGETHER = 20;

/** The way to the server of one bucket. Keys are those of artifacts, without the prefix. */
export class BucketObjects {
  readonly location: BucketLocation;
  readonly #client: S3Client;
  readonly #limits: RequestLimits;

  constructor(location: BucketLocation, limits = LIMITS) {
    this.location = location;
    this.#limits = limits;
    const { endpoint, region } = location;
    this.#client = new S3Client({
      ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
      ...(region !== undefined && { region }),
      // Servers other than Amazon's know the newer checksums only in part; each object is sent with its MD5 instead.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
      logger: SILENT,
      requestHandler: {
        connectionTimeout: limits.connectMs,
        socketTimeout: limits.silenceMs,
      },
    });
  }

  /** @returns undefined when there is no such object */
  async readText(key: string): Promise<string | undefined> {
    return await this.#unlessMissing(async () => {
      const command = new GetObjectCommand(this.#at(key));
      const { Body } = await this.#client.send(command, this.#within());
      return await Body?.transformToString();
    });
  }

  /** @returns its size in bytes; undefined when there is no such object */
  async sizeOf(key: string): Promise<number | undefined> {
    return await this.#unlessMissing(async () => {
      const command = new HeadObjectCommand(this.#at(key));
      const { ContentLength } = await this.#client.send(command, this.#within());
      return ContentLength;
    });
  }

  /** An object, or a part of it, asked for when it is read. @param range of bytes, both ends included */
  stream(key: string, { start, end }: { start?: number; end?: number } = {}): Readable {
    const left = new AbortController();
    const range = start === undefined ? {} : { Range: `bytes=${start}-${end ?? ""}` };
    const stream = Readable.from(this.#chunksOf({ ...this.#at(key), ...range }, left.signal), {
      objectMode: false,
    });
    stream.once("close", () => {
      left.abort();
    });
    return stream;
  }

  /**
   * @param options.isNew whether there must be none yet, as far as the server can tell
   * @returns false when there is one
   */
  async put(key: string, bytes: Uint8Array, { isNew = false } = {}): Promise<boolean> {
    const ContentMD5 = createHash("md5").update(bytes).digest("base64");
    const condition = isNew ? { IfNoneMatch: "*" } : {};
    const command = new PutObjectCommand({ ...this.#at(key), ...condition, Body: bytes, ContentMD5 });
    try {
      await this.#client.send(command, this.#within());
      return true;
    } catch (error) {
      if (isNew && [409, 412].includes(statusOf(error) ?? 0)) return false;
      throw error;
    }
  }

  /** @param size of the file, in bytes. @throws Error when the file changes meanwhile */
  async putFile(key: string, file: string, size: number): Promise<void> {
    const hash = createHash("md5");
    await pipeline(createReadStream(file), hash);
    const ContentMD5 = hash.digest("base64");
    for (let attempt = 1; ; attempt++) {
      const content = { Body: createReadStream(file), ContentLength: size, ContentMD5 };
      try {
        await this.#client.send(new PutObjectCommand({ ...this.#at(key), ...content }), {
          abortSignal: timeoutSignal(this.#limits.fileMs),
        });
        return;
      } catch (error) {
        // The client itself sends a stream only once.
        content.Body.destroy();
        const status = statusOf(error) ?? 0;
        if (attempt === FILE_ATTEMPTS || (status >= 400 && status < 500)) throw error;
      }
    }
  }

  /** @returns false when there is no such object */
  async move(from: string, to: string): Promise<boolean> {
    const { Bucket, Key } = this.#at(from);
    const CopySource = [Bucket, ...Key.split("/")].map(encodeURIComponent).join("/");
    const command = new CopyObjectCommand({ ...this.#at(to), CopySource });
    const moved = await this.#unlessMissing(() => this.#client.send(command, this.#within()));
    if (moved !== undefined) await this.delete([from]);
    return moved !== undefined;
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (let from = 0; from < keys.length; from += DELETED_TOGETHER) {
      const together = keys.slice(from, from + DELETED_TOGETHER);
      await Promise.all(
        together.map((key) => this.#client.send(new DeleteObjectCommand(this.#at(key)), this.#within())),
      );
    }
  }

  /** Keys that begin so, in their order, a page of the server at a time. */
  async *list(start: string): AsyncGenerator<string[]> {
    const { Bucket, Key: Prefix } = this.#at(start);
    let ContinuationToken: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        ...{ Bucket, Prefix },
        ...(ContinuationToken !== undefined && { ContinuationToken }),
      });
      const page = await this.#client.send(command, this.#within());
      yield (page.Contents ?? []).flatMap(({ Key }) =>
        Key === undefined ? [] : [Key.slice(this.location.prefix.length)],
      );
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  }

  /** Ends the connections. */
  close(): void {
    this.#client.destroy();
  }

  /** The reason that the bucket cannot be used, with the remedy. */
  unusable(cause: unknown): DatabaseStartError {
    if (cause instanceof DatabaseStartError) return cause;
    const { name, code, message } = cause as NodeJS.ErrnoException;
    const reason = cause instanceof S3ServiceException ? name : (code ?? message);
    return new DatabaseStartError(
      `ARTIFACTS_DIR: the bucket ${nameOf(this.location)} cannot be used (${reason}). Its endpoint and region stand in ARTIFACTS_DIR, the keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or in a profile or role of this machine; they must allow to list, read, write and delete there.`,
      { cause },
    );
  }

  async *#chunksOf(
    object: { Bucket: string; Key: string; Range?: string },
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const { Body } = await this.#client.send(new GetObjectCommand(object), { abortSignal: signal });
    // In Node.js the body is always a stream of it; the type is that of all platforms.
    if (Body !== undefined) yield* Body as Readable;
  }

  #within(): { abortSignal: AbortSignal } {
    return { abortSignal: timeoutSignal(this.#limits.requestMs) };
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.location.bucket, Key: `${this.location.prefix}${key}` };
  }

  async #unlessMissing<T>(request: () => Promise<T>): Promise<T | undefined> {
    try {
      return await request();
    } catch (error) {
      // A missing bucket has the same status, and another name; the answer to a HEAD has no name but NotFound.
      if (error instanceof S3ServiceException && ["NoSuchKey", "NotFound"].includes(error.name))
        return undefined;
      throw error;
    }
  }
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}
