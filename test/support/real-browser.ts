import { Browser } from "../../src/browser/browser.js";
import { findBrowser } from "../../src/browser/discovery.js";
import { WarmBrowserPool } from "../../src/browser/pool.js";
import { silentLog } from "./silent-log.js";

export interface RealPool {
  pool: WarmBrowserPool;
  /** Every browser that the pool has started, in order. */
  launched: Browser[];
}

/** A pool of this machine's own browser, as the server makes it. */
export function realPool(options: { size: number; allowedHosts?: string[] }): RealPool {
  const find = (signal: AbortSignal) =>
    findBrowser({ browser: "chrome", install: false, log: () => undefined, signal });
  const launched: Browser[] = [];
  const launch = async () => {
    const browser = await Browser.launch({
      kind: "chrome",
      headless: true,
      allowedHosts: options.allowedHosts ?? [],
      find,
      log: silentLog,
    });
    launched.push(browser);
    return browser;
  };
  return { pool: new WarmBrowserPool({ size: options.size, launch, find, log: silentLog }), launched };
}
