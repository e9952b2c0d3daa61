import pg from "pg";
import type { Logger } from "pino";
import { atMost } from "../../async/at-most.js";
import { Rest } from "../../async/rest.js";
import { InProcessWakes } from "../../wakes/in-process.js";
import type { Topic, Wakes } from "../../wakes/ports.js";
import type { Location } from "./location.js";
import { connectionSettings, END_TIMEOUT_MS, SERVER_NAME } from "./pool.js";

/** The channel of all servers of a database: a notification reaches its listeners in the same database only. */
const CHANNEL = "stepwire";

/** Topics in a payload, which may have 7,999 bytes: https://www.postgresql.org/docs/current/sql-notify.html */
const MOST_TOPICS = 100;

/** Topics that may wait for the connection, before everybody is to look at everything. */
const MOST_PENDING = 1_000;

/** In place of topics: wakes may have been missed. */
const EVERYTHING = "*";

/** Longest wait for an answer, in milliseconds. */
const ANSWER_TIMEOUT_MS = 5_000;

/** Time between two looks at a connection on which nothing is said, in milliseconds. */
const CHECK_INTERVAL_MS = 10_000;

/** Pauses before the connection is made again, in milliseconds; the last one for all further attempts. */
const PAUSES_MS = [100, 250, 1_000, 5_000];

/**
 * Wakes over LISTEN and NOTIFY of PostgreSQL, on one connection that is made again when it breaks. Notifications are
 * statements of their own, behind what they tell of: one inside a transaction takes a lock of the whole database when it
 * is committed. Topics that come while one is under way go together with the next.
 */
export class PostgresWakes implements Wakes {
  readonly #location: Location;
  readonly #log: Logger;
  /** Those who wait in this process, who need no notification. */
  readonly #here = new InProcessWakes();
  /** Topics that other servers have yet to be told of. */
  readonly #pending = new Set<Topic | typeof EVERYTHING>();
  readonly #rest = new Rest();
  readonly #running: Promise<void>;
  #connection: pg.Client | undefined;
  #sending: Promise<void> | undefined;
  #isClosed = false;

  constructor(location: Location, log: Logger) {
    this.#location = location;
    this.#log = log;
    this.#running = this.#keepConnected();
  }

  wake(...topics: readonly Topic[]): void {
    this.#here.wake(...topics);
    for (const topic of topics) this.#pending.add(topic);
    if (this.#pending.size > MOST_PENDING) this.#tellEverything();
    this.#send();
  }

  listen(topic: Topic, onWake: () => void): () => void {
    return this.#here.listen(topic, onWake);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    // Others wait most for the topic that was stored last.
    await atMost(END_TIMEOUT_MS, this.#sending ?? Promise.resolve());
    this.#rest.end();
    await atMost(END_TIMEOUT_MS, this.#connection?.end() ?? Promise.resolve()).catch(() => undefined);
    await atMost(END_TIMEOUT_MS, this.#running);
  }

  /** Never rejects. */
  async #keepConnected(): Promise<void> {
    for (let failures = 0; ; failures++) {
      const wasConnected = await this.#connectOnce();
      if (wasConnected) failures = 0;
      if (this.#isClosed) return;
      await this.#rest.take(PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)] ?? 0);
    }
  }

  /** Resolves when the connection has ended. @returns whether there was one. Never rejects. */
  async #connectOnce(): Promise<boolean> {
    const connection = new pg.Client({
      ...connectionSettings(this.#location),
      application_name: SERVER_NAME,
      query_timeout: ANSWER_TIMEOUT_MS,
    });
    const ended = new Promise<void>((resolve) => {
      connection.once("end", resolve).once("error", () => {
        resolve();
      });
    });
    // Later errors of a connection that is given up are nobody's business.
    connection.on("error", () => undefined);
    connection.on("notification", ({ processId, payload = "" }) => {
      if (processId !== ownProcessId(connection)) this.#hear(payload);
    });
    try {
      await connection.connect();
      await connection.query(`LISTEN ${CHANNEL}`);
      if (this.#isClosed) return true;
      this.#connected(connection);
      await this.#untilBroken(connection, ended);
      return true;
    } catch (error) {
      this.#log.debug({ err: error }, "no connection for notifications, trying again");
      return false;
    } finally {
      if (this.#connection === connection) this.#lose();
      await atMost(END_TIMEOUT_MS, connection.end()).catch(() => undefined);
    }
  }

  #connected(connection: pg.Client): void {
    this.#connection = connection;
    // Others may have told of something before.
    this.#here.wakeAll();
    this.#send();
  }

  #lose(): void {
    this.#connection = undefined;
    // Nobody knows if the last notification has got through.
    this.#tellEverything();
    if (!this.#isClosed)
      this.#log.warn("the connection for notifications broke; servers look by themselves until it is back");
  }

  /** A connection may be dead without a word; a small statement finds out. */
  async #untilBroken(connection: pg.Client, ended: Promise<void>): Promise<void> {
    for (;;) {
      if ((await atMost(CHECK_INTERVAL_MS, ended, "alive")) !== "alive") return;
      await connection.query("SELECT 1");
    }
  }

  #hear(payload: string): void {
    // Other servers write topics only; an unknown one has no listener.
    if (payload === EVERYTHING) this.#here.wakeAll();
    else this.#here.wake(...(payload.split("\n") as Topic[]));
  }

  #tellEverything(): void {
    this.#pending.clear();
    this.#pending.add(EVERYTHING);
  }

  #send(): void {
    if (this.#connection === undefined || this.#pending.size === 0) return;
    this.#sending ??= this.#sendAll();
  }

  /** Never rejects. */
  async #sendAll(): Promise<void> {
    // Topics of the same turn of the event loop go together.
    await Promise.resolve();
    while (this.#connection !== undefined && this.#pending.size > 0) await this.#sendOnce(this.#connection);
    // This happens in the turn in which nothing was pending, or a topic that comes meanwhile would wait for the next.
    this.#sending = undefined;
  }

  async #sendOnce(connection: pg.Client): Promise<void> {
    const topics = [...this.#pending].slice(0, MOST_TOPICS);
    for (const topic of topics) this.#pending.delete(topic);
    const payload = topics.includes(EVERYTHING) ? EVERYTHING : topics.join("\n");
    try {
      await connection.query("SELECT pg_notify($1, $2)", [CHANNEL, payload]);
    } catch (error) {
      this.#log.debug({ err: error }, "a notification could not be sent");
      if (this.#connection === connection) this.#lose();
      // Its end makes a new one.
      await atMost(END_TIMEOUT_MS, connection.end()).catch(() => undefined);
    }
  }
}

/** The process of PostgreSQL behind a connection, which the driver knows and its types leave out. */
function ownProcessId(connection: pg.Client): unknown {
  return (connection as { processID?: unknown }).processID;
}
