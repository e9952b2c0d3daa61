export interface BackoffOptions {
  /** Longest first pause, in milliseconds. @defaultValue 250 */
  minDelayMs?: number | undefined;
  /** Longest pause of all, in milliseconds. @defaultValue 10 000 */
  maxDelayMs?: number | undefined;
}

/**
 * The wait before the next attempt to connect: a random part of a pause that doubles with every attempt,
 * so that a thousand clients of a server that was restarted do not come back in the same instant ("full jitter",
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @param attempt failures since the last success, from 0
 */
export function backoff(
  attempt: number,
  { minDelayMs = 250, maxDelayMs = 10_000 }: BackoffOptions,
  random = Math.random,
): number {
  return random() * Math.min(maxDelayMs, minDelayMs * 2 ** Math.min(attempt, 30));
}
