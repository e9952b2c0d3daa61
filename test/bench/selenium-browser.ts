import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Builder, type WebDriver } from "selenium-webdriver";
import * as chrome from "selenium-webdriver/chrome.js";
import { browserArguments } from "../../src/browser/arguments.js";
import type { FoundBrowser } from "../../src/browser/discovery.js";
import type { Teardown } from "./teardown.js";

/** A browser driven by plain selenium-webdriver. */
export interface SeleniumBrowser {
  driver: WebDriver;
  stop(): Promise<void>;
}

/** Starts the server's own browser, with the server's own flags, through classic WebDriver. */
export async function startSeleniumBrowser(
  browser: FoundBrowser,
  teardown: Teardown,
): Promise<SeleniumBrowser> {
  const profileFolder = await mkdtemp(join(tmpdir(), "stepwire-bench-profile-"));
  // A browser that is just ending may still write into its folder.
  teardown.defer(() => rm(profileFolder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  const options = new chrome.Options();
  options.addArguments(...browserArguments({ headless: true, profileFolder }));
  options.setBinaryPath(browser.binary);
  const driver = await new Builder()
    .forBrowser("chrome")
    .setChromeOptions(options)
    .setChromeService(new chrome.ServiceBuilder(browser.driver))
    .build();
  return { driver, stop: teardown.defer(() => driver.quit()) };
}
