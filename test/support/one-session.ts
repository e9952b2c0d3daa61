import { afterAll, beforeAll } from "vitest";
import type { WarmBrowserPool } from "../../src/browser/pool/pool.js";
import type { BrowserSession } from "../../src/execution/ports.js";
import type { Page } from "../../src/runner/ports.js";
import { realPool, type Road } from "./real-browser.js";

/** One browser session for all tests of a `describe` block, which leave its page as they found it. */
export function oneSession(road: Road): { readonly page: Page } {
  let pool: WarmBrowserPool;
  let session: BrowserSession;
  beforeAll(async () => {
    pool = realPool({ size: 1, road }).pool;
    session = await pool.acquire(AbortSignal.timeout(30_000));
  });
  afterAll(async () => {
    await session.close();
    await pool.close();
  });
  return {
    get page() {
      return session.page;
    },
  };
}
