import type { Logger } from "pino";
import { keyOf, type AskedBrowser } from "./browser/grid/capacity.js";
import { GridPool } from "./browser/grid/pool.js";
import { WarmBrowserPool } from "./browser/pool/pool.js";
import { findBrowser, type FindBrowserOptions, type FoundBrowser } from "./browser/setup/discovery.js";
import { BrowserNetwork } from "./browser/setup/network.js";
import { checkRemote } from "./browser/setup/remote-status.js";
import type { Config } from "./config.js";
import type { BrowserPool } from "./execution/ports.js";
import type { Places } from "./execution/queue/queue.js";
import type { PoolSessions } from "./metrics/ports.js";

/** Time after which a browser of a Selenium server is asked for DevTools again, in milliseconds. */
const WITHOUT_MS = 600_000;

/** A pool whose maker starts and ends it. */
export interface ManagedPool extends BrowserPool {
  /** Starts a browser ahead of the first run; a failure is logged and comes up again with that run. */
  warm(): Promise<void>;
  check(signal: AbortSignal): Promise<void>;
  /** Missing where nobody can tell. */
  sessions?(): PoolSessions;
  /** Places that come and go with those of another system; missing where there are always {@link size}. */
  readonly places?: Places;
  /** Called when such places may have come. */
  onPlaces?: () => void;
  close(): Promise<void>;
}

/** The browsers, and the network that they reach the world through. */
export interface Browsers {
  network: BrowserNetwork;
  pool: ManagedPool;
}

/** @param pool another one than the real, for tests */
export async function openBrowsers(config: Config, log: Logger, pool?: ManagedPool): Promise<Browsers> {
  const network = await openNetwork(config, log);
  return { network, pool: pool ?? createPool(config, network, log) };
}

/** Ends the browsers, and then their network. */
export async function closeBrowsers({ pool, network }: Browsers): Promise<void> {
  await pool.close();
  await network.close();
}

function openNetwork(config: Config, log: Logger): Promise<BrowserNetwork> {
  const { ALLOWED_HOSTS: allowedHosts, BROWSER_PORTS: ports, BROWSER_PROXY: url } = config;
  const upstream = url === undefined ? undefined : { url, bypass: config.BROWSER_PROXY_BYPASS };
  const { clientCertificates: certificates, IGNORE_CERTIFICATE_ERRORS: ignoreCertificateErrors } = config;
  const tls = certificates.length === 0 ? undefined : { certificates, ignoreCertificateErrors };
  return BrowserNetwork.open({ allowedHosts, ports, upstream, tls, log });
}

/**
 * Finds the browser of this machine that the configuration asks for, with its driver.
 *
 * @param options.install installs what is missing; nothing is installed unless it is true
 * @throws BrowserNotFoundError with the remedy when there is none
 */
export function findConfiguredBrowser(
  config: Config,
  options: Pick<FindBrowserOptions, "log" | "signal"> & { install?: boolean },
): Promise<FoundBrowser> {
  return findBrowser({
    browser: config.BROWSER,
    browserBinary: config.BROWSER_BINARY,
    browserDriver: config.BROWSER_DRIVER,
    install: false,
    environment: config.BROWSER_ENV,
    ...options,
  });
}

function createPool(config: Config, network: BrowserNetwork, log: Logger): ManagedPool {
  const options = launchOptions(config, network, log);
  const { SELENIUM_REMOTE_URL: server } = config;
  return server === undefined
    ? createLocalPool(config, options)
    : createGridPool(config, { ...options, remoteUrl: server });
}

function launchOptions(config: Config, network: BrowserNetwork, log: Logger) {
  return {
    kind: config.BROWSER,
    protocol: config.BROWSER_PROTOCOL,
    headless: config.BROWSER_HEADLESS,
    allowedHosts: config.ALLOWED_HOSTS,
    network,
    ignoreCertificateErrors: config.IGNORE_CERTIFICATE_ERRORS,
    directWebRtc: config.BROWSER_WEBRTC === "direct",
    switches: config.BROWSER_ARGUMENTS,
    environment: config.BROWSER_ENV,
    log,
  };
}

type Options = ReturnType<typeof launchOptions>;

function createLocalPool(config: Config, options: Options): WarmBrowserPool {
  const { log } = options;
  const tell = (line: string) => {
    log.debug(line);
  };
  const search = (signal: AbortSignal) => findConfiguredBrowser(config, { log: tell, signal });
  /** Both programs have to be started to find them: one search is good for all browsers of this process. */
  let found: FoundBrowser | undefined;
  const find = async (signal: AbortSignal) => (found ??= await search(signal));
  const launch = async (signal: AbortSignal) => {
    try {
      const [{ launchBrowser }] = await Promise.all([import("./browser/launch.js"), find(signal)]);
      return await launchBrowser({ ...options, find }, signal);
    } catch (error) {
      // The programs may have gone or been replaced since they were found.
      found = undefined;
      throw error;
    }
  };
  return new WarmBrowserPool({ size: config.BROWSER_POOL_SIZE, launch, check: search, log });
}

function createGridPool(config: Config, options: Options & { remoteUrl: string }): GridPool {
  const { remoteUrl: server, kind, log } = options;
  const find = () => Promise.reject(new Error("A browser of a Selenium server is not looked for here."));
  /** When a browser was found to be without DevTools: to try again with each run would cost a session more. */
  const withoutDevTools = new Map<string, number>();
  const launch = async (wanted: AskedBrowser, signal: AbortSignal) => {
    const { kind: asked, version } = wanted;
    const { launchBrowser } = await import("./browser/launch.js");
    const isWithout = performance.now() - (withoutDevTools.get(keyOf(wanted)) ?? -Infinity) < WITHOUT_MS;
    const protocol = options.protocol === "auto" && isWithout ? "classic" : options.protocol;
    const capabilities = {
      ...config.BROWSER_CAPABILITIES,
      ...(version !== undefined && { browserVersion: version }),
    };
    const browser = await launchBrowser({ ...options, protocol, kind: asked, capabilities, find }, signal);
    if (protocol === "auto" && !browser.isRunning) withoutDevTools.set(keyOf(wanted), performance.now());
    return browser;
  };
  return new GridPool({
    server,
    kind,
    size: config.gridPoolSize,
    sizeUnlessTold: config.BROWSER_POOL_SIZE,
    check: (signal) => checkRemote(server, signal),
    launch,
    log,
  });
}
