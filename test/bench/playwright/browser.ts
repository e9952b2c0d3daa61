import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { browserArguments } from "../../../src/browser/setup/arguments.js";
import type { Bench } from "../bench.js";
import { COMMAND_TIMEOUT_MS } from "../shop.js";

export const VIEWPORT = { width: 1280, height: 720 };

/**
 * Flags that Playwright sets itself and whose last value wins: its own choice of features is part of how fast
 * it is. It makes its own profile, too.
 */
const LEFT_TO_PLAYWRIGHT = /^--(headless|disable-features|user-data-dir)\b/;

/** The server's own flags that go with Playwright's. */
export function playwrightArguments(): string[] {
  // Any folder makes these the flags of a browser on this machine; it is not used.
  const args = browserArguments({ headless: true, profileFolder: "unused" });
  return args.filter((flag) => !LEFT_TO_PLAYWRIGHT.test(flag));
}

/** Starts the server's own browser through Playwright, with the server's flags beside Playwright's. */
export async function startPlaywrightBrowser({ browser, teardown }: Bench): Promise<{
  browser: Browser;
  stop: () => Promise<void>;
}> {
  const launched = await chromium.launch({
    executablePath: browser.binary,
    headless: true,
    args: playwrightArguments(),
    // The bench stops what it has started by itself.
    handleSIGINT: false,
    handleSIGTERM: false,
  });
  return { browser: launched, stop: teardown.defer(() => launched.close()) };
}

/** A fresh context with one tab, as Playwright's test runner makes for each test. */
export async function freshTab(browser: Browser): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: VIEWPORT });
  context.setDefaultTimeout(COMMAND_TIMEOUT_MS);
  return { context, page: await context.newPage() };
}
