/** The wait for a navigation under way, after which a function is called in the document that is there. */
export interface Patience {
  /** From the navigation's beginning, in milliseconds. */
  graceMs: number;
  /** A moment before which it is not over either, by `performance.now()`. */
  until: number;
}

/** A navigation that has yet to bring its document, or come to nothing. */
export interface PendingNavigation {
  /** The address that was asked for; missing while the browser has not told it. */
  url: string | undefined;
  /** Its beginning, by `performance.now()`. */
  since: number;
}
