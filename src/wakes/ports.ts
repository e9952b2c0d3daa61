/** A kind of change that servers of one database wait for. */
export type Topic =
  `events ${string}` | typeof CONTROLS | `answer ${string}` | typeof QUEUE | typeof SCHEDULES;

/** The topic of runs that wait, and of places that have become free. */
export const QUEUE = "queue";

/** The topic of requests to control runs of other servers. */
export const CONTROLS = "controls";

/** The topic of schedules that were made, changed or deleted. */
export const SCHEDULES = "schedules";

/** The topic of new events, and of the verdict, of a run. */
export function eventsOf(runId: string): Topic {
  return `events ${runId}`;
}

/** The topic of the answer to such a request. */
export function answerTo(requestId: string): Topic {
  return `answer ${requestId}`;
}

/**
 * Wakes those who wait for something to be stored, on every server of the database. A wake carries nothing: whoever is
 * woken reads what is stored. It may come too often and, when a connection or a server breaks at that moment, not at all,
 * so that whoever waits looks by itself now and then, too.
 */
export interface Wakes {
  /** Wakes everybody who waits for one of these topics, once what they are to read is stored. Takes no time, never throws. */
  wake(...topics: readonly Topic[]): void;
  /**
   * Calls back at each wake of a topic, and whenever wakes may have been missed.
   *
   * @returns ends it
   */
  listen(topic: Topic, onWake: () => void): () => void;
}
