import { setTimeout as delay } from "node:timers/promises";
import type { Bench } from "../bench.js";
import { Side } from "../rounds.js";
import { carryOut, FORGET } from "../shop.js";
import type { StartedSide } from "../started-side.js";
import { startSeleniumBrowser } from "./browser.js";
import { seleniumShop } from "./shop.js";

/** One browser and tab for all runs. */
export async function startSelenium(bench: Bench): Promise<StartedSide<number>> {
  const { driver, stop } = await startSeleniumBrowser(bench);
  const side = new Side("selenium-webdriver with until, one tab", async () => {
    const started = performance.now();
    await carryOut(seleniumShop(driver, bench.site.url));
    const ended = performance.now();
    await driver.executeScript(`return (${FORGET})()`);
    return ended - started;
  });
  return { side, stop };
}

/** The original's rest after each command, and the interval of its waits, in milliseconds. */
const ORIGINAL = { pauseMs: 500, pollMs: 500 };

/**
 * Emulates the Python module that Stepwire replaces: a cold browser for each run, a picture as PNG and half a
 * second's rest after each command, waits that look twice a second. It also rested a second after a login,
 * which the shop has none of. The browser's end is not in its time.
 */
export function startOriginal(bench: Bench): Promise<StartedSide<number>> {
  const run = async () => {
    const started = performance.now();
    const { driver, stop } = await startSeleniumBrowser(bench);
    try {
      await carryOut(seleniumShop(driver, bench.site.url, ORIGINAL.pollMs), async () => {
        await delay(ORIGINAL.pauseMs);
        await driver.takeScreenshot();
      });
      return performance.now() - started;
    } finally {
      await stop();
    }
  };
  // Each of its runs starts cold, so there is nothing to warm up.
  const side = new Side("the original, emulated", run, { warmsUp: false });
  return Promise.resolve({ side, stop: () => Promise.resolve() });
}
