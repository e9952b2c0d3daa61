import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { homedir } from "node:os";

/** What a program that has ended left behind. */
export interface Outcome {
  /** Whether it ran and ended with 0. */
  ok: boolean;
  stdout: string;
  stderr: string;
  /** Why it is not ok, in a few words; empty when it is. */
  problem: string;
}

/** The machine, as far as the search for a browser needs it. */
export interface System {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly isRoot: boolean;
  readonly home: string;
  exists(path: string): boolean;
  /** Whether there is a file that may be executed. */
  isProgram(path: string): boolean;
  /**
   * Runs a program to its end and never rejects, but for an aborted signal.
   *
   * @param timeoutMs after which it is killed
   */
  run(file: string, args: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<Outcome>;
}

/** This machine. */
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
  run: (file, args, timeout, signal) =>
    new Promise((resolve, reject) => {
      const options = { timeout, signal, killSignal: "SIGKILL", maxBuffer: 64 * 2 ** 20 } as const;
      const child = execFile(file, args, options, (error, stdout, stderr) => {
        if (signal.aborted) reject(signal.reason as Error);
        else resolve({ ok: error === null, stdout, stderr, problem: describe(error, timeout) });
      });
      child.stdin?.end();
    }),
};

function describe(error: (Error & { code?: unknown; killed?: boolean }) | null, timeoutMs: number): string {
  if (error === null) return "";
  if (error.killed === true) return `no answer in ${timeoutMs / 1000} s`;
  if (typeof error.code === "number") return `exit code ${error.code}`;
  return typeof error.code === "string" ? error.code : error.message;
}
