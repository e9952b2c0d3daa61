import { PageError } from "../../runner/ports.js";
import { pause } from "../../async/abortable.js";
import { wholePage } from "../devtools-pictures.js";
import { CdpError } from "./connection.js";
import type { CdpFrame } from "./frame.js";
import type { CdpWindow } from "./window.js";

/** Quality of pictures, of 100: text stays readable at a fifth of the size of a PNG. */
const QUALITY = 60;
/** Time for a picture to come after its document was replaced, in milliseconds. */
const LATE_PICTURE_MS = 150;
/** Pause before another attempt at a picture, in milliseconds. */
const REPLACED_PAUSE_MS = 20;

export interface PictureOptions {
  /** The encoding; only PNG loses nothing. */
  format: "jpeg" | "webp" | "png";
  /** True for all of the page, also what is outside of the viewport. @defaultValue false */
  isWhole?: boolean;
  /** True when the session has no other window. */
  isAlone: boolean;
}

/**
 * A picture of the window's viewport, or of its whole page.
 *
 * @throws PageError at once when a dialog covers the page
 */
export async function takeScreenshot(
  window: CdpWindow,
  { isAlone, ...options }: PictureOptions,
  signal: AbortSignal,
): Promise<Uint8Array> {
  let picture: Uint8Array | undefined;
  await window.unlessBlocked(async (until) => {
    // A tab behind another is not drawn.
    if (!isAlone) await window.session.send("Page.bringToFront", {}, until);
    picture = await capture(window, options, until);
  }, signal);
  if (picture === undefined) throw new PageError("protocol", "a dialog covers the page");
  return picture;
}

type Encoding = Omit<PictureOptions, "isAlone">;

/** Chromium never answers for a picture of a document that was replaced before it was drawn. */
async function capture(window: CdpWindow, options: Encoding, signal: AbortSignal): Promise<Uint8Array> {
  const { main } = window.frames;
  for (;;) {
    await main.ready(signal);
    const replaced = new AbortController();
    const attempt = AbortSignal.any([signal, replaced.signal]);
    abortOnceReplaced(main, attempt, replaced);
    try {
      return await captureOnce(window, options, attempt);
    } catch (error) {
      if (signal.aborted || !(replaced.signal.aborted || error instanceof CdpError)) throw error;
      await pause(REPLACED_PAUSE_MS, signal);
    } finally {
      replaced.abort();
    }
  }
}

function abortOnceReplaced(main: CdpFrame, attempt: AbortSignal, replaced: AbortController): void {
  const { world } = main;
  const watch = async () => {
    while (main.world === world) await main.changed(attempt);
    await pause(LATE_PICTURE_MS, attempt);
    replaced.abort();
  };
  // The watch rejects when the picture is there.
  watch().catch(() => undefined);
}

async function captureOnce(
  { session }: CdpWindow,
  { format, isWhole = false }: Encoding,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const options = { format, quality: QUALITY, optimizeForSpeed: true };
  const part = isWhole ? wholePage(await session.send("Page.getLayoutMetrics", {}, signal)) : {};
  const { data } = await session.send("Page.captureScreenshot", { ...options, ...part }, signal);
  return Buffer.from(data, "base64");
}
