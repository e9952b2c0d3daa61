import { randomUUID } from "node:crypto";
import { error as driverErrors } from "selenium-webdriver";
import { isDocumentReplaced, PageError } from "../../runner/ports.js";
import { pause } from "../../async/abortable.js";
import type { ClassicDialogs } from "./dialogs.js";
import { isDialogOpen, pageErrorOf, type ClassicDriver } from "./driver.js";
import type { ClassicFrames } from "./frames.js";
import type { ClassicRecords } from "./records.js";
import { ASK_DOCUMENT, GO_ON_WITH_CALL } from "../page-functions.generated.js";
import type { DocumentAnswer, ScriptAnswer, ScriptOptions } from "../../runner/page/calls/sliced-answers.js";
import { SLICE_MS, startScript } from "./scripts.js";
import type { ClassicWindows } from "./windows.js";

/** Pause before a script is sent again that got no answer, in milliseconds. */
const AGAIN_MS = 10;

/** Calls functions in the current frame, in slices; see `src/runner/page/calls/sliced.ts`. */
export class ClassicCalls {
  /** Number of documents seen so far, in any frame. */
  documents = 0;
  readonly #driver: ClassicDriver;
  readonly #dialogs: ClassicDialogs;
  readonly #tellsLeaving: boolean;
  readonly #windows: ClassicWindows;
  readonly #frames: ClassicFrames;
  readonly #records: ClassicRecords;
  #document = "";
  #url = "";
  /** Tokens of the calls without an answer yet. */
  readonly #waitedFor = new Set<string>();

  /**
   * @param options.waitsForNavigation whether the browser itself holds scripts back while it leaves a document,
   *   as Chromium does
   */
  constructor(
    driver: ClassicDriver,
    dialogs: ClassicDialogs,
    options: {
      waitsForNavigation: boolean;
      windows: ClassicWindows;
      frames: ClassicFrames;
      records: ClassicRecords;
    },
  ) {
    this.#driver = driver;
    this.#dialogs = dialogs;
    this.#tellsLeaving = !options.waitsForNavigation;
    this.#windows = options.windows;
    this.#frames = options.frames;
    this.#records = options.records;
  }

  async call(functionDeclaration: string, argument: string, signal: AbortSignal): Promise<string> {
    const token = randomUUID();
    this.#waitedFor.add(token);
    try {
      return await this.#answerTo({ token, functionDeclaration, argument }, signal);
    } finally {
      this.#waitedFor.delete(token);
    }
  }

