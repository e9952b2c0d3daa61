import { ownCommand } from "../../own-command.js";
import { askSeleniumManager, installWithApt } from "./installation.js";
import { findPrograms, type BrowserKind, type Role } from "./places.js";
import { sparingSystem, thisSystem, type System } from "./system.js";
import { fits, identify, type Program } from "./version.js";

export interface FindBrowserOptions {
  browser: BrowserKind;
  /** `BROWSER_BINARY`: the browser's program, instead of a search. */
  browserBinary?: string | undefined;
  /** `BROWSER_DRIVER`: the driver's program, instead of a search. */
  browserDriver?: string | undefined;
  /** True when packages may be installed and files downloaded. */
  install: boolean;
  /**
   * Names of variables that the browser gets beside those that every one needs. An installation gets all.
   * @defaultValue none
   */
  environment?: readonly string[] | undefined;
  /** Takes each line of progress and of a failed program's output. */
  log: (line: string) => void;
  signal: AbortSignal;
}

/** A browser and a driver that can drive it. */
export interface FoundBrowser {
  kind: BrowserKind;
  /** The browser's own name, such as "Chromium". */
  name: string;
  binary: string;
  driver: string;
  /** The browser's, such as "156.0.8078.79". */
  version: string;
}

/** There is no usable browser. The message lists what was tried and says what to do next. */
export class BrowserNotFoundError extends Error {
  override readonly name = "BrowserNotFoundError";
}

/**
 * Finds a browser and its driver: where the variables say, in the PATH and the usual places, then, where it
 * may install, from Debian's packages, then through Selenium Manager. Each is tried once.
 *
 * @throws BrowserNotFoundError when none of it gives a pair; the signal's reason when that is aborted.
 */
export async function findBrowser(
  options: FindBrowserOptions,
  system: System = options.install ? thisSystem : sparingSystem(options.environment),
): Promise<FoundBrowser> {
  const search = new Search(options, system);
  await search.readVariables();
  return (
    (await search.onThisMachine()) ??
    (await search.fromPackages()) ??
    (await search.fromSeleniumManager()) ??
    search.fail()
  );
}

/** One search, with a report of everything it tried. */
class Search {
  readonly #options: FindBrowserOptions;
  readonly #system: System;
  readonly #report: string[] = [];
  /** Set by a variable, or found without a counterpart. */
  #browser: Program | undefined;
  #driver: Program | undefined;
  #loneBrowser: string | undefined;

  constructor(options: FindBrowserOptions, system: System) {
    this.#options = options;
    this.#system = system;
  }

