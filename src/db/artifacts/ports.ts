import type { OpenFile } from "../../cases/ports.js";
import type { ArtifactFile } from "../../execution/ports.js";
import type { Mark } from "./mark.js";

/** The content of a new file: bytes, or a file of this machine, which is copied. */
export type NewContent = { bytes: Uint8Array } | { file: string };

/** A file that is there, and opened. */
export interface StoredFile extends OpenFile {
  /** In bytes. */
  size: number;
}

/** A file that is written bit by bit, at any place. Nobody can see it until it is finished. */
export interface UnfinishedFile extends Pick<ArtifactFile, "write" | "discard"> {
  /** Makes it a file like any other. @returns its size in bytes */
  finish(): Promise<number>;
}

/** The files in the folder of one run. */
export interface RunFiles {
  runId: string;
  names: readonly string[];
}

/** Files that no database row names. They may yet turn out to be somebody's, so they are kept for some days. */
export interface ArtifactTrash {
  /** @param path as it would be stored */
  take(path: string): Promise<void>;
  /** Every run that has something in the trash, with the places where that is. */
  contents(): Promise<Map<string, string[]>>;
  /**
   * Puts a file back.
   *
   * @param path as it is stored
   * @param places where it may be in the trash
   * @returns whether it was there
   */
  putBack(path: string, places: readonly string[]): Promise<boolean>;
  /** Deletes files that have been here for long enough. @returns their number */
  empty(): Promise<number>;
}

/**
 * The files of one database's artifacts, in a folder or in a bucket of S3. Their paths are as they are stored:
 * `<run id>/<name>`, with a forward slash.
 */
export interface ArtifactFiles {
  /** @throws Error when the place is no longer there, or has become another database's */
  require(): Promise<void>;
  /**
   * Writes a new file.
   *
   * @returns its size in bytes
   * @throws Error as {@link require} does, and for a file of this machine that is no plain one or too large
   */
  write(path: string, content: NewContent): Promise<number>;
  /** Begins a file in this place. @throws Error as {@link require} does */
  begin(path: string): Promise<UnfinishedFile>;
  /** Opens a file for reading; nothing when there is no plain file, such as where a link is. */
  open(path: string): Promise<StoredFile | undefined>;
  /** Deletes files, as far as they are there. */
  remove(paths: readonly string[]): Promise<void>;
  /** Deletes folders with all that is in them. */
  removeFolders(names: readonly string[]): Promise<void>;
  /** Deletes those of the folders that have nothing in them. */
  removeEmptyFolders(names: readonly string[]): Promise<void>;
  /** The folders of runs with their files, in parts that are small enough to be looked at together. */
  listRuns(): AsyncIterable<readonly RunFiles[]>;
  /** @param now the time from which days in the trash are counted */
  openTrash(now: Date): ArtifactTrash;
  /** Ends the connections to the place, if there are any. */
  close(): void;
}

/** A place for artifacts before it is known whose it is. */
export interface ArtifactPlace {
  /** Such as `/srv/artifacts` or `s3://bucket/folder`, for messages. */
  readonly name: string;
  /**
   * @returns nothing when the place has no mark, or is not there
   * @throws Error when there is one that cannot be read
   */
  readMark(): Promise<Mark | undefined>;
  /**
   * Marks the place. The mark is there as a whole or not at all.
   *
   * @param options.isNew whether there must be none yet; without it the mark takes the place of any other
   * @returns false when another server was faster
   * @throws DatabaseStartError when it cannot be written
   */
  writeMark(mark: Mark, options: { isNew: boolean }): Promise<boolean>;
  /** Makes the place, if it can be made. @throws DatabaseStartError when nothing can be written there */
  prepare(): Promise<void>;
  /** Ids of the runs that have files here. @throws DatabaseStartError when the place cannot be read */
  listRunIds(): Promise<string[]>;
  /** A place of the same kind that nobody else is likely to have, as `ARTIFACTS_DIR` has it. */
  suggest(databasePlace: string): string;
  /** The files here, for the database with this mark. They share the place's connections. */
  filesOf(mark: string): ArtifactFiles;
  /** As of {@link ArtifactFiles}. */
  close(): void;
}
