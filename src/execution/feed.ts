import { isAborted } from "../async/abortable.js";
import { InProcessWakes } from "../wakes/in-process.js";
import type { Wakes } from "../wakes/ports.js";
import { LiveRun, SharedEvent } from "./live-run.js";
import type { FeedEnd, FeedWatcher, RunFeed, RunKind } from "./ports.js";
import { PAGE, pictureOf, Relay, type EventReader, type ReadPicture, type StoredEnd } from "./relay.js";

export type { EventReader };

export interface FeedOptions {
  reader: EventReader;
  /** @defaultValue runs that are not live here are looked at now and then only */
  wakes?: Wakes;
  /** @defaultValue pictures of runs of other servers are left out */
  readPicture?: ReadPicture;
}

/**
 * Lets any number of watchers follow runs. An event is published only after it is stored, so whatever a live run
 * no longer remembers can be read: a watcher reads stored events until the live run remembers the next one, and
 * goes over to it in the same turn of the event loop. Nothing can come in between. A run of another server becomes live
 * here while somebody watches it, by a relay that reads what is stored.
 */
export class Feed implements RunFeed {
  readonly #options: Required<FeedOptions>;
  readonly #live = new Map<string, LiveRun>();
  readonly #ending = new Set<Promise<void>>();
  readonly #relayed = new Set<LiveRun>();

  constructor({
    reader,
    wakes = new InProcessWakes(),
    readPicture = () => Promise.resolve(undefined),
  }: FeedOptions) {
    this.#options = { reader, wakes, readPicture };
  }

  /**
   * Opens the live side of a run that this server carries out.
   *
   * @param run.lastSeq number of the last event that is stored by now; 0 for a new run
   */
  open({ id, kind, lastSeq = 0 }: { id: string; kind: RunKind; lastSeq?: number }): LiveRun {
    // Watchers from elsewhere read the rest there, and then come over.
    this.#live.get(id)?.close("moved");
    const run = this.#add(id, { kind, lastSeq });
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
    let run: StoredEnd | undefined;
    let isOver = false;
    // True once it was followed live: events that a takeover keeps from being live are then sent with their pictures.
    let wasLive = false;
    while (!signal.aborted) {
      const live = this.#live.get(runId);
      if (live?.remembersAfter(seq)) {
        const followed = await live.follow(seq, watcher);
        if (followed.end !== "moved") return followed.end;
        seq = followed.seq;
        wasLive = true;
        continue;
      }
      if (live === undefined && !isOver) {
        // Asked before the events are read: a run that is over by then has none that the read could miss.
        run = await this.#options.reader.findRun(runId);
        // A run that was deleted is over too.
        isOver = run?.finishedAt !== null;
      }
      const read = await this.#handOver(runId, { afterSeq: seq, withPictures: wasLive }, watcher);
      if (read === undefined) break;
      seq = read.seq;
      if (!read.isCaughtUp || live !== undefined) continue;
      if (isOver) return "over";
      if (run !== undefined && !this.#live.has(runId)) this.#relay(runId, run.kind, seq);
    }
    return "stopped";
  }

  /** Resolves once every run that has ended is told to its watchers. Runs under way are waited for. */
  async settled(): Promise<void> {
    await Promise.all(this.#ending);
  }

  /** Ends the watching of runs of other servers. */
  stop(): void {
    for (const live of this.#relayed) live.close("stopped");
  }

  /** Hands some stored events over. @returns nothing once the watcher wants no more */
  async #handOver(
    runId: string,
    { afterSeq, withPictures }: { afterSeq: number; withPictures: boolean },
    watcher: FeedWatcher,
  ): Promise<{ seq: number; isCaughtUp: boolean } | undefined> {
    const { signal, wantsPictures = false } = watcher;
    const readPicture = withPictures && wantsPictures ? this.#options.readPicture : undefined;
    let seq = afterSeq;
    const events = await this.#options.reader.findEvents(runId, { afterSeq, limit: PAGE });
    for (const event of events) {
      const [picture] = await Promise.all([readPicture && pictureOf(event, readPicture), watcher.ready()]);
      if (isAborted(signal)) return undefined;
      watcher.onEvents([new SharedEvent(event, picture)]);
      seq = event.seq;
    }
    return isAborted(signal) ? undefined : { seq, isCaughtUp: events.length < PAGE };
  }

  #relay(runId: string, kind: RunKind, afterSeq: number): void {
    const relay = new Relay({ ...this.#options, runId, afterSeq });
    const live = this.#add(runId, { kind, lastSeq: afterSeq, onChange: () => relay.ring() });
    this.#relayed.add(live);
    // The watcher that it is opened for follows it in this turn.
    queueMicrotask(() => void relay.carryOn(live).then(() => this.#relayed.delete(live)));
  }

  #add(
    id: string,
    { kind, lastSeq = 0, onChange }: { kind: RunKind; lastSeq?: number; onChange?: () => void },
  ): LiveRun {
    const live: LiveRun = new LiveRun({
      kind,
      lastSeq,
      onEnd: () => {
        if (this.#live.get(id) === live) this.#live.delete(id);
        onChange?.();
      },
      ...(onChange && { onDeserted: onChange }),
    });
    this.#live.set(id, live);
    return live;
  }
}
