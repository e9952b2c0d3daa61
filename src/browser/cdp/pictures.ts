import type { PagePictures, PicturePart, Point } from "../../runner/ports.js";
import type { CdpFrame } from "./frame.js";
import { placing } from "./placing.js";
import { takeScreenshot } from "./screenshot.js";
import type { CdpWindow } from "./window.js";

export interface CdpPicturesOptions {
  window: () => CdpWindow;
  frame: () => CdpFrame;
  /** True when the session has no other window. */
  isAlone: () => boolean;
  /** Does work with the browser, whose refusals become page errors. */
  attempt: <T>(work: () => Promise<T>) => Promise<T>;
}

export class CdpPictures implements PagePictures {
  readonly #options: CdpPicturesOptions;

  constructor(options: CdpPicturesOptions) {
    this.#options = options;
  }

  lossless(part: PicturePart, signal: AbortSignal): Promise<Uint8Array> {
    return this.#take({ format: "png", isWhole: part === "page" }, signal);
  }

  /** A lossy picture of the viewport. */
  lossy(format: "jpeg" | "webp", signal: AbortSignal): Promise<Uint8Array> {
    return this.#take({ format }, signal);
  }

  placing(signal: AbortSignal): Promise<(point: Point) => Point> {
    const { frame, attempt } = this.#options;
    return attempt(() => placing(frame(), signal));
  }

  #take(
    options: { format: "jpeg" | "webp" | "png"; isWhole?: boolean },
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const { window, isAlone, attempt } = this.#options;
    return attempt(() => takeScreenshot(window(), { ...options, isAlone: isAlone() }, signal));
  }
}
