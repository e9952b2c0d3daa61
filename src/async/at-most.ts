/**
 * Waits for a promise, but no longer than a time. The promise itself goes on.
 *
 * @param ms the time, in milliseconds
 * @param late the answer when the time is over first
 * @defaultValue undefined
 * @throws as the promise does, when it rejects in time
 */
export async function atMost<T>(ms: number, promise: Promise<T>): Promise<T | undefined>;
export async function atMost<T, const Late>(ms: number, promise: Promise<T>, late: Late): Promise<T | Late>;
export async function atMost<T, Late>(
  ms: number,
  promise: Promise<T>,
  late?: Late,
): Promise<T | Late | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<Late | undefined>((resolve) => {
    timer = setTimeout(resolve, ms, late);
  });
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
    // A rejection that comes too late is nobody's business.
    promise.catch(() => undefined);
  }
}
