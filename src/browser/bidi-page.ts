import { setTimeout as delay } from "node:timers/promises";
import { abortable, BidiError, type BidiConnection } from "./bidi-connection.js";
import { PageError, type Page, type Point } from "../runner/ports.js";

/** The world inside the page in which the runner's own functions live. */
const SANDBOX = "stepwire";

/** JPEG quality of screenshots: text stays readable at a fifth of the size of a PNG. */
const SCREENSHOT_QUALITY = 0.6;

/** How long a picture of a document may still come after that was replaced, in milliseconds. */
const LATE_PICTURE_MS = 150;

/** Pause before another attempt at a picture, in milliseconds. */
const REPLACED_PAUSE_MS = 20;

/** Keys that are no characters: https://www.w3.org/TR/webdriver2/#keyboard-actions */
const KEYS = { Enter: "\uE007", Tab: "\uE004", Delete: "\uE017" } as const;

/** Key strokes sent in one command, so that a long text can be cancelled on its way. */
const KEYS_A_COMMAND = 200;

interface CallResult {
  type: "success" | "exception";
  result?: { type: string; value?: unknown };
  exceptionDetails?: { text: string };
}

/** A tab driven over WebDriver BiDi: https://www.w3.org/TR/webdriver-bidi/ */
export class BidiPage implements Page {
  readonly #bidi: BidiConnection;
  readonly #context: string;
  readonly #stopListening: (() => void)[];
  /** Settles when the navigation under way has a document one can work with, or has ended without. */
  #loading: Promise<void> | undefined;
  #loaded: () => void = () => undefined;
  readonly #onLoaded = new Set<() => void>();
  documents = 0;

