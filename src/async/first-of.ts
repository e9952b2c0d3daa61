import { setMaxListeners } from "node:events";

/**
 * Begins several tasks; the first to settle decides, and the others are given up.
 *
 * @param works the tasks; each gets a signal that is aborted as soon as another has settled, or with `signal`
 * @throws the signal's reason once it is aborted
 */
export async function firstOf<T>(
  signal: AbortSignal,
  ...works: ((until: AbortSignal) => Promise<T>)[]
): Promise<T> {
  const ended = new AbortController();
  const until = AbortSignal.any([signal, ended.signal]);
  // A task may listen for each of many commands at once, which Node.js would take for a leak.
  setMaxListeners(0, until);
  const begun = works.map((work) => work(until));
  // Tasks that lose reject only because they are given up.
  for (const each of begun) each.catch(() => undefined);
  try {
    return await Promise.race(begun);
  } catch (error) {
    // A task may make another error of it.
    signal.throwIfAborted();
    throw error;
  } finally {
    ended.abort();
  }
}
