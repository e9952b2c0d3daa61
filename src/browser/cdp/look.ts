import { pause } from "../../async/abortable.js";
import { timeoutSignal } from "../../async/timeout-signal.js";
import { callIn, historyOf } from "./calls.js";
import { CdpError, type CdpSession } from "./connection.js";
import type { World } from "./frame.js";
import type { CdpWindow } from "./window.js";

/** Longest time for a window's page to tell of itself, in milliseconds. */
const LOOK_TIMEOUT_MS = 250;

/** Pause before asking again between two documents, in milliseconds. */
const BETWEEN_DOCUMENTS_MS = 10;

/** A window's title, address and name, as they are at the moment. */
export interface Look {
  title: string;
  url: string;
  name: string;
}

const LOOK = `() => JSON.stringify({ title: document.title, url: location.href, name: window.name })`;

/** Looks at a window: asks its page, which knows first, or the browser where the page cannot answer at the moment. */
export async function lookAt(window: CdpWindow, signal: AbortSignal): Promise<Look> {
  const { main } = window.frames;
  main.throwIfClosed();
  const { world } = main;
  if (world !== undefined && !main.isNavigating && window.dialogs.open === undefined) {
    const look = await askPage(world, signal);
    if (look) return look;
  }
  return { ...(await currentEntry(window.session, signal)), name: window.name };
}

/** @returns nothing when the page does not answer, or shows an error of the browser's own */
async function askPage(world: World, signal: AbortSignal): Promise<Look | undefined> {
  const soon = AbortSignal.any([signal, timeoutSignal(LOOK_TIMEOUT_MS)]);
  try {
    const result = await callIn(world, LOOK, { returnByValue: true }, soon);
    const look = JSON.parse(String(result.value)) as Look; // Written by the function above.
    return look.url.startsWith("chrome-error:") ? undefined : look;
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

async function currentEntry(
  session: CdpSession,
  signal: AbortSignal,
): Promise<{ title: string; url: string }> {
  for (;;) {
    try {
      const { currentIndex, entries } = await historyOf(session, signal);
      const { title = "", url = "" } = entries[currentIndex] ?? {};
      return { title, url };
    } catch (error) {
      // The browser has no page in the moment in which one document takes the place of another.
      if (!(error instanceof CdpError && error.message.includes("active page"))) throw error;
      await pause(BETWEEN_DOCUMENTS_MS, signal);
    }
  }
}
