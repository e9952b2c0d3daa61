import type { System } from "./system.js";

export type BrowserKind = "chrome" | "edge" | "firefox";
export type Role = "browser" | "driver";

/** Longest time for a look into the PATH, in milliseconds. */
const LOOKUP_TIMEOUT_MS = 5_000;

/** The names that packages give a browser and its driver, the best first. */
const NAMES: Record<BrowserKind, Record<Role, string[]>> = {
  chrome: {
    browser: ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome"],
    driver: ["chromedriver"],
  },
  edge: {
    browser: ["microsoft-edge", "microsoft-edge-stable", "msedge"],
    driver: ["msedgedriver"],
  },
  firefox: {
    browser: ["firefox", "firefox-esr"],
    driver: ["geckodriver"],
  },
};

/** Places outside the PATH where installers put them. `~` is the home folder. */
const PLACES: Partial<Record<NodeJS.Platform, Record<BrowserKind, Record<Role, string[]>>>> = {
  linux: {
    chrome: {
      browser: ["/opt/google/chrome/chrome", "/usr/lib/chromium/chromium", "/snap/bin/chromium"],
      driver: [
        "/usr/lib/chromium/chromedriver",
        "/usr/lib/chromium-browser/chromedriver",
        "/usr/lib64/chromium/chromedriver",
        "/usr/lib64/chromium-browser/chromedriver",
        "/usr/local/bin/chromedriver",
        "/opt/chromedriver/chromedriver",
        "/snap/bin/chromium.chromedriver",
      ],
    },
    edge: {
      browser: ["/opt/microsoft/msedge/msedge"],
      driver: ["/usr/local/bin/msedgedriver", "/opt/microsoft/msedgedriver"],
    },
    firefox: {
      browser: [
        "/usr/lib/firefox-esr/firefox-esr",
        "/usr/lib/firefox/firefox",
        "/opt/firefox/firefox",
        "/snap/bin/firefox",
      ],
      driver: ["/usr/local/bin/geckodriver", "/snap/bin/geckodriver", "/snap/bin/firefox.geckodriver"],
    },
  },
  darwin: {
    chrome: {
      browser: [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "~/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
      ],
      driver: ["/opt/homebrew/bin/chromedriver", "/usr/local/bin/chromedriver"],
    },
    edge: {
      browser: ["/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"],
      driver: ["/opt/homebrew/bin/msedgedriver", "/usr/local/bin/msedgedriver"],
    },
    firefox: {
      browser: [
        "/Applications/Firefox.app/Contents/MacOS/firefox",
        "~/Applications/Firefox.app/Contents/MacOS/firefox",
      ],
      driver: ["/opt/homebrew/bin/geckodriver", "/usr/local/bin/geckodriver"],
    },
  },
  win32: {
    chrome: {
      browser: [
        "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
        "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
        "~\\AppData\\Local\\Google\\Chrome\\Application\\chrome.exe",
        "~\\AppData\\Local\\Chromium\\Application\\chrome.exe",
      ],
      driver: ["C:\\Program Files\\ChromeDriver\\chromedriver.exe", "C:\\chromedriver\\chromedriver.exe"],
    },
    edge: {
      browser: [
        "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
        "C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe",
      ],
      driver: ["C:\\msedgedriver\\msedgedriver.exe"],
    },
    firefox: {
      browser: [
        "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
        "C:\\Program Files (x86)\\Mozilla Firefox\\firefox.exe",
      ],
      driver: ["C:\\geckodriver\\geckodriver.exe"],
    },
  },
};

/** The programs that could be the browser or its driver: those in the PATH, then those in the usual places. */
export async function findPrograms(
  kind: BrowserKind,
  role: Role,
  system: System,
  signal: AbortSignal,
): Promise<string[]> {
  const usual = (PLACES[system.platform]?.[kind][role] ?? []).map((path) => path.replace(/^~/, system.home));
  const found = [...(await inPath(NAMES[kind][role], system, signal)), ...usual];
  return [...new Set(found)].filter((path) => system.isProgram(path));
}

/**
 * Every program of the PATH with one of the names, not the first alone: the packages of a project may put one before it
 * that does not run or fit. A folder that is a link, as `/bin` is on most systems, is told as the one that it leads to:
 * no program is tried twice.
 */
const IN_PATH = `IFS=:
for name; do for folder in $PATH; do
  [ -x "$folder/$name" ] && (cd -P "$folder" > /dev/null && printf '%s\\n' "$PWD/$name")
done; done
true`;

/** Asks the system, so that nothing here has to know the rules of its PATH. */
async function inPath(names: string[], system: System, signal: AbortSignal): Promise<string[]> {
  const { stdout } =
    system.platform === "win32"
      ? await system.run("where.exe", names, LOOKUP_TIMEOUT_MS, signal)
      : await system.run("/bin/sh", ["-c", IN_PATH, "sh", ...names], LOOKUP_TIMEOUT_MS, signal);
  return stdout
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
