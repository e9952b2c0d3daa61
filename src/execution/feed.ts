import { setTimeout as delay } from "node:timers/promises";
import { isAborted } from "../async/abortable.js";
import type { RunEvent } from "../protocol/messages.js";
import { LiveRun, SharedEvent } from "./live-run.js";
import type { FeedEnd, FeedWatcher, RunFeed, RunKind } from "./ports.js";

/** Stored events read at once. */
const PAGE = 100;

/** Pause between looks at a run that is not over and not live here, such as one being ended after a restart. */
const POLL_MS = 500;

/** Reads stored runs and events. */
export interface EventReader {
  findRun(id: string): Promise<{ finishedAt: Date | null } | undefined>;
  /** The first `limit` events with a number above `afterSeq`, in order. */
  findEvents(runId: string, range: { afterSeq: number; limit: number }): Promise<RunEvent[]>;
}

/**
 * Lets any number of watchers follow runs. An event is published only after it is stored, so whatever a live run
 * no longer remembers can be read: a watcher reads stored events until the live run remembers the next one, and
 * goes over to it in the same turn of the event loop. Nothing can come in between.
 */
export class Feed implements RunFeed {
  readonly #reader: EventReader;
  readonly #live = new Map<string, LiveRun>();
  readonly #ending = new Set<Promise<void>>();

  constructor(reader: EventReader) {
    this.#reader = reader;
  }

  /** Opens the live side of a run that is about to be queued. */
  open({ id, kind }: { id: string; kind: RunKind }): LiveRun {
    const run = new LiveRun(kind, () => {
      this.#live.delete(id);
    });
    this.#live.set(id, run);
    this.#ending.add(run.settled);
    void run.settled.then(() => this.#ending.delete(run.settled));
    return run;
  }

  isLive(runId: string): boolean {
    return this.#live.has(runId);
  }

  async watch(runId: string, watcher: FeedWatcher): Promise<FeedEnd> {
    const { signal } = watcher;
    let seq = watcher.afterSeq;
    let isOver = false;
    while (!signal.aborted) {
      const run = this.#live.get(runId);
      if (run?.remembersAfter(seq)) return await run.follow(seq, watcher);
      // Asked before the events are read: a run that is over by then has none that the read could miss.
      isOver ||= run === undefined && (await this.#isOver(runId));
      const events = await this.#reader.findEvents(runId, { afterSeq: seq, limit: PAGE });
      for (const event of events) {
        await watcher.ready();
        if (isAborted(signal)) return "stopped";
        watcher.onEvents([new SharedEvent(event)]);
        seq = event.seq;
      }
      if (isAborted(signal)) break;
      const isCaughtUp = events.length < PAGE;
      if (isCaughtUp && isOver) return "over";
      if (isCaughtUp && !this.#live.has(runId)) await pause(signal);
    }
    return "stopped";
  }

  /** Resolves once every run that has ended is told to its watchers. Runs under way are waited for. */
  async settled(): Promise<void> {
    await Promise.all(this.#ending);
  }

  /** A run that was deleted is over too. */
  async #isOver(runId: string): Promise<boolean> {
    const run = await this.#reader.findRun(runId);
    return run?.finishedAt !== null;
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  // Rejects only when the signal is aborted, which ends the loop.
  await delay(POLL_MS, undefined, { signal, ref: false }).catch(() => undefined);
}
