import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { chown, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { closedPort } from "./closed-port.js";

const run = promisify(execFile);

/** Where distributions put the server's programs: Debian's lie outside the PATH, a folder for each version. */
const FOLDERS = ["/usr/lib/postgresql"];

/** Longest start or stop, in milliseconds. */
const DEADLINE_MS = 60_000;

/** Nothing here has to survive a power cut, and the tests wait for every commit. */
const FAST = [
  "fsync=off",
  "full_page_writes=off",
  "synchronous_commit=off",
  "max_wal_senders=0",
  "wal_level=minimal",
];

/** The role that owns everything in the server of the tests. */
const ROLE = "stepwire";

/** The folder of the newest server that is installed; undefined where there is none. */
export async function findPostgres(): Promise<string | undefined> {
  for (const folder of FOLDERS) {
    const versions = await readdir(folder).catch(() => []);
    const newest = versions.map(Number).sort((a, b) => b - a)[0];
    if (newest !== undefined) return join(folder, String(newest), "bin");
  }
  return await run("pg_config", ["--bindir"]).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
}

/** A PostgreSQL of the tests, in a folder of its own and on a free port. */
export class PostgresServer {
  readonly port: number;
  readonly #bin: string;
  readonly #folder: string;
  readonly #user: Unprivileged | undefined;
  readonly #settings: readonly string[];

  private constructor(parts: {
    port: number;
    bin: string;
    folder: string;
    user: Unprivileged | undefined;
    settings: readonly string[];
  }) {
    this.port = parts.port;
    this.#bin = parts.bin;
    this.#folder = parts.folder;
    this.#user = parts.user;
    this.#settings = parts.settings;
  }

  /**
   * @param options.bin the folder of its programs
   * @param options.settings further lines of its configuration, such as `max_connections=300`
   */
  static async start({ bin, settings = [] }: { bin: string; settings?: string[] }): Promise<PostgresServer> {
    const folder = await mkdtemp(join(tmpdir(), "stepwire-postgres-"));
    // PostgreSQL refuses to run as root.
    const user = process.getuid?.() === 0 ? await unprivileged() : undefined;
    if (user !== undefined) await chown(folder, user.uid, user.gid);
    const server = new PostgresServer({ port: await closedPort(), bin, folder, user, settings });
    try {
      await server.#call("initdb", ["-D", server.data, "-U", ROLE, "-A", "trust", "-E", "UTF8", "--no-sync"]);
      await server.start();
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    return server;
  }

  get data(): string {
    return join(this.#folder, "data");
  }

  /** @param more parameters of the URL, such as `sslmode=require` */
  urlOf(database: string, { role = ROLE, more = "" } = {}): string {
    return `postgresql://${role}@127.0.0.1:${this.port}/${database}${more && `?${more}`}`;
  }

  async start(): Promise<void> {
    const settings = [
      `port=${this.port}`,
      "listen_addresses=127.0.0.1",
      `unix_socket_directories=${this.#folder}`,
      ...FAST,
      ...this.#settings,
    ];
    const options = settings.map((setting) => `-c ${setting}`).join(" ");
    const log = join(this.#folder, "log");
    await this.#call("pg_ctl", ["-D", this.data, "-l", log, "-w", "-t", "60", "-o", options, "start"]);
    this.#endWithThisProcess();
  }

  /** Nothing else would stop a server whose tests were killed. */
  #endWithThisProcess(): void {
    const waiting = 'while kill -0 "$0" && kill -0 "$1"; do sleep 1; done; kill -QUIT "$1"';
    const pid = readFileSync(join(this.data, "postmaster.pid"), "utf8").split("\n")[0] ?? "";
    const args = ["-c", waiting, String(process.pid), pid];
    // After a stop that was asked for the folder may be used again.
    spawn("sh", args, { detached: true, stdio: "ignore" }).unref();
  }

  /** @param mode `immediate` is as a crash: nothing is said to clients */
  async halt(mode: "fast" | "immediate"): Promise<void> {
    await this.#call("pg_ctl", ["-D", this.data, "-m", mode, "-w", "stop"]);
  }

  /** Adds lines to a file of the server's folder, such as pg_hba.conf. It counts with the next start. */
  async writeConfiguration(file: string, content: string): Promise<void> {
    const path = join(this.data, file);
    await writeFile(path, content, { mode: 0o600 });
    if (this.#user !== undefined) await chown(path, this.#user.uid, this.#user.gid);
  }

  /** Ends the server and deletes its folder. */
  async stop(): Promise<void> {
    await this.halt("immediate").catch(() => undefined);
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #call(program: string, args: string[]): Promise<void> {
    const own = { uid: this.#user?.uid, gid: this.#user?.gid };
    const command = join(this.#bin, program);
    // The server inherits what pg_ctl writes to; the pipe of a call that waits for its end would stay open.
    await run(
      "sh",
      ["-c", 'exec "$@" </dev/null >"$0" 2>&1', join(this.#folder, "called"), command, ...args],
      {
        cwd: this.#folder,
        timeout: DEADLINE_MS,
        ...(own.uid !== undefined && { uid: own.uid, gid: own.gid }),
        env: { PATH: process.env["PATH"], LC_ALL: "C.UTF-8" },
      },
    );
  }
}

interface Unprivileged {
  uid: number;
  gid: number;
}

/** The user of Debian's package, or else the one who may do nothing. */
async function unprivileged(): Promise<Unprivileged> {
  for (const name of ["postgres", "nobody"]) {
    const ids = await Promise.all(["-u", "-g"].map((which) => run("id", [which, name]))).catch(
      () => undefined,
    );
    const [uid, gid] = ids?.map(({ stdout }) => Number(stdout)) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Error("There is neither a user postgres nor nobody to run PostgreSQL as.");
}
