import type { Browser } from "playwright-core";
import type { Bench } from "../bench.js";
import { Side } from "../rounds.js";
import { carryOut, FORGET } from "../shop.js";
import type { StartedSide } from "../started-side.js";
import { freshTab, startPlaywrightBrowser } from "./browser.js";
import { playwrightShop } from "./shop.js";

/** One context and tab for all runs. */
export async function startPlaywrightWarm(bench: Bench): Promise<StartedSide<number>> {
  const { browser, stop } = await startPlaywrightBrowser(bench);
  const { page } = await freshTab(browser);
  const side = new Side("Playwright, one tab", async () => {
    const started = performance.now();
    await carryOut(playwrightShop(page, bench.site.url));
    const ended = performance.now();
    await page.evaluate(`(${FORGET})()`);
    return ended - started;
  });
  return { side, stop };
}

/** A fresh context each run, made and closed within its time: Playwright's user waits for both. */
export async function startPlaywrightFresh(bench: Bench): Promise<StartedSide<number>> {
  const { browser, stop } = await startPlaywrightBrowser(bench);
  const side = new Side("Playwright, fresh contexts", async () => {
    const started = performance.now();
    await buyInFreshContext(browser, bench.site.url);
    return performance.now() - started;
  });
  return { side, stop };
}

/** @throws Error when it does not pass. */
export async function buyInFreshContext(browser: Browser, siteUrl: string): Promise<void> {
  const { context, page } = await freshTab(browser);
  try {
    await carryOut(playwrightShop(page, siteUrl));
  } finally {
    await context.close();
  }
}
