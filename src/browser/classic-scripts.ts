/**
 * The texts that run inside the page. Classic WebDriver has no world of the runner's own: what they keep is in the
 * page's own world, under {@link STATE}, where an application could reach it if it tried. It also sees what an
 * application has done to `Promise` or `Map`.
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
 * In Firefox a script's globals are not the window's, and each script has its own: `window` is what lasts.
 * `beforeunload` tells of a navigation under way.
 */
const BEGIN = `
var answer = arguments[arguments.length - 1], token = arguments[0], argument = arguments[1], options = arguments[2];
var state = window.${STATE};
if (!state) {
  state = { document: token, calls: {}, moves: 0, leaving: 0 };
  Object.defineProperty(window, "${STATE}", { value: state, configurable: true });
  window.addEventListener("popstate", function () { state.moves++; });
  window.addEventListener("hashchange", function () { state.moves++; });
  window.addEventListener("beforeunload", function () { state.leaving = Date.now(); });
  // Come back to through the history, it is the same document again.
  window.addEventListener("pageshow", function () { state.leaving = 0; });
}
function tell(more) { answer(Object.assign({ document: state.document, url: location.href, moves: state.moves }, more)); }
function slice(promise) {
  return Promise.race([promise, new Promise(function (resolve) { setTimeout(resolve, ${SLICE_MS}); })]);
}
function isLeaving() {
  return options.tellsLeaving && state.leaving > options.downloadAt && Date.now() - state.leaving < ${LEAVING_MS};
}
`;

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
${IF_THERE}if (isLeaving()) setTimeout(function () { tell({ isLeaving: true }); }, ${SLICE_MS / 4});
else if (!state.calls[token] && options.startedIn && options.startedIn !== state.document) tell({ gone: "call" });
else {
  if (!state.calls[token]) {
    for (var told in state.calls) if (state.calls[told].isTold) delete state.calls[told];
    var call = state.calls[token] = {};
    var ready = document.readyState !== "loading" ? Promise.resolve() : new Promise(function (resolve) {
      document.addEventListener("DOMContentLoaded", resolve, { once: true });
    });
    call.promise = ready.then(function () {
      return (function (globalThis) { return (${functionDeclaration}); })(window)(argument);
    }).then(
      function (value) { call.done = { value: String(value) }; },
      function (error) { call.done = { error: String(error) }; },
    );
  }
  ${WAIT_FOR_CALL}
}`;
}

/** Goes on waiting for a call that {@link startScript} has started. */
export const GO_ON_SCRIPT = `${BEGIN}
${IF_THERE}if (!state.calls[token]) tell({ gone: "call" });
else { ${WAIT_FOR_CALL} }`;

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
})).then(look);`;

/** Calls a function for the element that it returns. */
export function elementScript(functionDeclaration: string): string {
  return `return (function (globalThis) { return (${functionDeclaration}); })(window)();`;
}

/** Where a frame's content begins in the document around it, and how much larger than laid out it is shown. */
export const FRAME_PLACE_SCRIPT = `
var frame = arguments[0], place = frame.getBoundingClientRect(), style = getComputedStyle(frame);
var scale = frame.offsetWidth ? place.width / frame.offsetWidth : 1;
return [
  place.x + scale * (frame.clientLeft + parseFloat(style.paddingLeft)),
  place.y + scale * (frame.clientTop + parseFloat(style.paddingTop)),
  scale,
];`;