  async #answerTo(
    {
      token,
      functionDeclaration,
      argument,
    }: { token: string; functionDeclaration: string; argument: string },
    signal: AbortSignal,
  ): Promise<string> {
    const document = this.#document;
    let startedIn: string | undefined;
    let script = startScript(functionDeclaration);
    for (;;) {
      const answer = await this.#ask<ScriptAnswer>(script, { token, argument, startedIn }, signal);
      if (answer === undefined) {
        // It may have been started all the same, and must not be started in another document too.
        startedIn = document;
        // Nothing runs in the page until the dialog that has cut the script off is closed.
        if (this.#dialogs.open) await this.#dialogs.whenClosed(signal);
        continue;
      }
      if (answer.isLeaving) {
        // A navigation that turns out to be a download ends without another document.
        await this.#records.refresh(signal);
        continue;
      }
      if (answer.gone) throw new PageError("document-replaced", "the document is no longer there");
      if (answer.done && "error" in answer.done) {
        throw new PageError("protocol", `the page script failed: ${answer.done.error}`);
      }
      if (answer.done) return answer.done.value;
      script = GO_ON_WITH_CALL;
    }
  }

  /** As {@link call}, and again when the document is replaced meanwhile: for functions that change nothing there. */
  async read(functionDeclaration: string, signal: AbortSignal): Promise<string> {
    for (;;) {
      try {
        return await this.call(functionDeclaration, "", signal);
      } catch (error) {
        if (!isDocumentReplaced(error)) throw error;
        await pause(AGAIN_MS, signal);
      }
    }
  }

  /**
   * Asks for the current frame's document.
   *
   * @returns nothing when there is no answer at the moment, as while a dialog is open
   */
  async askDocument(signal: AbortSignal): Promise<DocumentAnswer | undefined> {
    try {
      return await this.#ask<DocumentAnswer>(ASK_DOCUMENT, { token: randomUUID() }, signal);
    } catch (error) {
      if (isDocumentReplaced(error)) return undefined;
      throw error;
    }
  }

  /** The address of the window's own document when it was last seen. */
  get lastUrl(): string {
    return this.#url;
  }

  /** Counts the next document seen as another one, even under the same id. */
  forgetDocument(): void {
    this.#document = "";
    this.documents++;
  }

  /** @returns nothing when the script has yet to be sent again */
  async #ask<Answer extends ScriptAnswer>(
    script: string,
    { token, argument = "", startedIn }: { token: string; argument?: string; startedIn?: string | undefined },
    signal: AbortSignal,
  ): Promise<Answer | undefined> {
    const options: ScriptOptions = {
      sliceMs: SLICE_MS,
      startedIn,
      waitedFor: [...this.#waitedFor],
      tellsLeaving: this.#tellsLeaving,
      downloadAt: this.#records.downloadAt,
      isInFrame: this.#windows.isInFrame,
      isExposed: this.#frames.isExposed,
    };
    try {
      const args = [token, argument, JSON.stringify(options)];
      const answer = answerOf(
        await this.#driver.send((driver) => this.#frames.call(driver, script, args), signal),
      );
      // Drivers answer so when a dialog cuts the script off.
      if (answer === null) {
        await this.#noAnswer(signal);
        return;
      }
      if (answer.gone === "frame") throw await this.#frameGone(signal);
      if (!this.#windows.isInFrame) this.#url = answer.url;
      if (answer.document !== this.#document) {
        this.#document = answer.document;
        this.documents++;
      }
      return answer as Answer; // As the script gives it.
    } catch (error) {
      // A page that is busy or about to be left keeps the script waiting; drivers may say so at once.
      const isHeldUp = isDialogOpen(error) || error instanceof driverErrors.ScriptTimeoutError;
      if (isHeldUp) {
        await this.#noAnswer(signal);
        return;
      }
      const known = pageErrorOf(error);
      const isGone = known instanceof PageError && known.kind === "window-closed" && this.#windows.isInFrame;
      throw isGone ? await this.#frameGone(signal) : known;
    }
  }

  /** Drivers do not say why a frame is no longer there: it was removed, or its page has gone to another. */
  async #frameGone(signal: AbortSignal): Promise<PageError> {
    try {
      const { isExposed } = this.#frames;
      const beginning = { sliceMs: SLICE_MS, waitedFor: [], tellsLeaving: false, downloadAt: 0 };
      const options: ScriptOptions = { ...beginning, isInFrame: false, isExposed };
      const args = ["", "", JSON.stringify(options)];
      const top = answerOf(
        await this.#driver.send((driver) => this.#frames.callAtTop(driver, ASK_DOCUMENT, args), signal),
      );
      if (this.#windows.hasLeft(top?.document)) {
        this.forgetDocument();
        return new PageError("document-replaced", "the page around the frame was replaced");
      }
    } catch (error) {
      const known = pageErrorOf(error);
      // A fault other than a window that has gone as well will come up again.
      if (!(known instanceof PageError) || known.kind === "window-closed") throw known;
    }
    return new PageError("frame-gone", "the frame is gone; use switch_frame to go on in another");
  }

  async #noAnswer(signal: AbortSignal): Promise<undefined> {
    await this.#dialogs.look(signal);
    await pause(AGAIN_MS, signal);
    return undefined;
  }
}

/** @returns nothing when a dialog has cut the script off */
function answerOf(text: string | null): ScriptAnswer | null {
  if (text === null) return null;
  try {
    // Written by the functions of `sliced.ts`, though an application that shares their world may meddle.
    return JSON.parse(text) as ScriptAnswer;
  } catch {
    throw new PageError("protocol", `the page script failed: ${text.slice(0, 200)}`);
  }
}
