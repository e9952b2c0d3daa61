/**
 * Calls in slices, for classic WebDriver. They run in a world of the runner's own where the driver has one, else in the
 * application's, where what they keep is under `stepwireCalls` and an application could reach it if it tried. There they
 * also see what an application has done to `Promise` or `JSON`.
 *
 * A call is started, and its promise kept in the page; then it is waited for in short slices. So no command keeps
 * the driver for long: a cancelled call leaves it free, and screenshots and dialogs get their turn in between.
 */
import { later } from "../later.ts";
import type { DocumentAnswer, ScriptAnswer, ScriptOptions } from "./sliced-answers.ts";

/** Longest wait for a document that is being left to go, where the browser does not tell, in milliseconds. */
const LEAVING_MS = 5_000;

interface Call {
  promise: Promise<void>;
  done?: NonNullable<ScriptAnswer["done"]>;
  isTold?: boolean;
}

/** State that is kept in each document, and lasts with it. */
interface Kept {
  document: string;
  calls: Record<string, Call>;
  moves: number;
  /** Time at which the document was about to be left, in milliseconds since the epoch; 0 when it is not. */
  leaving: number;
}

type Home = typeof globalThis;

declare global {
  var stepwireCalls: Kept;
}

/**
 * In the application's world of Firefox only the window's variables last, as each script has globals of its own there.
 * An element of the page may have the name, but is none of the window's own variables. `beforeunload` tells of a
 * navigation under way.
 */
function keptIn(home: Home, token: string): Kept {
  if (Object.hasOwn(home, "stepwireCalls")) return home.stepwireCalls;
  const kept: Kept = { document: token, calls: {}, moves: 0, leaving: 0 };
  Object.defineProperty(home, "stepwireCalls", { value: kept, configurable: true });
  const move = () => {
    kept.moves++;
  };
  window.addEventListener("popstate", move);
  window.addEventListener("hashchange", move);
  window.addEventListener("beforeunload", () => {
    kept.leaving = Date.now();
  });
  // A document that is come back to through the history is the same one again.
  window.addEventListener("pageshow", () => {
    kept.leaving = 0;
  });
  return kept;
}

/** One call's stay in its document. */
class Stay {
  readonly options: ScriptOptions;
  readonly home: Home;
  readonly kept: Kept;

  constructor(token: string, given: string) {
    this.options = JSON.parse(given) as ScriptOptions;
    this.home = this.options.isExposed ? window : globalThis;
    this.kept = keptIn(this.home, token);
  }

  answer(more: Partial<DocumentAnswer>): string {
    const { document, moves } = this.kept;
    return JSON.stringify({ document, url: location.href, moves, ...more });
  }

  /** chromedriver goes on in the top document when the frame that it is in was removed. */
  get isFrameGone(): boolean {
    return this.options.isInFrame && window === window.top;
  }

  get isLeaving(): boolean {
    const { tellsLeaving, downloadAt } = this.options;
    const { leaving } = this.kept;
    return tellsLeaving && leaving > downloadAt && Date.now() - leaving < LEAVING_MS;
  }

  /** Resolves with the promise, or when the slice is over. */
  async slice(promise: Promise<void>): Promise<void> {
    await Promise.race([promise, later(this.options.sliceMs)]);
  }

  async answerOf(call: Call): Promise<string> {
    await this.slice(call.promise);
    if (call.done === undefined) return this.answer({});
    call.isTold = true;
    return this.answer({ done: call.done });
  }
}

function interactive(): Promise<void> {
  return new Promise((resolve) => {
    document.addEventListener(
      "DOMContentLoaded",
      () => {
        resolve();
      },
      { once: true },
    );
  });
}

/** Starts a function once the document can be worked with. */
function started(work: () => unknown): Call {
  const ready = document.readyState !== "loading" ? Promise.resolve() : interactive();
  const call: Call = {
    promise: ready.then(work).then(
      (value) => {
        call.done = { value: String(value) };
      },
      (error: unknown) => {
        call.done = { error: String(error) };
      },
    ),
  };
  return call;
}

/**
 * Starts a call unless it has been started already, and waits for it. A call that is sent again because its answer was
 * lost, as when a dialog opened, goes on waiting for the first. If that has led to another document, it is not started
 * a second time there.
 *
 * @param given {@link ScriptOptions} as JSON
 * @param make makes the function, whose `globalThis` is where variables last
 */
export async function startCall(
  token: string,
  argument: string,
  given: string,
  make: (home: Home) => (argument: string) => unknown,
): Promise<string> {
  const stay = new Stay(token, given);
  const { kept, options } = stay;
  if (stay.isFrameGone) return stay.answer({ gone: "frame" });
  if (stay.isLeaving) {
    await later(options.sliceMs / 4);
    return stay.answer({ isLeaving: true });
  }
  const known = kept.calls[token];
  if (known) return stay.answerOf(known);
  if (options.startedIn && options.startedIn !== kept.document) return stay.answer({ gone: "call" });
  for (const [other, { isTold }] of Object.entries(kept.calls))
    if (isTold && !options.waitedFor.includes(other)) Reflect.deleteProperty(kept.calls, other);
  return stay.answerOf((kept.calls[token] = started(() => make(stay.home)(argument))));
}

/** Goes on waiting for a call that {@link startCall} has started. */
export async function goOnWithCall(token: string, _argument: string, given: string): Promise<string> {
  const stay = new Stay(token, given);
  if (stay.isFrameGone) return stay.answer({ gone: "frame" });
  const call = stay.kept.calls[token];
  return call ? stay.answerOf(call) : stay.answer({ gone: "call" });
}

/** Waits for the document to be interactive and tells about it: a {@link DocumentAnswer}. */
export async function askDocument(token: string, _argument: string, given: string): Promise<string> {
  const stay = new Stay(token, given);
  const documentUri = document.documentURI;
  const isOwn = /^(chrome-error|about:(neterror|certerror|blocked|httpsonlyerror))/.test(documentUri);
  if (document.readyState === "loading") await stay.slice(interactive());
  const body = document.body as HTMLElement | null;
  return stay.answer({
    isInteractive: document.readyState !== "loading",
    isLeaving: stay.isLeaving,
    documentUri,
    errorText: isOwn && body ? body.innerText.slice(0, 2000) : "",
  });
}
