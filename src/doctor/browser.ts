import type { Logger } from "pino";
import { checkRemote } from "../browser/setup/remote-status.js";
import { closeBrowsers, findConfiguredBrowser, openBrowsers } from "../browsers.js";
import { timeoutSignal } from "../async/timeout-signal.js";
import type { Config } from "../config.js";
import { good, type Finding } from "./finding.js";

/** Longest time in which a browser has to give a page, in milliseconds: a cold disk takes seconds. */
const START_TIMEOUT_MS = 60_000;

const PART = "browser";

/**
 * Finds the browser with its driver, and starts it, as only that tells of libraries and rights that are missing.
 *
 * @throws Error with the remedy where there is none, or it does not start
 */
export async function examineBrowser(
  config: Config,
  { log, signal }: { log: Logger; signal: AbortSignal },
): Promise<Finding[]> {
  const limited = AbortSignal.any([
    signal,
    timeoutSignal(START_TIMEOUT_MS, `No browser has come up within ${START_TIMEOUT_MS / 1_000} s.`),
  ]);
  const findings = [];
  const { SELENIUM_REMOTE_URL: remoteUrl } = config;
  if (remoteUrl !== undefined) await checkRemote(remoteUrl, limited);
  else {
    const found = await findConfiguredBrowser(config, {
      log: (line) => {
        log.debug(line);
      },
      signal: limited,
    });
    const { name, version, binary, driver } = found;
    findings.push(good(PART, `${name} ${version} (${binary}), with ${driver}.`));
  }
  const browsers = await openBrowsers({ ...config, BROWSER_POOL_SIZE: 1 }, log);
  const began = performance.now();
  try {
    const session = await browsers.pool.acquire(limited);
    await session.close();
  } finally {
    await closeBrowsers(browsers);
  }
  return [...findings, good(PART, `It gives a page after ${seconds(performance.now() - began)}.`)];
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
