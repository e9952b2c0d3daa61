import { timeoutSignal } from "../../async/timeout-signal.js";
import type { BrowserSession } from "../../execution/ports.js";
import { isCrash } from "../../runner/ports.js";
import { BrowserLostError, type BrowserProcess } from "../launched-browser.js";

/** A browser that has served this many sessions makes no more and ends with its last one. */
const SESSIONS_A_BROWSER = 100;
/** Longest time in which the page of a session that is ready has to answer, in milliseconds. */
const ANSWER_TIMEOUT_MS = 1_000;
/** Time that a run has the machine to itself before the session for the next one is prepared, in milliseconds. */
export const HEAD_START_MS = 200;

/** A session together with the browser that it is in. */
export interface Prepared {
  browser: BrowserProcess;
  session: BrowserSession;
}

/** True for the error of a start that another one may well do without. */
export function isMishap(error: unknown): boolean {
  return error instanceof BrowserLostError || isCrash(error);
}

/** A session's browser, or its page's process, may have died since it was prepared: a run must not begin with it. */
export async function answers({ session }: Prepared, signal: AbortSignal): Promise<boolean> {
  if (session.lost.aborted) return false;
  try {
    const soon = AbortSignal.any([signal, timeoutSignal(ANSWER_TIMEOUT_MS)]);
    await session.page.call("() => ''", "", soon);
    return true;
  } catch {
    return false;
  }
}

/** True for a browser that is to make no more sessions. */
export function isOld(browser: BrowserProcess): boolean {
  return browser.sessionsMade >= SESSIONS_A_BROWSER || browser.isBloated === true;
}
