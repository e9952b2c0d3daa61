import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { databaseUrlIn } from "./test-databases.js";
import { TRANSLATED_SERVER } from "./translated-server.js";

/** Longest time until a server is ready, in milliseconds. */
const START_TIMEOUT_MS = 60_000;
/** Longer than the server's own deadline for a stop, in milliseconds. */
const STOP_TIMEOUT_MS = 6_000;
const LISTENING = /"url":"http:\/\/([^"]+)"/;

export interface ServerProcessOptions {
  /**
   * The file that Node runs.
   * @defaultValue the server's sources, translated
   */
  entry?: string;
  /**
   * The arguments of that file.
   * @defaultValue none
   */
  args?: readonly string[];
  /**
   * Node's own flags.
   * @defaultValue none
   */
  flags?: readonly string[];
  /**
   * Matches the log of a server that is ready.
   * @defaultValue the address that it listens on
   */
  ready?: RegExp;
  /**
   * Files that it may open.
   * @defaultValue as many as this process
   */
  openFiles?: number;
  /**
   * A command line before Node's own, which has to become the server's process.
   * @defaultValue nothing
   */
  through?: readonly string[];
}

/** Options of a server whose browsers are fakes, which takes no time to start. */
export const FAKE_BROWSERS = {
  entry: fileURLToPath(new URL("server-child.ts", import.meta.url)),
  flags: ["--import", "tsx"],
};

/** The server as users start it: a process of its own, with a database that outlives it. */
export class ServerProcess {
  readonly address: string;
  readonly pid: number;
  readonly output: () => string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, address: string, output: () => string) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    this.address = address;
    this.output = output;
  }

  /** @param folder where its database and artifacts are */
  static async start(
    folder: string,
    environment: Record<string, string> = {},
    options: ServerProcessOptions = {},
  ): Promise<ServerProcess> {
    const {
      entry = TRANSLATED_SERVER,
      args = [],
      flags = [],
      ready = LISTENING,
      openFiles,
      through = [],
    } = options;
    const limit = openFiles === undefined ? "" : `ulimit -n ${openFiles} && `;
    const command = [...through, process.execPath, ...flags, entry, ...args];
    const child = spawn("sh", ["-c", `${limit}exec "$@"`, "sh", ...command], {
      env: {
        ...process.env,
        PORT: "0",
        DATABASE_URL: await databaseUrlIn(folder),
        ARTIFACTS_DIR: join(folder, "artifacts"),
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    // It is read to the end: a full pipe would hold the server up.
    const keep = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const address = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill("SIGKILL");
        reject(new Error(`the server was not ready within ${START_TIMEOUT_MS / 1000} s: ${output}`));
      }, START_TIMEOUT_MS);
      const look = () => {
        const listening = LISTENING.exec(output)?.[1];
        if (listening === undefined || !ready.test(output)) return;
        clearTimeout(timer);
        for (const stream of [child.stdout, child.stderr]) stream.off("data", look);
        resolve(listening);
      };
      child.stdout.on("data", look);
      child.stderr.on("data", look);
      child.once("error", reject);
      child.once("exit", (code) => {
        clearTimeout(timer);
        reject(new Error(`the server ended with ${code}: ${output}`));
      });
    });
    return new ServerProcess(child, address, () => output);
  }

  /** Sends a signal and answers with the exit code and the time until it came, in milliseconds. */
  async end(signal: "SIGTERM" | "SIGINT" | "SIGKILL"): Promise<{ code: number | null; ms: number }> {
    const started = performance.now();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null)
      return { code: this.#child.exitCode, ms: 0 };
    const exited = new Promise<number | null>((resolve) => this.#child.once("exit", resolve));
    this.#child.kill(signal);
    return { code: await exited, ms: performance.now() - started };
  }

  /** Ends the server as its user would, and kills it when it does not end by itself. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await this.end("SIGTERM");
    clearTimeout(timer);
  }
}
