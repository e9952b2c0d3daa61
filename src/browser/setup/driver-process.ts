import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { abortable } from "../../async/abortable.js";
import { browserEnvironment } from "./environment.js";
import type { BrowserKind } from "./places.js";
import type { BrowserPorts, PortLease } from "./port-lease.js";

/** Time for a driver to end by itself before it is killed, in milliseconds. */
const STOP_GRACE_MS = 1_000;

interface DriverKind {
  /** @param ports the driver's own, then those of its connections to the browser */
  args: (start: { ports: number[]; base: string; logFile: string }) => string[];
  /** The words by which it says that it listens. */
  announces: RegExp;
  /** Number of ports that it is given. */
  ports: number;
  /** True when all that it serves can lie under a path of its own. */
  hasBase: boolean;
}

const DRIVERS: Record<"chromium" | "firefox", DriverKind> = {
  chromium: {
    // Less severe messages hold what commands type, and the answers of pages.
    args: ({ ports: [port], base, logFile }) => [
      `--port=${port ?? 0}`,
      `--url-base=${base}`,
      `--log-path=${logFile}`,
      "--log-level=SEVERE",
    ],
    announces: /started successfully on port (\d+)/,
    ports: 1,
    hasBase: true,
  },
  // It refuses every request that a page makes, by its origin: https://firefox-source-docs.mozilla.org/testing/geckodriver/Flags.html
  firefox: {
    args: ({ ports: [port, marionette, bidi] }) => [
      `--port=${port ?? 0}`,
      `--marionette-port=${marionette ?? 0}`,
      `--websocket-port=${bidi ?? 0}`,
    ],
    announces: /Listening on 127\.0\.0\.1:(\d+)/,
    ports: 3,
    hasBase: false,
  },
};

/** Something else may take a port just after it was found free. */
const PORT_TAKEN = /port not available|address (?:already )?in use/i;
const START_ATTEMPTS = 3;
/** Bytes of a driver's secret path. */
const BASE_BYTES = 16;

/** Chromium's socket among temporary files, and the shortest limit of a socket's path: that of macOS. */
const BROWSER_SOCKET = "org.chromium.Chromium.XXXXXX/SingletonSocket";
const SOCKET_PATH_BYTES = 104;

/** Tells a later server whose driver this is, should it outlive its own; see `profile.ts`. */
const PROFILE_VARIABLE = "STEPWIRE_PROFILE";

interface StartOptions {
  kind: BrowserKind;
  driver: string;
  /** For the driver's log, and for files that it and its browser would leave among the system's temporary ones. */
  folder: string;
  ports: BrowserPorts;
  /** Names of variables that the driver and its browser get beside those that every browser needs. */
  environment?: readonly string[] | undefined;
  signal: AbortSignal;
}

/**
 * A chromedriver, msedgedriver or geckodriver of our own. A chromedriver starts any program for any client that may
 * speak to it, and ends for any that asks for `/shutdown`, so all that it serves lies under a secret path.
 */
export class DriverProcess {
  readonly url: string;
  readonly pid: number;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, pid: number, url: string) {
    this.#process = process;
    this.pid = pid;
    this.url = url;
  }

  /** @throws Error when the driver does not start, with what it printed */
  static async start(options: StartOptions): Promise<DriverProcess> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await DriverProcess.#startOnce(options);
      } catch (error) {
        const isTaken = error instanceof Error && PORT_TAKEN.test(error.message);
        if (!isTaken || attempt === START_ATTEMPTS) throw error;
      }
    }
  }

  static async #startOnce(options: StartOptions): Promise<DriverProcess> {
    const leases: PortLease[] = [];
    const release = () => {
      for (const lease of leases) lease.release();
    };
    try {
      const driver = DRIVERS[options.kind === "firefox" ? "firefox" : "chromium"];
      while (leases.length < driver.ports) leases.push(await options.ports.lease());
      const ports = leases.map(({ port }) => port);
      const started = await DriverProcess.#startAt(options, driver, ports);
      started.onExit(release);
      return started;
    } catch (error) {
      release();
      throw error;
    }
  }

  static async #startAt(
    { driver, folder, environment, signal }: StartOptions,
    { args, announces, hasBase }: DriverKind,
    ports: number[],
  ): Promise<DriverProcess> {
    const logFile = join(folder, "driver.log");
    const base = `/${randomBytes(BASE_BYTES).toString("hex")}`;
    const child = spawn(driver, args({ ports, base, logFile }), {
      env: environmentIn(folder, environment),
      stdio: ["ignore", "pipe", "pipe"],
    });
    try {
      const port = await abortable(announcedPort(child, announces), signal);
      if (child.pid === undefined) throw new Error(`${driver} has no process id`);
      // geckodriver logs to its output only, and Firefox adds the pages' own output: all is read, and not kept.
      child.stdout.resume();
      child.stderr.resume();
      return new DriverProcess(child, child.pid, `http://127.0.0.1:${port}${hasBase ? base : ""}`);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  /** Ends the driver; resolves when it is gone. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (this.#hasEnded) return;
    const gone = new Promise<void>((resolve) =>
      child.once("exit", () => {
        resolve();
      }),
    );
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_GRACE_MS);
    await gone;
    clearTimeout(timer);
  }

  /** @param listener called once the driver has ended, at once when it has already */
  onExit(listener: () => void): void {
    if (this.#hasEnded) listener();
    else this.#process.once("exit", listener);
  }

  get #hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }
}

/** The environment of the driver and its browser. */
function environmentIn(folder: string, more: readonly string[] | undefined): NodeJS.ProcessEnv {
  // eslint-disable-next-line no-restricted-properties -- handed on, not read
  const own = browserEnvironment(process.env, { folder, more });
  return { ...own, ...temporaryFilesIn(folder), [PROFILE_VARIABLE]: folder };
}

/** A browser that is killed leaves the folder of its socket behind. */
function temporaryFilesIn(folder: string): { TMPDIR?: string } {
  return Buffer.byteLength(join(folder, BROWSER_SOCKET)) < SOCKET_PATH_BYTES ? { TMPDIR: folder } : {};
}

function announcedPort(child: ChildProcess, announces: RegExp): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4096);
      const port = announces.exec(output)?.[1];
      if (port !== undefined) resolve(Number(port));
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      reject(new Error(`the driver ended with ${signal ?? `code ${code}`}: ${output.trim() || "no output"}`));
    });
  });
}
