import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream } from "node:fs";
import { abortable } from "./abortable.js";
import type { BrowserKind } from "./places.js";

/** How long a driver gets to end by itself before it is killed, in milliseconds. */
const STOP_GRACE_MS = 1_000;

/** How a driver is told to choose a port, and how it says which it has chosen. */
const DRIVERS: Record<"chromium" | "firefox", { args: (logFile: string) => string[]; announces: RegExp }> = {
  chromium: {
    args: (logFile) => ["--port=0", `--log-path=${logFile}`],
    announces: /started successfully on port (\d+)/,
  },
  firefox: { args: () => ["--port=0"], announces: /Listening on 127\.0\.0\.1:(\d+)/ },
};

/**
 * chromedriver wants the same port for IPv4 and IPv6, and chooses it by one of them; that it is taken for the
 * other happens where many ports are in use.
 */
const PORT_TAKEN = "port not available";
const START_ATTEMPTS = 3;

interface StartOptions {
  kind: BrowserKind;
  driver: string;
  /** Where the driver's log goes. */
  logFile: string;
  signal: AbortSignal;
}

/** A chromedriver, msedgedriver or geckodriver of our own, listening on a port that it chose. */
export class ClassicDriverProcess {
  readonly url: string;
  readonly pid: number;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, pid: number, port: number) {
    this.#process = process;
    this.pid = pid;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** @throws Error when the driver does not start, with what it printed */
  static async start(options: StartOptions): Promise<ClassicDriverProcess> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ClassicDriverProcess.#startOnce(options);
      } catch (error) {
        const isTaken = error instanceof Error && error.message.includes(PORT_TAKEN);
        if (!isTaken || attempt === START_ATTEMPTS) throw error;
      }
    }
  }

  static async #startOnce({ kind, driver, logFile, signal }: StartOptions): Promise<ClassicDriverProcess> {
    const { args, announces } = DRIVERS[kind === "firefox" ? "firefox" : "chromium"];
    const child = spawn(driver, args(logFile), { stdio: ["ignore", "pipe", "pipe"] });
    try {
      const port = await abortable(announcedPort(child, announces), signal);
      if (child.pid === undefined) throw new Error(`${driver} has no process id`);
      // geckodriver logs to its output only.
      if (kind === "firefox") child.stdout.pipe(createWriteStream(logFile));
      return new ClassicDriverProcess(child, child.pid, port);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  /** Ends the driver; resolves when it is gone. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (child.exitCode !== null || child.signalCode !== null) return;
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

  onExit(listener: () => void): void {
    this.#process.once("exit", listener);
  }
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
