/** A navigation that has yet to bring its document, or come to nothing. */
export interface PendingNavigation {
  /** The address that was asked for; missing while the browser has not told it. */
  url: string | undefined;
  /** Its beginning, by `performance.now()`. */
  since: number;
}