  constructor(bidi: BidiConnection, context: string) {
    this.#bidi = bidi;
    this.#context = context;
    const end = () => {
      this.#navigationEnded();
    };
    this.#stopListening = [
      this.#on("browsingContext.navigationStarted", () => {
        this.#navigationStarted();
      }),
      ...["domContentLoaded", "load", "navigationFailed", "navigationAborted", "downloadWillBegin"].map(
        (event) => this.#on(`browsingContext.${event}`, end),
      ),
    ];
  }

  /** The events that a connection must subscribe to before it has pages. */
  static readonly EVENTS = [
    "browsingContext.navigationStarted",
    "browsingContext.domContentLoaded",
    "browsingContext.load",
    "browsingContext.navigationFailed",
    "browsingContext.navigationAborted",
    "browsingContext.downloadWillBegin",
  ];

  async navigate(url: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#send("browsingContext.navigate", { url, wait: "interactive" }, signal);
    } catch (error) {
      if (!(error instanceof BidiError)) throw error;
      throw new PageError("navigation", `it could not be opened: ${readable(error)}`, { cause: error });
    }
  }

  async call(functionDeclaration: string, argument: string, signal: AbortSignal): Promise<string> {
    await this.#whenLoaded(signal);
    const params = {
      functionDeclaration,
      awaitPromise: true,
      target: { context: this.#context, sandbox: SANDBOX },
      arguments: [{ type: "string", value: argument }],
    };
    let answer: CallResult;
    try {
      answer = await this.#bidi.send<CallResult>("script.callFunction", params, signal);
    } catch (error) {
      if (!(error instanceof BidiError)) throw error;
      throw new PageError(isReplaced(error) ? "document-replaced" : "protocol", readable(error), {
        cause: error,
      });
    }
    if (answer.type === "exception") {
      throw new PageError(
        "protocol",
        `the page script failed: ${answer.exceptionDetails?.text ?? "no details"}`,
      );
    }
    return String(answer.result?.value);
  }

  async click({ x, y }: Point, signal: AbortSignal): Promise<void> {
    const actions = [
      { type: "pointerMove", x, y },
      { type: "pointerDown", button: 0 },
      { type: "pointerUp", button: 0 },
    ];
    await this.#perform(
      [{ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions }],
      signal,
    );
  }

  async type(text: string, signal: AbortSignal): Promise<void> {
    const keys = Array.from(text.replace(/\r\n?/g, "\n"), keyOf);
    for (let start = 0; start < keys.length; start += KEYS_A_COMMAND) {
      await this.#strike(keys.slice(start, start + KEYS_A_COMMAND), signal);
    }
  }

  async press(key: "Delete", signal: AbortSignal): Promise<void> {
    await this.#strike([KEYS[key]], signal);
  }

  async screenshot(signal: AbortSignal): Promise<Uint8Array> {
    for (;;) {
      await this.#whenLoaded(signal);
      const replaced = this.#nextDocument();
      const attempt = AbortSignal.any([signal, replaced.signal]);
      try {
        return await this.#capture(attempt);
      } catch (error) {
        if (signal.aborted || !(replaced.signal.aborted || error instanceof BidiError)) throw error;
        await delay(REPLACED_PAUSE_MS, undefined, { signal });
      } finally {
        replaced.stop();
      }
    }
  }

  source(signal: AbortSignal): Promise<string> {
    return this.call("() => document.documentElement?.outerHTML ?? ''", "", signal);
  }

  /** Stops listening to the connection; the page itself goes with its browser context. */
  detach(): void {
    for (const stop of this.#stopListening) stop();
    this.#navigationEnded();
  }

  async #capture(signal: AbortSignal): Promise<Uint8Array> {
    const format = { type: "image/jpeg", quality: SCREENSHOT_QUALITY };
    const { data } = await this.#send<{ data: string }>(
      "browsingContext.captureScreenshot",
      { format },
      signal,
    );
    return Buffer.from(data, "base64");
  }

  /**
   * Aborted soon after another document has taken the place of this one: Chromium never answers for a picture
   * of a document that was replaced before it was drawn.
   */
  #nextDocument(): { signal: AbortSignal; stop: () => void } {
    const controller = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const replaced = () => {
      timer ??= setTimeout(() => {
        controller.abort();
      }, LATE_PICTURE_MS);
    };
    this.#onLoaded.add(replaced);
    const stop = () => {
      this.#onLoaded.delete(replaced);
      clearTimeout(timer);
    };
    return { signal: controller.signal, stop };
  }

  async #whenLoaded(signal: AbortSignal): Promise<void> {
    if (this.#loading) await abortable(this.#loading, signal, this.#bidi.lost);
  }

  /**
   * Each key is an input source of its own, all in one tick: sources of a tick are dispatched in order without
   * waiting for each other, which is three times as fast as one source with a tick for every key.
   */
  #strike(keys: string[], signal: AbortSignal): Promise<void> {
    const sources = keys.map((value, index) => ({
      type: "key",
      id: `key-${index}`,
      actions: [
        { type: "keyDown", value },
        { type: "keyUp", value },
      ],
    }));
    return this.#perform(sources, signal);
  }

  async #perform(actions: object[], signal: AbortSignal): Promise<void> {
    try {
      await this.#send("input.performActions", { actions }, signal);
    } catch (error) {
      // A click that leaves the page may lose the document before the browser has confirmed the release.
      if (error instanceof BidiError && isReplaced(error)) return;
      throw error;
    }
  }

  #send<Result = unknown>(method: string, params: object, signal: AbortSignal): Promise<Result> {
    return this.#bidi.send<Result>(method, { context: this.#context, ...params }, signal);
  }

  #on(event: string, listener: () => void): () => void {
    return this.#bidi.on(event, ({ context }) => {
      if (context === this.#context) listener();
    });
  }

  #navigationStarted(): void {
    this.#loading ??= new Promise((resolve) => {
      this.#loaded = resolve;
    });
  }

  #navigationEnded(): void {
    if (this.#loading) this.documents++;
    this.#loading = undefined;
    this.#loaded();
    for (const listener of this.#onLoaded) listener();
  }
}

function keyOf(character: string): string {
  if (character === "\n") return KEYS.Enter;
  return character === "\t" ? KEYS.Tab : character;
}

/** The document or its world went away while it was spoken to; drivers have no one code for it. */
function isReplaced(error: BidiError): boolean {
  return (
    /no such (frame|node)/.test(error.code) ||
    /context with specified id|context was destroyed|Inspected target navigated|Cannot find (context|default execution context)|DiscardedBrowsingContextError|AbortError|navigated or closed|uniqueContextId/i.test(
      error.message,
    )
  );
}

function readable(error: BidiError): string {
  return error.message.replace(/^[\w.]+: /, "");
}
