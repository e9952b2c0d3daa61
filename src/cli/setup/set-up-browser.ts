import { timeoutSignal } from "../../async/timeout-signal.js";
import { findConfiguredBrowser } from "../../browsers.js";
import { parseConfig } from "../../config.js";
import type { CommandContext } from "../command-context.js";
import { Interruption } from "../interruption.js";

/** Longest time for everything, downloads included, in milliseconds. */
const DEADLINE_MS = 15 * 60_000;

/**
 * Finds the browser that the configuration asks for, with its driver, and installs what is missing.
 *
 * @throws BrowserNotFoundError with everything that was tried when there is none in the end.
 */
export async function setUpBrowser({ environment, print, remark, exitWith }: CommandContext): Promise<void> {
  const config = parseConfig(environment);
  if (config.SELENIUM_REMOTE_URL !== undefined) {
    print("SELENIUM_REMOTE_URL is set, so this machine needs no browser.");
    return;
  }
  const interruption = new Interruption();
  const signal = AbortSignal.any([
    interruption.signal,
    timeoutSignal(DEADLINE_MS, `No browser was there within ${DEADLINE_MS / 60_000} minutes.`),
  ]);
  try {
    const found = await findConfiguredBrowser(config, { install: true, log: remark, signal });
    print(`Using ${found.name} ${found.version} (${found.binary}) with ${found.driver}`);
  } catch (error) {
    if (interruption.exitCode === undefined) throw error;
    exitWith(interruption.exitCode);
  } finally {
    interruption.stop();
  }
}
