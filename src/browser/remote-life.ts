import { error as driverErrors, type WebDriver } from "selenium-webdriver";
import { timeoutSignal } from "../async/timeout-signal.js";
import type { CdpConnection } from "./cdp/connection.js";

/** Time between two signs of life to a Selenium server, in milliseconds. */
const SIGN_OF_LIFE_MS = 30_000;
/** Time between two questions to a browser on another machine, in milliseconds. */
const QUESTION_MS = 2_000;
/** Longest time for its answer, in milliseconds: with the time before, less than a command waits by default. */
const ANSWER_MS = 7_000;

/**
 * Keeps up a session of a Selenium server, and closes the connection to its browser once nothing comes back: a machine
 * that has lost its power or its cable ends no connection, and Grids before 4.42 keep the client's open when that to the
 * node has ended (https://github.com/SeleniumHQ/selenium/pull/17197).
 */
export function keepInTouch(driver: WebDriver, connection: CdpConnection): void {
  const timers = [
    setInterval(() => void giveSignOfLife(driver, connection), SIGN_OF_LIFE_MS),
    setInterval(askBrowser(connection), QUESTION_MS),
  ];
  for (const timer of timers) timer.unref();
  const stop = () => {
    for (const timer of timers) clearInterval(timer);
  };
  if (connection.lost.aborted) stop();
  else connection.lost.addEventListener("abort", stop, { once: true });
}

/** A Grid ends a session that is sent no WebDriver command for some minutes, whatever DevTools do. */
async function giveSignOfLife(driver: WebDriver, connection: CdpConnection): Promise<void> {
  try {
    await driver.getWindowHandle();
  } catch (error) {
    // Any other error says nothing of the browser, which the connection to it does.
    if (error instanceof driverErrors.NoSuchSessionError)
      connection.close("the Selenium server has ended its session");
  }
}

function askBrowser(connection: CdpConnection): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    const late = timeoutSignal(ANSWER_MS);
    connection.root
      .send("Browser.getVersion", {}, late)
      .catch(() => {
        if (late.aborted) connection.close(`its machine has not answered for ${ANSWER_MS / 1000} s`);
      })
      .finally(() => {
        isAsked = false;
      });
  };
}
