import type { Logger } from "pino";
import type { JobStore } from "../execution/ports.js";
import type { SharedSums } from "../limits/ports.js";
import type { Wakes } from "../wakes/ports.js";
import type { Prisma, PrismaClient } from "./generated/client.js";

/** The number under which a server has a run: the run's `lease_number` while nobody else has taken it. */
export interface RunLease {
  runId: string;
  number: number;
}

/** A server, and the runs that it has. */
export interface ServerRuns {
  /** Its id, which no other has and none had before. */
  owner: string;
  /** The numbers of the leases under which it has runs that have no verdict yet. */
  leases: Map<string, number>;
}

/** Events of one or more runs, and the leases under which they are written. */
export interface EventInsert {
  events: readonly { runId: string; seq: number; ts: Date; type: string; payload: object }[];
  /** Id of the server that writes. */
  owner: string;
  /** One for each run. */
  leases: readonly RunLease[];
}

/** The part of a database that stores need beside Prisma's own interface, which is the same for every engine. */
export interface StoreEngine {
  readonly client: PrismaClient;
  /** Tells if a write was refused because another row has a value that has to be unique. */
  isUnique(error: unknown): boolean;
  /** Tells if a row that was to be changed does not exist. */
  isMissing(error: unknown): boolean;
  /**
   * Inserts events, all of them or none, in one statement that also finds out whether the leases are held. A lease
   * that is taken over at the same time either is seen, or waits for the statement.
   *
   * @param executor the client, or a transaction of it, which more than {@link mostEventsAtOnce} need
   * @returns whether all leases are held; nothing was inserted otherwise
   * @throws an error that {@link isUnique} knows when a run has an event with one of the numbers already
   */
  insertEvents(executor: PrismaClient | Prisma.TransactionClient, insert: EventInsert): Promise<boolean>;
  /** Events that {@link insertEvents} takes outside a transaction. */
  readonly mostEventsAtOnce: number;
  /**
   * Keeps others from changing or deleting a test case, its steps and their numbers, and from starting a run of it, until
   * the transaction is over: to be called before it reads what it then decides by. A case that is not there is no error.
   */
  lockTestCase(transaction: Prisma.TransactionClient, id: number): Promise<void>;
  /** The condition that a text contains another, whether letters are large or small. */
  containing(text: string): { contains: string };
  /** Bytes of all artifacts whose files are there: a sum that Prisma reads as a number of 32 bits. */
  sumArtifactBytes(): Promise<number>;
}

/** An open database: the stores' part of it, and the means to keep it sound and to close it. */
export interface Engine extends StoreEngine {
  /**
   * True when the lock of the database proves, for as long as this process lives, that no other server has it: any
   * other owner of a run is gone.
   */
  readonly isSole: boolean;
  /** The database's place, for the mark in the folder of its artifacts: a path, or a URL without a password. */
  readonly place: string;
  /** Absolute path of the one file that it is in; `undefined` when a server of its own keeps it. */
  readonly file: string | undefined;
  /** Wakes those who wait for something to be stored, on all servers of the database. */
  readonly wakes: Wakes;
  /** The queue that all servers of the database share; undefined where there is one server only. */
  openJobs: ((server: ServerRuns) => JobStore) | undefined;
  /** Sums of what its servers count; undefined where there is one server only. */
  readonly sums: SharedSums | undefined;
  /** Makes the numbers that rows get go on after those that the tables have; for rows that brought theirs along. */
  continueNumbering(transaction: Prisma.TransactionClient): Promise<void>;
  /** Does something that no other server on the database does at the same time. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Finds out whether the database can be read and written now.
   *
   * @throws Error with the reason for the operator.
   */
  check(): Promise<void>;
  /** Tells others who want to use the database where this server is. */
  announce(address: string): void;
  /** Leaves everything where a copy finds it, gives the lock back and disconnects. May be called more than once. */
  close(): Promise<void>;
}

/** An open database as a command uses it, beside a server or without one. */
export type CommandEngine = StoreEngine & Pick<Engine, "place" | "close">;

export interface EngineOptions {
  /** `DATABASE_URL`. */
  url: string;
  /**
   * True for a database that is deleted when it is closed: what is stored need not outlive the machine then, and no write
   * waits for the disk.
   * @defaultValue false
   */
  isTemporary?: boolean | undefined;
  log: Logger;
}

export interface Backup {
  /** The database that was copied, and its copy; absolute paths. */
  source: string;
  file: string;
  bytes: number;
}

export interface Restored {
  /** The database, and the file that it was made of; absolute paths. */
  file: string;
  source: string;
  /** The file in which the former database is kept, if there was one. */
  keptAs: string | undefined;
}

/** A database as a look at it from outside finds it. */
export interface DatabaseState {
  /** A path, or a URL without a password. */
  place: string;
  /** The folder that it is in; undefined when a server of its own keeps it. */
  folder: string | undefined;
  isThere: boolean;
  /** The number of migrations that the next start would apply. */
  pendingMigrations: number;
  /** The server that has it, in words; undefined where none has. */
  holder: string | undefined;
}

/** A kind of database: everything that is done before one is open, or without opening it. */
export interface EngineKind {
  /**
   * Locks the database where its kind has room for one server only, brings it to the schema of this version, each
   * migration in one transaction and by one process, and connects.
   *
   * @throws DatabaseStartError with a message for the operator when the database cannot be used.
   */
  openForServer(options: EngineOptions): Promise<Engine>;
  /**
   * Opens the database for a command, and changes no table under a server of another version.
   *
   * @throws DatabaseStartError with a message for the operator when the database cannot be used.
   */
  openForCommand(options: EngineOptions): Promise<CommandEngine>;
  /**
   * Looks a database over, and changes nothing.
   *
   * @throws DatabaseStartError when it cannot be used.
   */
  look(url: string): Promise<DatabaseState>;
  /** Copies the database into a file. @throws BackupError; nothing of that name was made then. */
  backUp(options: { url: string; file: string; force: boolean }): Promise<Backup>;
  /** Makes a backup the database. @throws DatabaseStartError or BackupError; nothing has been changed then. */
  restore(options: { url: string; file: string; now: Date }): Promise<Restored>;
}
