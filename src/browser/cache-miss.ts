/**
 * The browser's error when it was asked for something out of its cache, with `only-if-cached`, and does not have it.
 * Nothing has left the browser, and nearly always the runner has asked: it reads images before it takes a picture.
 */
const CACHE_MISS = /^(?:.*Failed to load resource: )?net::ERR_CACHE_MISS$/;

/** @param words a request's error, or the browser's own message about it */
export function isCacheMiss(words: string | undefined): boolean {
  return words !== undefined && CACHE_MISS.test(words);
}
