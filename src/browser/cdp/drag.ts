import type { Point } from "../../runner/ports.js";
import { timeoutSignal } from "../../async/timeout-signal.js";
import { abortable, Change } from "../../async/abortable.js";
import type { DevTools } from "../devtools-protocol.js";
import { DRAG_BEGUN, WATCH_DRAG } from "../page-functions.generated.js";
import { callIn, isDocumentReplaced } from "./calls.js";
import type { CdpSession } from "./connection.js";
import type { CdpFrames } from "./frames.js";

/** Longest time between a page's `dragstart` and the browser's word of it, in milliseconds. */
const BEGIN_TIMEOUT_MS = 1_000;

/**
 * HTML drag and drop in one window. Chromium would hand the dragged data to the system; they are intercepted, and the
 * drag goes on with DevTools' own events:
 * https://chromedevtools.github.io/devtools-protocol/tot/Input/#method-dispatchDragEvent
 */
export class CdpDrag {
  readonly #session: CdpSession;
  readonly #frames: CdpFrames;
  readonly #intercepted = new Change();
  /** The data being dragged, as the browser describes them. */
  #data: DevTools.Input.DragData | undefined;

  constructor(session: CdpSession, frames: CdpFrames) {
    this.#session = session;
    this.#frames = frames;
  }

  get isOn(): boolean {
    return this.#data !== undefined;
  }

  listen(session: CdpSession): void {
    session.on("Input.dragIntercepted", ({ data }) => {
      this.#data = data;
      this.#intercepted.notify();
    });
  }

  /** Watches from now on for a drag to begin. */
  async watch(signal: AbortSignal): Promise<void> {
    await this.#ask(WATCH_DRAG, signal);
  }

  /** Tells, after a movement that the page has dealt with, if it began a drag; the browser itself tells only later. */
  async hasBegun(signal: AbortSignal): Promise<boolean> {
    const isExpected = !this.isOn && (await this.#ask(DRAG_BEGUN, signal)).includes("begun");
    // The browser's event about the drag may have come meanwhile.
    if (isExpected && !this.#data) await this.#told(signal);
    return this.isOn;
  }

  async send(
    type: "dragEnter" | "dragOver" | "drop",
    place: Point & { modifiers: number },
    signal: AbortSignal,
  ): Promise<void> {
    const data = this.#data;
    if (data === undefined) return;
    if (type === "drop") this.#data = undefined;
    await this.#session.send("Input.dispatchDragEvent", { type, ...place, data }, signal);
  }

  async #told(signal: AbortSignal): Promise<void> {
    const late = timeoutSignal(BEGIN_TIMEOUT_MS);
    try {
      await abortable(this.#intercepted.next(late), signal);
    } catch (error) {
      // There was nothing to drag after all.
      if (!late.aborted) throw error;
    }
  }

  /** Calls a function in every frame that has a document at the moment. */
  async #ask(functionDeclaration: string, signal: AbortSignal): Promise<string[]> {
    const worlds = this.#frames.all.flatMap(({ world }) => (world ? [world] : []));
    return await Promise.all(
      worlds.map(async (world) => {
        try {
          return String((await callIn(world, functionDeclaration, { returnByValue: true }, signal)).value);
        } catch (error) {
          if (isDocumentReplaced(error)) return "";
          throw error;
        }
      }),
    );
  }
}
