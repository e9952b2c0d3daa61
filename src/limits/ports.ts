/** The state of a key within its minute. */
export interface Count {
  /** The sum as this server knew it when it last counted the key; 0 for the first time in the minute. */
  before: number;
  sum: number;
  /** Time until the key is counted anew, in milliseconds, at least 1. */
  msLeft: number;
}

/** Counts by keys, each for a minute from its first time. */
export interface Counter {
  /** Counts one more of a key. */
  count(key: string): Count;
}

/** Sums of what several servers count. */
export interface SharedSums {
  /**
   * Adds to the sums of keys. A key that has none, or whose time is over, gets a new one.
   *
   * @param counts how many more there are of each key
   * @param windowMs the time of a new sum, in milliseconds
   * @returns the sum of each of the keys over all servers, with the time until it is counted anew, in milliseconds
   */
  add(
    counts: ReadonlyMap<string, number>,
    windowMs: number,
  ): Promise<Map<string, { sum: number; msLeft: number }>>;
}
