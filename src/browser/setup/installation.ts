import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { BrowserKind } from "./places.js";
import type { System } from "./system.js";

const APT_UPDATE_TIMEOUT_MS = 3 * 60_000;
const APT_INSTALL_TIMEOUT_MS = 10 * 60_000;
const SELENIUM_MANAGER_TIMEOUT_MS = 5 * 60_000;
const SELENIUM_MANAGER_OFFLINE_TIMEOUT_MS = 10_000;

/** The outcome of a way to get a browser, in words that follow its name. */
export interface Attempt {
  ok: boolean;
  outcome: string;
}

/** Debian's packages. It has no geckodriver, which Selenium Manager can get. */
const PACKAGES: Record<"chrome" | "firefox", string[]> = {
  chrome: ["chromium", "chromium-driver"],
  firefox: ["firefox-esr"],
};

/** Installs Debian's packages of a browser and its driver, where this process may. */
export async function installWithApt(
  kind: BrowserKind,
  system: System,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<Attempt> {
  if (system.platform !== "linux" || !system.isProgram("/usr/bin/apt-get"))
    return failed("not on this system");
  if (kind === "edge") return failed("has no Microsoft Edge");
  if (!system.isRoot) return failed("needs root");
  const names = PACKAGES[kind].join(" and ");
  log(`Installing ${names} with apt-get; this takes a minute or two.`);
  // `env`, because this process does not read its own environment here.
  const apt = (args: string[], timeoutMs: number) =>
    system.run("/usr/bin/env", ["DEBIAN_FRONTEND=noninteractive", "apt-get", ...args], timeoutMs, signal);
  const update = await apt(["update"], APT_UPDATE_TIMEOUT_MS);
  const packages = ["install", "-y", "--no-install-recommends", ...PACKAGES[kind]];
  const install = await apt(packages, APT_INSTALL_TIMEOUT_MS);
  if (install.ok) return { ok: true, outcome: `installed ${names}` };
  // A mirror that cannot be reached shows in the update, a missing package only in the installation.
  const output = [update, install].filter(({ ok }) => !ok).map(({ stdout, stderr }) => stderr || stdout);
  log(output.join("\n").trim());
  return failed(`failed (${install.problem}): ${lastErrors(output.join("\n"))}`);
}

function lastErrors(output: string): string {
  const errors = output.split("\n").filter((line) => line.startsWith("E:"));
  return errors.slice(-2).join(" ") || "see its output above";
}

/** The programs that Selenium Manager found or downloaded; absent where it has none. */
export interface ManagedPaths {
  binary?: string;
  driver?: string;
}

/**
 * Asks the Selenium Manager that comes with selenium-webdriver; with `download` it fetches missing programs.
 * https://www.selenium.dev/documentation/selenium_manager/
 *
 * @param browserPath a browser that is there already and only lacks its driver
 */
export async function askSeleniumManager(
  options: { kind: BrowserKind; browserPath?: string | undefined; download: boolean; signal: AbortSignal },
  system: System,
): Promise<Attempt & ManagedPaths> {
  const program = seleniumManagerPath(system);
  if (program === undefined) return failed(`has no build for ${system.platform} on ${system.arch}`);
  const { kind, browserPath, download, signal } = options;
  const args = [
    ...["--browser", kind, "--output", "json", "--avoid-stats", "--skip-driver-in-path"],
    ...(browserPath === undefined ? ["--skip-browser-in-path"] : ["--browser-path", browserPath]),
    ...(download ? [] : ["--offline"]),
  ];
  const timeout = download ? SELENIUM_MANAGER_TIMEOUT_MS : SELENIUM_MANAGER_OFFLINE_TIMEOUT_MS;
  const { stdout, problem } = await system.run(program, args, timeout, signal);
  const { message, driver, binary } = parseAnswer(stdout);
  if (driver === "") return failed(message || problem || (download ? "found nothing" : "has nothing cached"));
  return { ok: true, outcome: "answered", driver, ...(binary === "" ? {} : { binary }) };
}

/** The programs for Linux are for x64 only; Windows and macOS on ARM run the x64 ones. */
function seleniumManagerPath({ platform, arch, isProgram }: System): string | undefined {
  const programs: Partial<Record<NodeJS.Platform, string>> = {
    linux: "linux/selenium-manager",
    darwin: "macos/selenium-manager",
    win32: "windows/selenium-manager.exe",
  };
  const program = programs[platform];
  if (program === undefined || (platform === "linux" && arch !== "x64")) return undefined;
  const packageFile = createRequire(import.meta.url).resolve("selenium-webdriver/package.json");
  const path = join(dirname(packageFile), "bin", program);
  return isProgram(path) ? path : undefined;
}

function parseAnswer(stdout: string): { message: string; driver: string; binary: string } {
  try {
    const answer = JSON.parse(stdout) as {
      logs?: { message?: string }[];
      result?: { message?: string; driver_path?: string; browser_path?: string };
    };
    const { message = "", driver_path: driver = "", browser_path: binary = "" } = answer.result ?? {};
    return { message: message || (answer.logs?.at(-1)?.message ?? ""), driver, binary };
  } catch {
    return { message: "", driver: "", binary: "" };
  }
}

function failed(outcome: string): Attempt {
  return { ok: false, outcome };
}
