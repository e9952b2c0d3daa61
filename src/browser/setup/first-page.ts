import { basename } from "node:path";
import { pause } from "../../async/abortable.js";

/** Pause between two tries while the browser does not listen yet, in milliseconds. */
const LOOK_MS = 20;

/**
 * Tells if a browser is Chromium's small build for machines without a screen. Given a profile, that build opens no
 * page of its own, and its driver waits for one in vain.
 */
export function isHeadlessShell(binary: string): boolean {
  return /headless[-_]shell/.test(basename(binary));
}

/** Opens an empty page in a browser that is just starting. */
export async function openFirstPage(devToolsPort: number, signal: AbortSignal): Promise<void> {
  const address = `http://127.0.0.1:${devToolsPort}/json/new?about:blank`;
  for (;;) {
    // Until it listens, every try is refused.
    const response = await fetch(address, { method: "PUT", signal }).catch(() => undefined);
    signal.throwIfAborted();
    if (response?.ok === true) return;
    if (response !== undefined)
      throw new Error(`The browser opened no page: its DevTools answered ${response.status}.`);
    await pause(LOOK_MS, signal);
  }
}
