import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Builder, type WebDriver } from "selenium-webdriver";
import * as chrome from "selenium-webdriver/chrome.js";
import { browserArguments } from "../../../src/browser/setup/arguments.js";
import type { Bench } from "../bench.js";

/** A browser driven by plain selenium-webdriver. */
export interface SeleniumBrowser {
  driver: WebDriver;
  stop: () => Promise<void>;
}

/** Starts the server's own browser, with the server's own flags, through classic WebDriver. */
export async function startSeleniumBrowser({ browser, teardown }: Bench): Promise<SeleniumBrowser> {
  const { folder, remove } = await profileFolder();
  const removed = teardown.defer(remove);
  const options = new chrome.Options();
  options.addArguments(...browserArguments({ headless: true, profileFolder: folder }));
  options.setBinaryPath(browser.binary);
  const driver = await new Builder()
    .forBrowser("chrome")
    .setChromeOptions(options)
    .setChromeService(new chrome.ServiceBuilder(browser.driver))
    .build();
  const quit = teardown.defer(() => driver.quit());
  const stop = async () => {
    await quit();
    await removed();
  };
  return { driver, stop };
}

/** A folder for one browser's profile. A browser that is just ending may still write into it. */
export async function profileFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "stepwire-bench-profile-"));
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  return { folder, remove };
}
