import { laterInPage } from "../../runner/later-in-page.js";

/**
 * The functions that run inside the page: in a world of the runner's own where the driver has one, else in the
 * application's, where what they keep is under {@link STATE} and an application could reach it if it tried. There it
 * also sees what an application has done to `Promise` or `JSON`.
 *
 * A call is started, and its promise kept in the page; then it is waited for in short slices. So no command keeps
 * the driver for long: a cancelled call leaves it free, and screenshots and dialogs get their turn in between.
 */

/** What scripts are told besides their argument. */
export interface ScriptOptions {
  /** Names the document in which the call may have been started already, its answer being lost; empty if that has no name yet. */
  startedIn?: string | undefined;
  /** Whether a document that is being left has to be waited for here: the browser does not do so itself. */
  tellsLeaving: boolean;
  /** When the last download began; the navigation that it came from has ended. In milliseconds since the epoch. */
  downloadAt: number;
  /** Whether a frame is the current one. */
  isInFrame: boolean;
  /** Whether it runs in the application's own world. */
  isExposed: boolean;
}

/** What is kept in each document. */
const STATE = "stepwireCalls";

/** Longest stay inside the page in one command, in milliseconds. */
export const SLICE_MS = 200;

/**
 * Script timeout of the driver, in milliseconds. A navigation under way, or a page that is busy, keeps a script
 * from running at all; then it is tried again.
 */
export const SCRIPT_TIMEOUT_MS = 1_500;

/** How long a document that is being left is given to go, where the browser does not tell, in milliseconds. */
const LEAVING_MS = 5_000;

/** What a script of this file answers. */
export interface ScriptAnswer {
  /** Names the document: another name, another document. */
  document: string;
  /** Its address. */
  url: string;
  /** How often the document's place in the history has changed without another document. */
  moves: number;
  /** Missing as long as it is not done. */
  done?: { value: string } | { error: string };
  /** The document is about to go; a call has not been started. */
  isLeaving?: boolean;
  /** The frame is no longer there, or the document in which the call was started. */
  gone?: "frame" | "call";
}

/** Where a document is in its life. */
export interface DocumentAnswer extends ScriptAnswer {
  isInteractive: boolean;
  /** Its address as the browser knows it: the browser's own page when the URL could not be opened. */
  documentUri: string;
  /** The beginning of its text, when it is the browser's own page. */
  errorText: string;
}

/**
 * What is kept lasts with the document: in the application's world of Firefox only the window's variables do, as each
 * script has globals of its own there. An element of the page may have the name, but is none of the window's own
 * variables. `beforeunload` tells of a navigation under way.
 */
const BEGIN = `function (token, argument, given) { return new Promise(function (answer) {
var options = JSON.parse(given), home = options.isExposed ? window : globalThis;
var state = Object.prototype.hasOwnProperty.call(home, "${STATE}") ? home.${STATE} : undefined;
if (!state) {
  state = { document: token, calls: {}, moves: 0, leaving: 0 };
  Object.defineProperty(home, "${STATE}", { value: state, configurable: true });
  window.addEventListener("popstate", function () { state.moves++; });
  window.addEventListener("hashchange", function () { state.moves++; });
  window.addEventListener("beforeunload", function () { state.leaving = Date.now(); });
  // Come back to through the history, it is the same document again.
  window.addEventListener("pageshow", function () { state.leaving = 0; });
}
function tell(more) {
  var all = Object.assign({ document: state.document, url: location.href, moves: state.moves }, more);
  answer(JSON.stringify(all));
}
function slice(promise) {
  return Promise.race([promise, ${laterInPage(SLICE_MS)}]);
}
function isLeaving() {
  return options.tellsLeaving && state.leaving > options.downloadAt && Date.now() - state.leaving < ${LEAVING_MS};
}
`;
const END = "\n}); }";

/** chromedriver goes on in the top document when the frame that it is in was removed. */
const IF_THERE = `if (options.isInFrame && window === window.top) tell({ gone: "frame" });
else `;

const WAIT_FOR_CALL = `
slice(state.calls[token].promise).then(function () {
  var done = state.calls[token].done;
  if (done) state.calls[token].isTold = true;
  tell(done ? { done: done } : {});
});`;

/**
 * Starts a call unless it has been started already, and waits for it. Sent again because its answer was lost, as when
 * a dialog opened, it goes on waiting for the same; what it has done may have led to another document, where it is not
 * started a second time.
 */
export function startScript(functionDeclaration: string): string {
  return `${BEGIN}
${IF_THERE}if (isLeaving()) ${laterInPage(SLICE_MS / 4)}.then(function () { tell({ isLeaving: true }); });
else if (!state.calls[token] && options.startedIn && options.startedIn !== state.document) tell({ gone: "call" });
else {
  if (!state.calls[token]) {
    for (var told in state.calls) if (state.calls[told].isTold) delete state.calls[told];
    var call = state.calls[token] = {};
    var ready = document.readyState !== "loading" ? Promise.resolve() : new Promise(function (resolve) {
      document.addEventListener("DOMContentLoaded", resolve, { once: true });
    });
    call.promise = ready.then(function () {
      return (function (globalThis) { return (${functionDeclaration}); })(home)(argument);
    }).then(
      function (value) { call.done = { value: String(value) }; },
      function (error) { call.done = { error: String(error) }; },
    );
  }
  ${WAIT_FOR_CALL}
}${END}`;
}

/** Goes on waiting for a call that {@link startScript} has started. */
export const GO_ON_SCRIPT = `${BEGIN}
${IF_THERE}if (!state.calls[token]) tell({ gone: "call" });
else { ${WAIT_FOR_CALL} }${END}`;

/** Waits for the document to be interactive and tells about it. */
export const DOCUMENT_SCRIPT = `${BEGIN}
var uri = document.documentURI;
var isOwn = /^(chrome-error|about:(neterror|certerror|blocked|httpsonlyerror))/.test(uri);
function look() {
  tell({
    isInteractive: document.readyState !== "loading", isLeaving: isLeaving(),
    documentUri: uri,
    errorText: isOwn && document.body ? document.body.innerText.slice(0, 2000) : "",
  });
}
if (document.readyState !== "loading") look();
else slice(new Promise(function (resolve) {
  document.addEventListener("DOMContentLoaded", resolve, { once: true });
})).then(look);${END}`;

/** The document's title. */
export const TITLE_FUNCTION = "() => document.title.slice(0, 4096)";

/** Title, address and name of a window, as JSON. */
export const WINDOW_FUNCTION =
  "() => JSON.stringify([document.title.slice(0, 4096), location.href, window.name.slice(0, 1000)])";

/** Sizes of the viewport and of the window around it, as JSON. */
export const SIZES_FUNCTION = `() => JSON.stringify({
  inner: { width: innerWidth, height: innerHeight }, outer: { width: outerWidth, height: outerHeight },
})`;
