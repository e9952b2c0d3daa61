import { launchBrowser } from "../../src/browser/browser.js";
import { findBrowser } from "../../src/browser/discovery.js";
import type { BrowserProcess } from "../../src/browser/launched-browser.js";
import { WarmBrowserPool } from "../../src/browser/pool.js";
import { silentLog } from "./silent-log.js";

/** A road to Chromium. */
export type Protocol = "cdp" | "classic";

/** The roads that tests of the page's port take. */
export const PROTOCOLS: readonly Protocol[] = ["cdp", "classic"];

export interface RealPool {
  pool: WarmBrowserPool;
  /** Every browser that the pool has started, in order. */
  launched: BrowserProcess[];
}

export interface RealPoolOptions {
  size: number;
  allowedHosts?: string[];
  /** @defaultValue "cdp" */
  protocol?: Protocol;
  /** A browser other than the one that is found. */
  binary?: string;
}

/** A pool of this machine's own browser, as the server makes it. */
export function realPool({ size, allowedHosts = [], protocol = "cdp", binary }: RealPoolOptions): RealPool {
  const find = (signal: AbortSignal) =>
    findBrowser({ browser: "chrome", browserBinary: binary, install: false, log: () => undefined, signal });
  const launched: BrowserProcess[] = [];
  const launch = async () => {
    const browser = await launchBrowser({
      kind: "chrome",
      protocol,
      headless: true,
      allowedHosts,
      find,
      log: silentLog,
    });
    launched.push(browser);
    return browser;
  };
  return { pool: new WarmBrowserPool({ size, launch, find, log: silentLog }), launched };
}
