import { scratchFolder } from "../../support/scratch-folder.js";
import type { ServerProcess } from "../../support/server-process.js";
import { startServerIn } from "../stepwire/bench-server.js";
import { newDatabase, type ScaleBench } from "./scale-bench.js";

/** A name for each process, and what it does. */
export type Roles = Readonly<Record<string, "all" | "server" | "worker">>;

export interface FleetOptions {
  /** @defaultValue off */
  screenshots?: "url" | "off";
  /**
   * Runs at the same time in each process that carries them out.
   * @defaultValue 2
   */
  poolSize?: number;
}

interface FleetParts extends Required<FleetOptions> {
  bench: ScaleBench;
  databaseUrl: string;
  folder: string;
  roles: Roles;
}

/** The built server as several processes on one database of PostgreSQL, which may be killed and started again. */
export class Fleet {
  readonly #parts: FleetParts;
  readonly #alive = new Map<string, ServerProcess>();

  private constructor(parts: FleetParts) {
    this.#parts = parts;
  }

  /** Starts every process; the first one brings the database up to date. */
  static async start(
    bench: ScaleBench,
    roles: Roles,
    { screenshots = "off", poolSize = 2 }: FleetOptions = {},
  ): Promise<Fleet> {
    const { path: folder, remove } = await scratchFolder();
    bench.teardown.defer(remove);
    const databaseUrl = await newDatabase(bench);
    const fleet = new Fleet({ bench, databaseUrl, folder, roles, screenshots, poolSize });
    bench.teardown.defer(() => fleet.stop());
    for (const name of Object.keys(roles)) await fleet.startOne(name);
    return fleet;
  }

  get databaseUrl(): string {
    return this.#parts.databaseUrl;
  }

  /** Those that take requests and are alive. */
  get servers(): { name: string; address: string }[] {
    return [...this.#alive]
      .filter(([name]) => this.#parts.roles[name] !== "worker")
      .map(([name, { address }]) => ({ name, address }));
  }

  /** Addresses of all that are alive. */
  get addresses(): string[] {
    return [...this.#alive.values()].map(({ address }) => address);
  }

  /** Names of all that are alive. */
  get names(): string[] {
    return [...this.#alive.keys()];
  }

  /** Starts one that is not alive. */
  async startOne(name: string): Promise<void> {
    const { bench, folder, databaseUrl, roles, screenshots, poolSize } = this.#parts;
    const started = await startServerIn(folder, bench, {
      screenshots,
      poolSize,
      environment: {
        DATABASE_URL: databaseUrl,
        ROLE: roles[name] ?? "all",
        HTTP_REQUESTS_PER_MINUTE: "0",
      },
    });
    this.#alive.set(name, started);
  }

  /** Ends one, by `SIGKILL` or as its user would, and resolves when it is gone. */
  async endOne(name: string, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const ending = this.#alive.get(name);
    this.#alive.delete(name);
    if (signal === "SIGKILL") await ending?.end(signal);
    else await ending?.stop();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#alive.keys()].map((name) => this.endOne(name, "SIGTERM")));
  }
}

/** The address of a process that takes requests. @throws Error when none is alive */
export function addressOf({ servers }: Pick<Fleet, "servers">, name = servers[0]?.name): string {
  const server = servers.find((one) => one.name === name);
  if (server === undefined) throw new Error("No process is alive that takes requests.");
  return server.address;
}
