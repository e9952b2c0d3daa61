/**
 * The moment from which a document answers input: one that is drawn on the server, or filled by an `async` script, can
 * be seen long before its scripts have come.
 */

/** The first look at the document, soon after it was read to its end. */
const firstLook = performance.now();

/**
 * Longest wait for the `load` event, in milliseconds, while nothing but pictures and frames is known to be missing: some
 * pages begin with that event, but a picture that never comes may hold it up for ever.
 */
const LOAD_NEAR_MS = 1_500;

/** Time for which a script that has just come may still have to run, in milliseconds. */
const RUNS_SOON_MS = 50;

/** https://mimesniff.spec.whatwg.org/#javascript-mime-type, and a module. */
const SCRIPT_TYPE = /^(?:module|(?:text|application)\/(?:x-)?(?:java|ecma)script)?$/i;

let isAlive = false;

/**
 * True once the scripts of the document have come, and `load` where that is near.
 *
 * @param longestMs time after which the document is taken as it is, from the first look at it on
 */
export function isReady(longestMs: number): boolean {
  if (isAlive) return true;
  const age = performance.now() - firstLook;
  isAlive =
    document.readyState === "complete" || age >= longestMs || (age >= LOAD_NEAR_MS && !hasScriptsToCome());
  return isAlive;
}

function hasScriptsToCome(): boolean {
  for (const element of document.querySelectorAll("script[src], link[rel=modulepreload][href]")) {
    if (element instanceof HTMLScriptElement) {
      const isRun = SCRIPT_TYPE.test(element.type.trim()) && !element.noModule;
      if (isRun && isToCome(element.src)) return true;
    } else if (isToCome((element as HTMLLinkElement).href)) return true;
  }
  return false;
}

/** The browser lists every resource once it has come, or has failed. */
function isToCome(url: string): boolean {
  if (!/^https?:/.test(url)) return false;
  const last = performance.getEntriesByName(url, "resource").at(-1) as PerformanceResourceTiming | undefined;
  return last === undefined || performance.now() - last.responseEnd < RUNS_SOON_MS;
}
