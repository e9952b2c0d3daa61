import type { BrowserKind, Role } from "./places.js";
import type { Outcome, System } from "./system.js";

/** A cold disk takes seconds for a browser's first start. */
const VERSION_TIMEOUT_MS = 10_000;

/** A program that could say its version. */
export interface Program {
  path: string;
  /** Such as "Chromium" or "ChromeDriver". */
  name: string;
  /** Such as "156.0.8078.79". */
  version: string;
}

/**
 * Asks a browser or a driver for its version.
 *
 * @returns the program, or why it is none
 */
export async function identify(
  path: string,
  role: Role,
  system: System,
  signal: AbortSignal,
): Promise<Program | string> {
  if (!system.exists(path)) return "does not exist";
  if (!system.isProgram(path)) return "is not a program that may be run";
  const outcome = await askVersion(path, role, system, signal);
  const program = parseVersion(outcome.stdout, path);
  if (outcome.ok && program !== undefined) return program;
  const said = lastLine(outcome.stderr) || lastLine(outcome.stdout);
  const reason = outcome.ok ? "printed no version" : outcome.problem;
  return `does not run (${reason}${said === "" ? "" : `: ${said}`})`;
}

function askVersion(path: string, role: Role, system: System, signal: AbortSignal): Promise<Outcome> {
  if (system.platform !== "win32" || role === "driver") {
    return system.run(path, ["--version"], VERSION_TIMEOUT_MS, signal);
  }
  // A browser on Windows takes --version for a wish to open a window.
  const literal = path.replaceAll("'", "''");
  const command = `(Get-Item -LiteralPath '${literal}').VersionInfo.ProductVersion`;
  return system.run(
    "powershell.exe",
    ["-NoProfile", "-NonInteractive", "-Command", command],
    VERSION_TIMEOUT_MS,
    signal,
  );
}

function parseVersion(output: string, path: string): Program | undefined {
  // Firefox is the one whose version may have two numbers only.
  const match =
    /^(.*?)\s*(\d+(?:\.\d+){2,3})(?!\.?\d)/m.exec(output) ??
    /^(.*Firefox)\s+(\d+\.\d+)(?!\.?\d)/m.exec(output);
  if (match?.[2] === undefined) return undefined;
  return { path, name: match[1]?.trim() ?? "", version: match[2] };
}

/**
 * Tells if a driver can drive a browser: Chromium's and Edge's need the same first number. geckodriver has
 * versions of its own and supports every Firefox of its time:
 * https://firefox-source-docs.mozilla.org/testing/geckodriver/Support.html
 */
export function fits(browser: Program, driver: Program, kind: BrowserKind): boolean {
  return kind === "firefox" || majorOf(browser) === majorOf(driver);
}

function majorOf({ version }: Program): string {
  return version.slice(0, version.indexOf("."));
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim().slice(0, 200) ?? "";
}
