import type { FeedEvent, FeedWatcher, RunFeed } from "../execution/ports.js";
import type { RunEvent } from "../protocol/messages.js";

/**
 * Waits for the end of a run.
 *
 * @returns its last event; undefined where its events could not be stored
 */
export async function lastEventOf(
  runId: string,
  { feed, signal }: { feed: RunFeed; signal: AbortSignal },
): Promise<RunEvent | undefined> {
  const watcher = new LastEvent(signal);
  return (await feed.watch(runId, watcher)) === "over" ? watcher.event : undefined;
}

class LastEvent implements FeedWatcher {
  readonly afterSeq = 0;
  readonly signal: AbortSignal;
  #last: FeedEvent | undefined;

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  onEvents(events: readonly FeedEvent[]): void {
    this.#last = events.at(-1) ?? this.#last;
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  /** The run's log has written it: hence the cast. */
  get event(): RunEvent | undefined {
    return this.#last && (JSON.parse(Buffer.from(this.#last.json(false)).toString()) as RunEvent);
  }
}
