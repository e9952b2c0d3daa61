import { findBrowser, type FoundBrowser } from "../../src/browser/setup/discovery.js";

/** The Chromium of this machine, and its driver. */
export function findChromium(signal = AbortSignal.timeout(20_000)): Promise<FoundBrowser> {
  return findBrowser({ browser: "chrome", install: false, log: () => undefined, signal });
}
