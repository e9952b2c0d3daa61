import type { Point } from "./point.js";

/** A part of a window: the viewport, or the page with all that is outside of it, where the page is scrolled to its top. */
export type PicturePart = "viewport" | "page";

/** Pictures of the current window that are to be compared with others. */
export interface PagePictures {
  /**
   * A PNG in physical pixels.
   *
   * @throws PageError `protocol` where the browser's driver takes no picture of a whole page
   */
  lossless(part: PicturePart, signal: AbortSignal): Promise<Uint8Array>;
  /** Answers how a point of the current frame's viewport becomes one of its window's, in CSS pixels. */
  placing(signal: AbortSignal): Promise<(point: Point) => Point>;
}
