import { statSync, type BigIntStats } from "node:fs";

/** The reason why the files of a database are not the open ones. */
export interface Fault {
  /** For the operator, with the remedy. */
  reason: string;
  /**
   * True when the open file is whole and nobody else's, so that the log can and should be moved into it: it is complete
   * then wherever it was moved to, and no other file of its name is taken for the one that the log belongs to.
   */
  isOpenFileSound: boolean;
}

/** The traits of a file apart from its name. */
interface Traits {
  dev: bigint;
  ino: bigint;
  size: bigint;
  mtimeNs: bigint;
}

export interface FileWatchOptions {
  /** The database as it is named, links and all: a link may be pointed elsewhere. */
  file: string;
  /** The name of the database's log. */
  logFile: string;
  /**
   * Reads the mark that tells databases apart, over a connection that was opened just now.
   *
   * @returns nothing when it could not be asked; something else where the file is no such database any more
   */
  readIdentity: () => Promise<string | undefined>;
}

/**
 * Finds out whether the files that are open are still those which have the names, and that nobody has written over
 * them. It never opens them: closing a file anywhere in a process gives up all the process's locks on it, SQLite's too.
 */
export class FileWatch {
  readonly #options: FileWatchOptions;
  readonly #identity: string | undefined;
  /** As they were at the last look. */
  #file: Traits;
  #log: Traits | undefined;
  /** Set once the content is another: the connection has parts of both, and nothing repairs that. */
  #overwritten: Fault | undefined;

  private constructor(options: FileWatchOptions, identity: string | undefined, file: Traits) {
    this.#options = options;
    this.#identity = identity;
    this.#file = file;
    this.#log = traitsOf(options.logFile);
  }

  /** @throws Error when the file cannot be read */
  static async open(options: FileWatchOptions): Promise<FileWatch> {
    const identity = await options.readIdentity();
    return new FileWatch(options, identity, statSync(options.file, { bigint: true }));
  }

  /** Tells if the name still leads to the file that is open. */
  isInPlace(): boolean {
    return isSame(traitsOf(this.#options.file), this.#file);
  }

  /** @returns what is wrong, if anything is */
  async look(): Promise<Fault | undefined> {
    const { file, logFile } = this.#options;
    if (this.#overwritten !== undefined) return this.#overwritten;
    const now = traitsOf(file);
    const log = traitsOf(logFile);
    if (now === undefined) {
      return moved(`The database ${file} was deleted, renamed or unmounted under the server. ${PUT_BACK}`);
    }
    if (!isSame(now, this.#file)) {
      return moved(`The database ${file} was replaced by another file under the server. ${PUT_BACK}`);
    }
    if (log === undefined || !isSame(log, this.#log ?? log)) {
      return moved(
        `The log of the database, ${logFile}, was deleted or replaced under the server. ${RESTART}`,
      );
    }
    const isOverwritten = await this.#isOverwritten(now, log);
    this.#file = now;
    this.#log = log;
    if (isOverwritten) {
      const reason = `The database ${file} was written over by something else than SQLite. ${RESTART}`;
      this.#overwritten = { reason, isOpenFileSound: false };
    }
    return this.#overwritten;
  }

  async #isOverwritten(now: BigIntStats, log: Traits): Promise<boolean> {
    const before = this.#file;
    if (now.mtimeNs === before.mtimeNs && now.size === before.size) return false;
    // SQLite writes into the log first, and moves into the file only changes that are there.
    const hadNothingToMove = this.#log?.size === 0n && log.size === 0n && this.#log.mtimeNs === log.mtimeNs;
    if (hadNothingToMove) return true;
    const identity = await this.#options.readIdentity();
    return identity !== undefined && identity !== this.#identity;
  }
}

const PUT_BACK = "Put it back, or start the server again on the one that is there.";
const RESTART = "Stop the server, restore a backup if data is missing, and start it again.";

function moved(reason: string): Fault {
  return { reason, isOpenFileSound: true };
}

function traitsOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    // A folder above is a file now, or may not be read.
    return undefined;
  }
}

function isSame(one: Traits | undefined, other: Traits): boolean {
  return one?.dev === other.dev && one.ino === other.ino;
}
