import { spawn, type ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { FoundBrowser } from "../../src/browser/discovery.js";
import { scratchFolder } from "../support/server-process.js";
import type { Teardown } from "./teardown.js";

const ENTRY = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const START_TIMEOUT_MS = 60_000;
/** Longer than the server's own deadline for a stop, in milliseconds. */
const STOP_TIMEOUT_MS = 6_000;

export interface BenchServerOptions {
  browser: FoundBrowser;
  screenshots: "inline" | "off";
}

/** The built server as users start it, `node dist/main.js`, with a warm browser and a database of its own. */
export class BenchServer {
  /** Such as `127.0.0.1:41234`. */
  readonly address: string;
  readonly stop: () => Promise<void>;
  readonly #pid: number;

  private constructor(address: string, pid: number, stop: () => Promise<void>) {
    this.address = address;
    this.#pid = pid;
    this.stop = stop;
  }

  /** Resolves once its browser is started. */
  static async start(options: BenchServerOptions, teardown: Teardown): Promise<BenchServer> {
    const folder = await scratchFolder();
    teardown.defer(() => folder.remove());
    const environment = { ...process.env, ...settings(options, folder.path) };
    const child = spawn(process.execPath, [ENTRY], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
    const stop = teardown.defer(() => end(child));
    const [, address = ""] = await printed(child, /"url":"http:\/\/([^"]+)"[^]*"browser started"/);
    return new BenchServer(address, child.pid ?? 0, stop);
  }

  /**
   * Resident memory of the server's process, without its browsers, in bytes; `undefined` where there is no
   * /proc to tell. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
   */
  async residentBytes(): Promise<number | undefined> {
    if (process.platform !== "linux") return undefined;
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${this.#pid}/status`, "utf8"))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  }
}

/** Every setting that could change a number: whoever runs the bench may have set some of them. */
function settings({ browser, screenshots }: BenchServerOptions, folder: string): Record<string, string> {
  return {
    PORT: "0",
    HOST: "127.0.0.1",
    DATABASE_URL: `file:${folder}/bench.db`,
    ARTIFACTS_DIR: `${folder}/artifacts`,
    LOG_LEVEL: "info",
    SCREENSHOTS: screenshots,
    BROWSER: "chrome",
    BROWSER_BINARY: browser.binary,
    BROWSER_DRIVER: browser.driver,
    BROWSER_HEADLESS: "true",
    // Empty counts as not set.
    BROWSER_POOL_SIZE: "",
    SELENIUM_REMOTE_URL: "",
    COMMAND_TIMEOUT: "",
    ALLOWED_HOSTS: "",
    OPENAI_API_KEY: "",
  };
}

function printed(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let output = "";
    const fail = (reason: string) => {
      reject(new Error(`The server ${reason}: ${output}`));
    };
    const timer = setTimeout(() => {
      fail("had no warm browser in time");
    }, START_TIMEOUT_MS);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const match = pattern.exec(output);
      if (match === null) return;
      clearTimeout(timer);
      resolve(match);
      // Nobody reads on, but a full pipe would hold the server up.
      for (const stream of [child.stdout, child.stderr]) stream?.off("data", read).resume();
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("error", reject);
    child.once("exit", (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
