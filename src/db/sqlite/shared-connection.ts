import { isBusy, type Connection } from "./connection.js";

type Statement = Parameters<Connection["execute"]>[0];
type Transaction = Awaited<ReturnType<Connection["transaction"]>>;

/**
 * The one connection that a server's statements share. The client below Prisma's adapter gives its connection away to
 * each transaction and opens another one, whose PRAGMAs are the defaults, for what follows. The adapter itself lets
 * nothing run beside a transaction, so one connection serves for everything, and its PRAGMAs hold for everything.
 *
 * It is opened anew after any fault that may have left it unusable: the driver keeps a statement that met a lock open
 * until it is collected as garbage, and no transaction commits beside it ("SQL statements in progress").
 */
export class SharedConnection {
  readonly #reopen: () => Promise<Connection>;
  #current: Connection;
  /** Set before the transaction begins, so that nothing slips in while it does. */
  #isInTransaction = false;

  /** @param reopen opens the same file again, with the same PRAGMAs; rejects where that is not possible */
  constructor(first: Connection, reopen: () => Promise<Connection>) {
    this.#current = first;
    this.#reopen = reopen;
  }

  async execute(statement: Statement): ReturnType<Connection["execute"]> {
    try {
      return await this.#current.execute(statement);
    } catch (error) {
      if (isBusy(error) && !this.#isInTransaction) await this.#renew();
      throw error;
    }
  }

  async executeMultiple(script: string): Promise<void> {
    await this.#current.executeMultiple(script);
  }

  async transaction(): Promise<Transaction> {
    this.#isInTransaction = true;
    try {
      // Not deferred: a transaction that reads first and then writes would fail at once, without waiting, if another
      // process has written in between.
      await this.#current.execute("BEGIN IMMEDIATE");
    } catch (error) {
      await this.#renew();
      throw error;
    }
    let closed = false;
    const end = async (statement: "COMMIT" | "ROLLBACK") => {
      closed = true;
      try {
        await this.#current.execute(statement);
        this.#isInTransaction = false;
      } catch (error) {
        // A commit that failed, on a full disk for example, leaves the transaction open; nothing could begin after it.
        await this.#current.execute("ROLLBACK").catch(() => undefined);
        await this.#renew();
        throw error;
      }
    };
    return {
      execute: (statement: Statement) => this.#current.execute(statement),
      batch: () => Promise.reject(new Error("The adapter runs no batches.")),
      executeMultiple: () => Promise.reject(new Error("The adapter runs no scripts in a transaction.")),
      commit: () => end("COMMIT"),
      rollback: () => end("ROLLBACK"),
      close: () => undefined,
      get closed() {
        return closed;
      },
    };
  }

  /** Tells if this process could write now: no other has the write lock. @throws the database's error */
  async isFree(): Promise<boolean> {
    if (this.#isInTransaction) return true;
    try {
      // The client takes a transaction back that a script leaves open, in the same turn of the event loop.
      await this.#current.executeMultiple("BEGIN IMMEDIATE");
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    }
  }

  /** Writes something that changes nothing, all the way to the disk. @throws the database's error */
  async writeNothing(): Promise<void> {
    if (this.#isInTransaction) return;
    const { rows } = await this.#current.execute("PRAGMA user_version");
    const version = Number(rows[0]?.[0] ?? 0);
    await this.#current.executeMultiple(`BEGIN IMMEDIATE; PRAGMA user_version = ${version}; COMMIT`);
  }

  /** Moves all of the log into the database's file and empties it. @returns whether nothing was in the way */
  async checkpoint(): Promise<boolean> {
    if (this.#isInTransaction) return false;
    const { rows } = await this.#current.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    return Number(rows[0]?.[0]) === 0;
  }

  close(): void {
    this.#current.close();
  }

  async #renew(): Promise<void> {
    try {
      // Opened before the old one is closed: the last connection to leave deletes the log and the next makes another.
      const next = await this.#reopen();
      this.#current.close();
      this.#current = next;
    } catch {
      // The old one stays; the next statement that fails tries again.
    } finally {
      this.#isInTransaction = false;
    }
  }
}
