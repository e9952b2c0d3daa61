import { atMost } from "../../async/at-most.js";
import { isCrash, PageError } from "../../runner/ports.js";
import type { DevTools } from "../devtools-protocol.js";
import { historyOf } from "./calls.js";
import { CdpError } from "./connection.js";
import { crashError } from "./frame.js";
import { withRemedy } from "../remedies.js";
import type { CdpWindow } from "./window.js";

/** The browser's answer when a request turned out to be a download, or was stopped. */
const ABORTED = "net::ERR_ABORTED";

/** Time for the browser to show its own page about a document that did not come, in milliseconds. */
const ERROR_PAGE_MS = 500;

/** Most attempts at a navigation while processes crash before it brings a document. */
const NAVIGATION_ATTEMPTS = 3;

/**
 * Opens a URL and resolves when its document is interactive, or when a dialog keeps it from becoming so: one that asks whether
 * to leave the page decides whether it goes on.
 *
 * @param hasDownload whether a download has begun since
 * @throws PageError `navigation` or `crashed`
 */
export async function navigate(
  window: CdpWindow,
  url: string,
  hasDownload: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  const { main } = window.frames;
  const left = main.loaderId;
  for (let attempt = 1; ; attempt++) {
    try {
      await navigateOnce(window, url, hasDownload, signal);
      return;
    } catch (error) {
      // Before the new document is there, only the document being left, or a process kept ready, can have crashed.
      if (!isCrash(error) || main.loaderId !== left || attempt === NAVIGATION_ATTEMPTS) throw error;
    }
  }
}

async function navigateOnce(
  window: CdpWindow,
  url: string,
  hasDownload: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  await window.leave(async (until) => {
    const { main } = window.frames;
    const { crashes } = main;
    main.started(undefined);
    let answer: DevTools.Page.NavigateResponse;
    try {
      answer = await window.session.send("Page.navigate", { url }, until);
    } catch (error) {
      main.navigationEnded();
      if (!(error instanceof CdpError)) throw error;
      throw unopened(error.message.replace(/^[\w.]+: /, ""), error);
    }
    const { loaderId, errorText, isDownload = false } = answer;
    if (errorText === ABORTED) main.abandoned(loaderId);
    if (errorText === ABORTED && main.crashes !== crashes) throw crashError();
    // Another navigation may have taken its place, and a download leaves the page as it is.
    const isHarmless = errorText === ABORTED && (main.isNavigating || isDownload || hasDownload());
    if (errorText !== undefined && !isHarmless) {
      // The browser's own page about it takes the place of the one that was left.
      await atMost(ERROR_PAGE_MS, main.settled(until));
      throw unopened(window.explain(errorText, url));
    }
    if (loaderId === undefined) main.navigationEnded();
    await main.settled(until);
  }, signal);
}

export async function reload(window: CdpWindow, signal: AbortSignal): Promise<void> {
  await window.leave(async (until) => {
    const { main } = window.frames;
    main.started(undefined);
    await window.session.send("Page.reload", {}, until);
    await main.settled(until);
  }, signal);
}

/** @returns whether there was a page to go to */
export async function traverseHistory(
  window: CdpWindow,
  step: -1 | 1,
  signal: AbortSignal,
): Promise<boolean> {
  const { frames, session } = window;
  const { currentIndex, entries } = await historyOf(session, signal);
  const entry = entries[currentIndex + step];
  if (entry === undefined) return false;
  await window.leave(async (until) => {
    // The window's document may stay, when only a frame or a part of the address goes back.
    const moved = frames.moved.next(until);
    const sent = session.send("Page.navigateToHistoryEntry", { entryId: entry.id }, until);
    await Promise.all([moved, sent]);
    await frames.main.settled(until);
  }, signal);
  return true;
}

function unopened(why: string, cause?: unknown): PageError {
  return new PageError("navigation", `it could not be opened: ${withRemedy(why)}`, { cause });
}