  async readVariables(): Promise<void> {
    const { browserBinary, browserDriver } = this.#options;
    [this.#browser, this.#driver] = await Promise.all([
      this.#explicit("BROWSER_BINARY", browserBinary, "browser"),
      this.#explicit("BROWSER_DRIVER", browserDriver, "driver"),
    ]);
    if (this.#browser === undefined || this.#driver === undefined) return;
    if (!fits(this.#browser, this.#driver, this.#options.browser)) {
      throw new BrowserNotFoundError(
        `BROWSER_BINARY is version ${this.#browser.version}, but BROWSER_DRIVER is version ` +
          `${this.#driver.version}; their first numbers must be the same.`,
      );
    }
  }

  async onThisMachine(): Promise<FoundBrowser | undefined> {
    const searching = this.#drivers();
    // An aborted search ends here by the browsers already.
    searching.catch(() => undefined);
    let isAny = false;
    for await (const browser of this.#browsers()) {
      const drivers = await searching;
      const driver = drivers.find((candidate) => fits(browser, candidate, this.#options.browser));
      if (driver !== undefined) return this.#pair(browser, driver);
      isAny = true;
      this.#loneBrowser ??= browser.path;
      const others = drivers.map(({ path, version }) => `${path} is ${version}`).join(", ");
      this.#tried(
        `${browser.path}: ${browser.version} has no matching driver (${others || "there is none"})`,
      );
    }
    if (!isAny) this.#tried("PATH and usual places: no browser");
    return undefined;
  }

  async fromPackages(): Promise<FoundBrowser | undefined> {
    const { browser, install, log, signal } = this.#options;
    if (!install) return undefined;
    if (browser === "firefox" && this.#loneBrowser !== undefined) {
      this.#tried("apt-get: has no geckodriver");
      return undefined;
    }
    const { ok, outcome } = await installWithApt(browser, this.#system, log, signal);
    this.#tried(`apt-get: ${outcome}`);
    if (!ok) return undefined;
    // The packages may have replaced the programs that the variables name.
    await this.readVariables();
    return await this.onThisMachine();
  }

  async fromSeleniumManager(): Promise<FoundBrowser | undefined> {
    const { browser: kind, install, log, signal } = this.#options;
    const browserPath = this.#browser?.path ?? this.#loneBrowser;
    if (install) log("Asking Selenium Manager for a browser and its driver; a download takes a minute.");
    const answer = await askSeleniumManager({ kind, browserPath, download: install, signal }, this.#system);
    const binary = answer.binary ?? browserPath;
    if (answer.driver === undefined || binary === undefined) {
      this.#tried(`Selenium Manager: ${answer.ok ? "found no browser" : answer.outcome}`);
      return undefined;
    }
    const browser = this.#browser ?? (await this.#identify(binary, "browser"));
    const driver = this.#driver ?? (await this.#identify(answer.driver, "driver"));
    if (browser === undefined || driver === undefined) return undefined;
    if (fits(browser, driver, kind)) return this.#pair(browser, driver);
    this.#tried(`Selenium Manager: ${browser.version} does not match the driver ${driver.version}`);
    return undefined;
  }

  fail(): never {
    throw new BrowserNotFoundError(
      `No ${SOUGHT[this.#options.browser]} with a matching ` +
        `driver was found. Tried:\n${this.#report.map((line) => `  - ${line}`).join("\n")}\n` +
        nextStep(this.#options, this.#system),
    );
  }

  async #explicit(variable: string, path: string | undefined, role: Role): Promise<Program | undefined> {
    if (path === undefined) return undefined;
    const program = await identify(path, role, this.#system, this.#options.signal);
    if (typeof program !== "string") return program;
    throw new BrowserNotFoundError(
      `${variable}: ${path} ${program}. Correct it, or unset it to let Stepwire search.`,
    );
  }

  async #drivers(): Promise<Program[]> {
    if (this.#driver !== undefined) return [this.#driver];
    const programs = await Promise.all(
      (await this.#paths("driver")).map((path) => this.#identify(path, "driver")),
    );
    return programs.filter((program) => program !== undefined);
  }

  /** One after the other, for each is a whole browser's start, and mostly the first is the one. */
  async *#browsers(): AsyncGenerator<Program> {
    if (this.#browser !== undefined) {
      yield this.#browser;
      return;
    }
    for (const path of await this.#paths("browser")) {
      const program = await this.#identify(path, "browser");
      if (program !== undefined) yield program;
    }
  }

  #paths(role: Role): Promise<string[]> {
    return findPrograms(this.#options.browser, role, this.#system, this.#options.signal);
  }

  async #identify(path: string, role: Role): Promise<Program | undefined> {
    const program = await identify(path, role, this.#system, this.#options.signal);
    if (typeof program !== "string") return program;
    this.#tried(`${path}: ${program}`);
    return undefined;
  }

  #tried(line: string): void {
    if (!this.#report.includes(line)) this.#report.push(line);
  }

  #pair(browser: Program, driver: Program): FoundBrowser {
    const kind = this.#options.browser;
    const name = browser.name || NAMELESS[kind];
    return { kind, name, binary: browser.path, driver: driver.path, version: browser.version };
  }
}

const SOUGHT: Record<BrowserKind, string> = {
  chrome: "Chrome or Chromium",
  edge: "Microsoft Edge",
  firefox: "Firefox",
};

/** Names for browsers that do not tell theirs. */
const NAMELESS: Record<BrowserKind, string> = {
  chrome: "Chrome",
  edge: "Microsoft Edge",
  firefox: "Firefox",
};

/** The products that people install by hand. */
const PRODUCTS: Record<BrowserKind, string> = {
  chrome: "Google Chrome",
  edge: "Microsoft Edge",
  firefox: "Firefox and geckodriver (https://github.com/mozilla/geckodriver/releases)",
};

const LINUX_PACKAGES: [program: string, command: string][] = [
  ["/usr/bin/apt-get", "apt-get install chromium chromium-driver"],
  ["/usr/bin/dnf", "dnf install chromium chromedriver"],
  ["/usr/bin/zypper", "zypper install chromium chromedriver"],
  ["/usr/bin/pacman", "pacman -S chromium"],
  ["/sbin/apk", "apk add chromium chromium-chromedriver"],
];

function nextStep({ browser, install }: FindBrowserOptions, system: System): string {
  const setup = install ? "" : `\`${ownCommand("setup")}\`, or `;
  const byHand = "set BROWSER_BINARY and BROWSER_DRIVER to a browser and its driver.";
  const packages = LINUX_PACKAGES.find(([program]) => system.isProgram(program))?.[1];
  if (browser === "chrome" && system.platform === "linux" && packages !== undefined) {
    return `Next: run ${setup}\`${system.isRoot ? "" : "sudo "}${packages}\`, or ${byHand}`;
  }
  return `Next: install ${PRODUCTS[browser]}, then run \`${ownCommand("setup")}\`, or ${byHand}`;
}
