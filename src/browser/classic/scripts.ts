import { START_CALL } from "../page-functions.generated.js";

/** Longest stay inside the page in one command, in milliseconds. */
export const SLICE_MS = 200;

/**
 * Script timeout of the driver, in milliseconds. A navigation under way, or a page that is busy, keeps a script
 * from running at all; then it is tried again.
 */
export const SCRIPT_TIMEOUT_MS = 1_500;

/** A function that starts a call in slices; see `src/runner/page/calls/sliced.ts`. */
export function startScript(functionDeclaration: string): string {
  return `function (token, argument, given) {
return (${START_CALL})(token, argument, given, function (globalThis) { return (${functionDeclaration}); }); }`;
}

/** The document's title. */
export const TITLE_FUNCTION = "() => document.title.slice(0, 4096)";

/** Title, address and name of a window, as JSON. */
export const WINDOW_FUNCTION =
  "() => JSON.stringify([document.title.slice(0, 4096), location.href, window.name.slice(0, 1000)])";
