import { LATER } from "./page-functions.generated.js";

/**
 * A function that is called once the page has done what it had to do by now: a form, for one, is sent in a task of
 * its own after the key stroke or click that submits it.
 *
 * @param functionDeclaration the function called then; without one the answer is empty
 */
export function afterTask(functionDeclaration = `() => ""`): string {
  return `() => (${LATER})().then(${functionDeclaration})`;
}
