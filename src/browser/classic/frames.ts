import type { WebDriver } from "selenium-webdriver";
import type { PageElement, Point } from "../../runner/ports.js";
import type { PointerInput } from "./pointer-parts.js";

/**
 * The frame in which a session works, and the world inside it in which scripts of the runner's own run. Methods are
 * parts of the units of commands that {@link ClassicDriver.send} takes.
 */
export interface ClassicFrames {
  /** True when that world is the application's, which can then see everything passed there and change the results. */
  readonly isExposed: boolean;
  /** Number of frames that lead from the window's own document to the current frame. */
  readonly depth: number;

  /** Another window is the current one, at its top frame. The driver has gone there already. */
  begin(driver: WebDriver, window: string): Promise<void>;
  /** @throws PageError `protocol` when the element is no frame, `frame-gone` when it has gone */
  enter(driver: WebDriver, frame: PageElement): Promise<void>;
  /** Leaves all frames but the outermost `depth` ones. */
  leave(driver: WebDriver, depth: number): Promise<void>;
  /** The window's own document was replaced, and every frame with it. */
  forget(): void;

  /**
   * Calls a function that answers with a text, or with a promise of one, in the current frame.
   *
   * @returns `null` when a dialog has cut the function off
   */
  call(driver: WebDriver, script: string, args: readonly string[]): Promise<string | null>;
  /** As {@link call}, in the window's own document. */
  callAtTop(driver: WebDriver, script: string, args: readonly string[]): Promise<string | null>;
  /** As {@link call}, in another window's own document. May leave the driver there, until {@link goBack}. */
  callInWindow(driver: WebDriver, window: string, script: string): Promise<string | null>;
  /** Calls a function for the element that it returns. */
  element(driver: WebDriver, script: string): Promise<PageElement | null>;
  /** Gives a file field these files of the browser's machine in place of those that it has. */
  setFiles(driver: WebDriver, field: PageElement, paths: readonly string[]): Promise<void>;

  /**
   * Sends pointer input by a way that needs no script in the page.
   *
   * @returns nothing when it was sent; where the driver has to send it, the pointer's place in the driver's own
   * coordinates
   */
  point(driver: WebDriver, input: PointerInput): Promise<{ from?: Point } | undefined>;
  /** Has the driver work in the current frame again. */
  goBack(driver: WebDriver, window: string): Promise<void>;
  /** Makes the function that turns points of the current frame's viewport into the driver's own. */
  placing(driver: WebDriver): Promise<(point: Point) => Point>;
}

/**
 * Adds up the places of nested frames.
 *
 * @param frames from the outermost on
 * @param ask answers with the result of `FRAME_PLACE` for one of them
 */
export async function placingOf<Frame>(
  frames: readonly Frame[],
  ask: (frame: Frame) => Promise<string | null>,
): Promise<(point: Point) => Point> {
  let [left, top, scale] = [0, 0, 1];
  for (const frame of frames) {
    const place = JSON.parse((await ask(frame)) ?? "[0,0,1]") as [number, number, number];
    const [x, y, zoom] = place; // Written by that function.
    [left, top, scale] = [left + x * scale, top + y * scale, scale * zoom];
  }
  return ({ x, y }) => ({ x: left + x * scale, y: top + y * scale });
}
