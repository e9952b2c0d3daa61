import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

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
  static async start(folder: string, environment: Record<string, string> = {}): Promise<ServerProcess> {
    const child = spawn(process.execPath, ["--import", "tsx", "src/main.ts"], {
      env: {
        ...process.env,
        PORT: "0",
        DATABASE_URL: `file:${join(folder, "test.db")}`,
        ARTIFACTS_DIR: join(folder, "artifacts"),
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const address = await new Promise<string>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        const listening = /"url":"http:\/\/([^"]+)"/.exec(output)?.[1];
        if (listening !== undefined) resolve(listening);
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.once("exit", (code) => {
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
}

export async function scratchFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "stepwire-test-"));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 10 }) };
}
