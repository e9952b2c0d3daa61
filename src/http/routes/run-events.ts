import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { RunReader, StoredRun } from "../../cases/ports.js";
import type { FeedEvent, FeedWatcher, RunFeed } from "../../execution/ports.js";
import { AppError } from "../../protocol/errors.js";

/** Time between two comments that show proxies and clients that the stream is alive, in milliseconds. */
const HEARTBEAT_MS = 15_000;

/** Most bytes that may wait for a client; one that reads more slowly is cut off and goes on with Last-Event-ID. */
const MAX_BACKLOG_BYTES = 8 * 1024 * 1024;

/** Backlog above which no more stored events are read, in bytes. */
const READ_MARK_BYTES = 256 * 1024;

/** Tells whether a request asks for server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function wantsEventStream({ method, headers }: FastifyRequest): boolean {
  return method === "GET" && (headers.accept?.includes("text/event-stream") ?? false);
}

export interface RunEventsRequest {
  run: StoredRun;
  afterSeq: number;
  runs: RunReader;
  feed: RunFeed;
}

/**
 * Answers with a run's events as server-sent events.
 *
 * @throws AppError `invalid_message` when `Last-Event-ID` is not a number.
 */
export async function sendRunEvents<Reply extends FastifyReply>(
  { headers }: FastifyRequest,
  reply: Reply,
  { run, afterSeq, runs, feed }: RunEventsRequest,
): Promise<Reply> {
  const lastId = lastEventId(headers["last-event-id"]);
  if (lastId !== undefined && run.finishedAt !== null) {
    const rest = await runs.findEvents(run.id, { afterSeq: lastId, limit: 1 });
    // A browser connects again whenever a stream ends, unless it is told in this way that there is no more.
    if (rest.length === 0) return reply.code(204).send();
  }
  reply.type("text/event-stream").header("Cache-Control", "no-cache, no-store, no-transform");
  // nginx holds back the events that it passes on unless it is told not to.
  reply.header("X-Accel-Buffering", "no");
  return reply.send(new RunEventStream(feed, run.id, lastId ?? afterSeq));
}

/** @returns the number in a `Last-Event-ID` header; `undefined` without one. @throws AppError `invalid_message` */
function lastEventId(value: string | string[] | undefined): number | undefined {
  if (value === undefined || value === "") return undefined;
  if (typeof value === "string" && /^\d{1,15}$/.test(value)) return Number(value);
  throw new AppError("invalid_message", "Last-Event-ID: must be the id of an event, a whole number.");
}

/** A run's events as server-sent events, from the stored ones on to the last one of the run. */
class RunEventStream extends Readable implements FeedWatcher {
  readonly afterSeq: number;
  readonly signal: AbortSignal;
  readonly #stop = new AbortController();
  readonly #heartbeat: NodeJS.Timeout;
  #wake: () => void = () => undefined;

  constructor(feed: RunFeed, runId: string, afterSeq: number) {
    super({ highWaterMark: READ_MARK_BYTES });
    this.afterSeq = afterSeq;
    this.signal = this.#stop.signal;
    this.#heartbeat = setInterval(() => this.push(": alive\n\n"), HEARTBEAT_MS).unref();
    // This is sent at once, so that a client knows that it is connected although nothing may happen for long.
    this.push(": connected\n\n");
    feed.watch(runId, this).then(
      () => this.#finish(),
      (error: unknown) => this.destroy(error as Error),
    );
  }

  onEvents(events: readonly FeedEvent[]): void {
    for (const event of events) {
      if (this.signal.aborted) return;
      // JSON has no line breaks, so one line of data is enough.
      this.push(Buffer.concat([Buffer.from(`id: ${event.seq}\ndata: `), event.json(false), BLANK_LINE]));
      if (this.readableLength > MAX_BACKLOG_BYTES) this.destroy();
    }
  }

  async ready(): Promise<void> {
    if (this.readableLength < READ_MARK_BYTES || this.signal.aborted) return;
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  override _read(): void {
    this.#wake();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#end();
    done(error);
  }

  #finish(): void {
    this.#end();
    if (!this.destroyed) this.push(null);
  }

  #end(): void {
    clearInterval(this.#heartbeat);
    this.#stop.abort();
    this.#wake();
  }
}

const BLANK_LINE = Buffer.from("\n\n");
