/** Counts what each of many takes of something, of which each may have so much within a time. */
export interface Limiter {
  /**
   * Takes some of it.
   *
   * @param key whose it is
   * @param points how much. @defaultValue 1
   * @throws RateLimiterRes of rate-limiter-flexible, which says when there may be more; the database's own error
   */
  consume(key: string, points?: number): Promise<unknown>;
}
