import { existsSync } from "node:fs";
import { BrowserNotFoundError, findBrowser } from "../src/browser/setup/discovery.js";

/** Longest time for everything, downloads included, in milliseconds. */
const DEADLINE_MS = 15 * 60_000;

if (existsSync(".env")) process.loadEnvFile(".env");

// The server's own variables; an empty one counts as not set.
const browser = process.env["BROWSER"] || "chrome";
const browserBinary = process.env["BROWSER_BINARY"] || undefined;
const browserDriver = process.env["BROWSER_DRIVER"] || undefined;

try {
  if (process.env["SELENIUM_REMOTE_URL"]) {
    console.log("SELENIUM_REMOTE_URL is set, so this machine needs no browser.");
  } else {
    await setUp();
  }
} catch (error) {
  console.error(error instanceof BrowserNotFoundError ? error.message : error);
  process.exitCode = 1;
}

async function setUp(): Promise<void> {
  if (browser !== "chrome" && browser !== "edge" && browser !== "firefox") {
    const given = JSON.stringify(browser);
    throw new BrowserNotFoundError(`BROWSER: must be chrome, edge or firefox (given: ${given})`);
  }
  const { name, version, binary, driver } = await findBrowser({
    browser,
    browserBinary,
    browserDriver,
    install: true,
    log: (line) => {
      console.error(line);
    },
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  console.log(`Using ${name} ${version} (${binary}) with ${driver}`);
}
