import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { zipSync } from "fflate";
import { error as driverErrors, type WebDriver } from "selenium-webdriver";
import { Command, Name } from "selenium-webdriver/lib/command.js";

/** selenium-webdriver's name of it, which its types leave out. */
const SEND_DEVTOOLS = "sendAndGetDevToolsCommand";

/**
 * A DevTools command through Chromium's driver, which has one WebDriver command for all of them:
 * `POST /session/{id}/goog/cdp/execute`.
 *
 * @returns its result, or nothing where the driver, or the Grid before it, does not have that command
 */
export async function sendDevTools(
  driver: WebDriver,
  method: string,
  params: object = {},
): Promise<Record<string, unknown> | undefined> {
  const command = new Command(SEND_DEVTOOLS).setParameter("cmd", method).setParameter("params", params);
  try {
    return (await executeCommand<Record<string, unknown> | null>(driver, command)) ?? {};
  } catch (error) {
    const unknown = [driverErrors.UnknownCommandError, driverErrors.UnknownMethodError];
    if (unknown.some((type) => error instanceof type)) return undefined;
    throw error;
  }
}

/**
 * Brings a file to the machine of a Selenium server's browser: `POST /session/{id}/se/file`.
 *
 * @returns its path there
 */
export async function uploadFile(driver: WebDriver, path: string): Promise<string> {
  const zip = zipSync({ [basename(path)]: await readFile(path) });
  const file = Buffer.from(zip).toString("base64");
  return await executeCommand(driver, new Command(Name.UPLOAD_FILE).setParameter("file", file));
}

/** Sends any command; the types leave `WebDriver.execute` out. */
export async function executeCommand<T>(driver: WebDriver, command: Command): Promise<T> {
  return await (driver as unknown as { execute(command: Command): Promise<T> }).execute(command);
}
