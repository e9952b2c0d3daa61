import { lookup } from "node:dns/promises";
import { abortable } from "./async/abortable.js";
import { timeoutSignal } from "./async/timeout-signal.js";
import { sparingSystem } from "./browser/setup/system.js";
import { identify } from "./browser/setup/version.js";
import { ConfigError, type Config, type Environment } from "./config.js";

/** Time for a name server to answer, in milliseconds. */
const LOOKUP_TIMEOUT_MS = 5_000;

/**
 * Makes sure, before anything is started, that this machine has what the configuration names.
 *
 * @param environment the process's variables, which tell of a display
 * @throws ConfigError for everything that is not there
 */
export async function checkSurroundings(config: Config, environment: Environment): Promise<void> {
  const faults = await faultsOfSurroundings(config, environment);
  if (faults.length > 0) throw new ConfigError(...faults);
}

/**
 * Everything that the configuration names and this machine has not: the address to listen on, the browser and its
 * driver, a display for a browser with windows. Each begins with the variable and ends with the remedy.
 */
export async function faultsOfSurroundings(config: Config, environment: Environment): Promise<string[]> {
  const { HOST, BROWSER_BINARY, BROWSER_DRIVER, BROWSER_ENV, SELENIUM_REMOTE_URL } = config;
  const program = async (variable: string, path: string | undefined, role: "browser" | "driver") => {
    if (path === undefined || SELENIUM_REMOTE_URL !== undefined) return undefined;
    const found = await identify(path, role, sparingSystem(BROWSER_ENV), new AbortController().signal);
    if (typeof found !== "string") return undefined;
    return `${variable}: ${path} ${found}; correct it, or unset it to let Stepwire search`;
  };
  const faults = await Promise.all([
    whyNoAddress(HOST),
    program("BROWSER_BINARY", BROWSER_BINARY, "browser"),
    program("BROWSER_DRIVER", BROWSER_DRIVER, "driver"),
  ]);
  return [...faults, whyNoWindows(config, environment)].filter((fault) => fault !== undefined);
}

/** The reason why a server cannot listen, with the remedy; undefined where only Node's own words tell it. */
export function whyNotListening(error: unknown, { HOST, PORT }: Config): string | undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") return `PORT: ${PORT} is in use on ${HOST}; stop what uses it or set PORT.`;
  return code === "EADDRNOTAVAIL" ? `HOST: ${HOST} is no address of this machine.` : undefined;
}

async function whyNoAddress(host: string): Promise<string | undefined> {
  try {
    await abortable(lookup(host), timeoutSignal(LOOKUP_TIMEOUT_MS));
    return undefined;
  } catch (error) {
    const { code = "no answer" } = error as NodeJS.ErrnoException;
    return `HOST: ${host} is no address and no name of one (${code}); 127.0.0.1 serves this machine only, 0.0.0.0 everybody`;
  }
}

/** The reason why a browser with windows cannot be shown, with the remedy; undefined where it can, or is not asked for. */
export function whyNoWindows(
  { BROWSER_HEADLESS, SELENIUM_REMOTE_URL }: Config,
  environment: Environment,
): string | undefined {
  const needsDisplay = !BROWSER_HEADLESS && SELENIUM_REMOTE_URL === undefined && process.platform === "linux";
  if (!needsDisplay || environment["DISPLAY"] || environment["WAYLAND_DISPLAY"]) return undefined;
  return "BROWSER_HEADLESS: is false, and there is no display for the browser's windows (DISPLAY, WAYLAND_DISPLAY); set it to true, or start the server on a desktop or with xvfb-run";
}
