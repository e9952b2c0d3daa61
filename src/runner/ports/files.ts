import type { Point } from "./point.js";

/** Shortest time that a file chooser is waited for once the page was made to open it, in milliseconds. */
export const LEAST_CHOOSER_MS = 1_000;

/** The fate of the files that were to be given to a file chooser. */
export type Chosen =
  | "given"
  /** None has opened. */
  | "not-opened"
  /** It takes one file, and there were several. */
  | "one-only"
  /** It is none of a file field, and nobody but a person can answer it. */
  | "no-field";

/** Ways to give files of this machine to a page other than by a file field that is in it. Paths are absolute. */
export interface FileGiving {
  /**
   * Has a file chooser opened and answers it, before anybody sees it.
   *
   * @param open makes the page open the chooser, as by a click
   * @param options.timeoutMs longest time for both; the chooser has {@link LEAST_CHOOSER_MS} of its own
   * @throws PageError `protocol` where the browser cannot tell of choosers
   */
  choose(
    paths: readonly string[],
    open: () => Promise<void>,
    options: { timeoutMs: number; signal: AbortSignal },
  ): Promise<Chosen>;
  /**
   * A step of dragging files in from outside the browser. All steps but the last have to be followed by another.
   *
   * @param at a point of the current frame's viewport, in CSS pixels
   * @throws PageError `protocol` where the browser cannot drag files
   */
  drag(
    step: "dragEnter" | "dragOver" | "drop" | "dragCancel",
    at: Point,
    options: { paths: readonly string[]; signal: AbortSignal },
  ): Promise<void>;
}
