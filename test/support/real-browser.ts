import type { Logger } from "pino";
import { launchBrowser } from "../../src/browser/launch.js";
import { findBrowser } from "../../src/browser/setup/discovery.js";
import type { BrowserProcess } from "../../src/browser/launched-browser.js";
import { WarmBrowserPool, type PoolOptions } from "../../src/browser/pool/pool.js";
import type { BrowserNetwork, BrowserNetworkOptions } from "../../src/browser/setup/network.js";
import { openTestNetwork } from "./browser-network.js";
import { silentLog } from "./silent-log.js";

/** To Chromium over DevTools or with classic WebDriver, or to Firefox, which has the latter only. */
export type Road = "cdp" | "classic" | "firefox";

/** True when the tests of the page's port are for Firefox: `npm run test:firefox`. */
export const isFirefox = process.env["TEST_BROWSER"] === "firefox";

/** The roads that tests of the page's port take. */
export const ROADS: readonly Road[] = isFirefox ? ["firefox"] : ["cdp", "classic"];

/**
 * The first bytes of the browser's pictures: JPEG (https://www.w3.org/Graphics/JPEG/itu-t81.pdf, B.1.1.3), or PNG from
 * Firefox's driver, which has nothing else (https://www.w3.org/TR/png-3/#3PNGsignature).
 */
export const PICTURE_BEGINS = isFirefox ? [0x89, 0x50, 0x4e] : [0xff, 0xd8, 0xff];

export interface RealPool {
  pool: WarmBrowserPool;
  /** Every browser that the pool has started, in order. */
  launched: BrowserProcess[];
}

export interface RealPoolOptions {
  size: number;
  allowedHosts?: string[];
  /** @defaultValue "cdp" */
  road?: Road;
  ignoreCertificateErrors?: boolean;
  /** Further switches of the browser's command line. */
  switches?: string[];
  /** A browser other than the one that is found. */
  binary?: string;
  /** Names of further variables for the browser's environment. */
  environment?: string[];
  /** Settings of its browsers' network that differ from the server's. */
  network?: Partial<BrowserNetworkOptions>;
  /** @defaultValue one that keeps silent */
  log?: Logger;
}

/** The means to start this machine's own browser, as the server does it. */
export interface RealLauncher {
  /** Rejects, with the remedy, when there is no browser. */
  find: (signal: AbortSignal) => Promise<{ binary: string; driver: string }>;
  launch: (signal: AbortSignal) => Promise<BrowserProcess>;
  /** Closes the network of the browsers, which have to be closed before. */
  close: () => Promise<void>;
}

export function realLauncher({
  allowedHosts = [],
  road = "cdp",
  binary,
  environment = [],
  network: settings,
  ignoreCertificateErrors,
  switches,
  log = silentLog,
}: Omit<RealPoolOptions, "size">): RealLauncher {
  const kind = road === "firefox" ? "firefox" : "chrome";
  const { BROWSER_BINARY: browserBinary, BROWSER_DRIVER: browserDriver } =
    kind === "firefox" ? process.env : { BROWSER_BINARY: binary };
  const search = {
    browser: kind,
    browserBinary,
    browserDriver,
    install: false,
    log: () => undefined,
  } as const;
  const find = (signal: AbortSignal) => findBrowser({ ...search, signal });
  let network: Promise<BrowserNetwork> | undefined;
  const launch = async (signal: AbortSignal) => {
    const protocol = road === "cdp" ? "cdp" : "classic";
    network ??= openTestNetwork({ allowedHosts, ...settings });
    const options = {
      kind,
      protocol,
      headless: true,
      allowedHosts,
      environment,
      ignoreCertificateErrors,
      switches,
    } as const;
    return await launchBrowser({ ...options, network: await network, find, log }, signal);
  };
  const close = async () => {
    await (await network)?.close();
  };
  return { find, launch, close };
}

/** A pool that ends its network as well. */
class PoolWithNetwork extends WarmBrowserPool {
  readonly #launcher: RealLauncher;

  constructor(options: PoolOptions, launcher: RealLauncher) {
    super(options);
    this.#launcher = launcher;
  }

  override async close(): Promise<void> {
    await super.close();
    await this.#launcher.close();
  }
}

/** A pool of this machine's own browser, as the server makes it. */
export function realPool({ size, ...options }: RealPoolOptions): RealPool {
  const launcher = realLauncher(options);
  const launched: BrowserProcess[] = [];
  const launch = async (signal: AbortSignal) => {
    const browser = await launcher.launch(signal);
    launched.push(browser);
    return browser;
  };
  const pool = new PoolWithNetwork({ size, launch, check: launcher.find, log: silentLog }, launcher);
  return { pool, launched };
}
