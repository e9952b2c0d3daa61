import type { CommandContext } from "./executor.js";
import { describePageLocator } from "./locator.js";
import type { PageTarget } from "./page/requests.js";
import { PageError } from "./ports.js";

/** The part of a command's context that is needed to go back into frames. */
export type FrameContext = Pick<CommandContext, "page" | "signal" | "log" | "memory">;

/** Searches in the page around the frames. */
export interface FrameSearch {
  whenReady(): Promise<void>;
  /**
   * Enters the frame that the locator finds.
   *
   * @returns false when it does not find one alone before the time is up
   */
  enterOnly(target: PageTarget, timeoutMs: number): Promise<boolean>;
}

/** Notes that the current frame was removed; the search goes on at the top until it is there again. */
export async function noteFrameGone(gone: PageError, { page, memory, signal }: FrameContext): Promise<void> {
  memory.frames = { path: memory.frames?.path ?? [], gone };
  await page.leaveFrame("top", signal);
}

/**
 * Goes into the frames again that commands have entered, where the page has made them anew: one that was put in the place
 * of another, as payment forms do, or those of the page that has come in place of the one around them. Only where
 * the locators by which they were entered find one frame each, so that nothing is guessed.
 *
 * @throws PageError `frame-gone` when a frame that was removed is not made anew in time
 */
export async function enterAgain(
  timeoutMs: number,
  { page, signal, log, memory }: FrameContext,
  search: FrameSearch,
): Promise<void> {
  const { path = [], gone } = memory.frames ?? {};
  if (path.length === 0 || page.isInFrame) return;
  if (gone === undefined) await search.whenReady();
  for (const { locator } of path) {
    if (await search.enterOnly({ locator }, gone === undefined ? 0 : timeoutMs)) continue;
    await page.leaveFrame("top", signal);
    const why = `its locator (${describePageLocator(locator)}) finds no single frame now`;
    if (gone !== undefined) throw new PageError("frame-gone", `${gone.message}; ${why}`);
    memory.frames = undefined;
    log({ level: "info", message: "The page around the frame was replaced; going on in the page itself." });
    return;
  }
  memory.frames = { path };
  const names = path.map(({ locator }) => describePageLocator(locator)).join(", in it ");
  log({ level: "info", message: `The frame (${names}) was made anew; going on in the new one.` });
}
