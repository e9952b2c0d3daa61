import { spawn, type ChildProcess } from "node:child_process";
import { abortable } from "./abortable.js";

/** How long a driver gets to end by itself before it is killed, in milliseconds. */
const STOP_GRACE_MS = 1_000;

/** A chromedriver or msedgedriver of our own, listening on a port that it chose. */
export class DriverProcess {
  readonly url: string;
  readonly pid: number;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, pid: number, port: number) {
    this.#process = process;
    this.pid = pid;
    this.url = `http://127.0.0.1:${port}`;
  }

  /**
   * @param options.logFile where the driver writes its log; also marks the process as ours
   * @throws Error when the driver does not start, with what it printed
   */
  static async start(options: {
    driver: string;
    logFile: string;
    signal: AbortSignal;
  }): Promise<DriverProcess> {
    const args = ["--port=0", `--log-path=${options.logFile}`];
    const child = spawn(options.driver, args, { stdio: ["ignore", "pipe", "pipe"] });
    try {
      const port = await abortable(announcedPort(child), options.signal);
      if (child.pid === undefined) throw new Error(`${options.driver} has no process id`);
      return new DriverProcess(child, child.pid, port);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  /** Ends the driver, and with it the browsers it started; resolves when it is gone. */
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

function announcedPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4096);
      const port = /started successfully on port (\d+)/.exec(output)?.[1];
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
