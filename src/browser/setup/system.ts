import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { neededOf } from "./environment.js";

/** The outcome of a program that has ended. */
export interface Outcome {
  /** True when it ran and ended with 0. */
  ok: boolean;
  stdout: string;
  stderr: string;
  /** The reason why it is not ok, in a few words; empty when it is. */
  problem: string;
}

/** The machine, as far as the search for a browser needs it. */
export interface System {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly isRoot: boolean;
  readonly home: string;
  exists(path: string): boolean;
  /** Tells if there is a file that may be executed. */
  isProgram(path: string): boolean;
  /**
   * Runs a program to its end and never rejects, but for an aborted signal.
   *
   * @param timeoutMs time after which it is killed
   */
  run(file: string, args: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<Outcome>;
}

/** This machine, for an installer: its programs get the whole environment, with the proxies that downloads need. */
export const thisSystem: System = {
  platform: process.platform,
  arch: process.arch,
  isRoot: process.getuid?.() === 0,
  home: homedir(),
  exists: existsSync,
  isProgram: (path) => {
    try {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  },
  run: (...wanted) => run(undefined, ...wanted),
};

/** Names the folder of Selenium Manager's downloads: https://www.selenium.dev/documentation/selenium_manager/ */
const SELENIUM_CACHE = "SE_CACHE_PATH";

/**
 * This machine, for a server: the programs that it tries get no more of its environment, which holds its secrets, than
 * a browser does.
 *
 * @param more names of further variables that a browser gets
 */
export function sparingSystem(more: readonly string[] = []): System {
  return {
    ...thisSystem,
    // eslint-disable-next-line no-restricted-properties -- handed on, not read
    run: (...wanted) => run(neededOf(process.env, [SELENIUM_CACHE, ...more]), ...wanted),
  };
}

function run(
  env: NodeJS.ProcessEnv | undefined,
  ...[file, args, timeout, signal]: Parameters<System["run"]>
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const options = { timeout, signal, env, killSignal: "SIGKILL", maxBuffer: 64 * 2 ** 20 } as const;
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      if (signal.aborted) reject(signal.reason as Error);
      else resolve({ ok: error === null, stdout, stderr, problem: describe(error, timeout) });
    });
    child.stdin?.end();
  });
}

function describe(error: (Error & { code?: unknown; killed?: boolean }) | null, timeoutMs: number): string {
  if (error === null) return "";
  if (error.killed === true) return `no answer in ${timeoutMs / 1000} s`;
  if (typeof error.code === "number") return `exit code ${error.code}`;
  return typeof error.code === "string" ? error.code : error.message;
}
