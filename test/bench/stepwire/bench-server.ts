import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { FoundBrowser } from "../../../src/browser/setup/discovery.js";
import { scratchFolder } from "../../support/scratch-folder.js";
import { ServerProcess } from "../../support/server-process.js";
import type { Ground } from "../ground.js";

const BUILT_SERVER = fileURLToPath(new URL("../../../dist/main.js", import.meta.url));

/** Node's flags of `npm start`. */
const FLAGS = flagsOf(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));

function flagsOf(packageFile: string): string[] {
  const { scripts } = JSON.parse(packageFile) as { scripts: { start: string } };
  return scripts.start.split(" ").filter((word) => word.startsWith("--"));
}

export interface BenchServerOptions {
  screenshots: "inline" | "url" | "off";
  /**
   * Number of runs at the same time.
   * @defaultValue the server's own default
   */
  poolSize?: number;
  /**
   * Variables that a row sets beside those that every row does; one that is to carry out no runs has `ROLE: "server"`.
   * @defaultValue none
   */
  environment?: Record<string, string>;
}

export interface BenchServer {
  /** Such as `127.0.0.1:41234`. */
  address: string;
  pid: number;
  stop: () => Promise<void>;
}

/** Starts the built server as `npm start` does, with a database of its own. Resolves once its browser is started. */
export async function startBenchServer(bench: Ground, options: BenchServerOptions): Promise<BenchServer> {
  const { teardown } = bench;
  const folder = await scratchFolder();
  teardown.defer(() => folder.remove());
  const server = await startServerIn(folder.path, bench, options);
  return { address: server.address, pid: server.pid, stop: teardown.defer(() => server.stop()) };
}

/** As {@link startBenchServer}, with the database that is in the folder; the caller stops the server. */
export async function startServerIn(
  folder: string,
  { browser }: Pick<Ground, "browser">,
  options: BenchServerOptions,
): Promise<ServerProcess> {
  return await ServerProcess.start(folder, settings(browser, options), {
    entry: BUILT_SERVER,
    flags: FLAGS,
    ...(options.environment?.["ROLE"] !== "server" && { ready: /"browser started"/ }),
  });
}

/** Settings that stay at the server's defaults, also where the bench's environment sets some of them. */
const LEFT_AT_DEFAULT = [
  "ROLE",
  "ARTIFACTS_MAX_AGE",
  "ARTIFACTS_MAX_SIZE",
  "RUNS_KEEP_DAYS",
  "RUNS_KEEP_PER_CASE",
  "BROWSER_PROTOCOL",
  "SELENIUM_REMOTE_URL",
  "COMMAND_TIMEOUT",
  "STEP_TIMEOUT",
  "RUN_TIMEOUT",
  "SCRIPT_ENV",
  "SECRETS_DIR",
  "MAX_CONNECTIONS",
  "MAX_CONNECTIONS_PER_ADDRESS",
  "MESSAGES_PER_SECOND",
  "MESSAGE_BURST",
  "SEND_BUFFER_BYTES",
  "MAX_QUEUED_RUNS_PER_PRINCIPAL",
  "MAX_RUNNING_RUNS_PER_PRINCIPAL",
  "HTTP_REQUESTS_PER_MINUTE",
  "FAILED_LOGINS_PER_MINUTE",
  "AUTH_JWT_SECRET",
  "AUTH_JWKS_URL",
  "AUTH_JWT_ISSUER",
  "AUTH_JWT_AUDIENCE",
  "AUDIT_MAX_AGE",
  "VIDEO",
  "ALLOWED_HOSTS",
  "OPENAI_API_KEY",
];

/** Every setting that could change a number. */
function settings(browser: FoundBrowser, options: BenchServerOptions): Record<string, string> {
  return {
    // Empty counts as not set.
    ...Object.fromEntries(LEFT_AT_DEFAULT.map((name) => [name, ""])),
    HOST: "127.0.0.1",
    LOG_LEVEL: "info",
    SCREENSHOTS: options.screenshots,
    BROWSER: "chrome",
    BROWSER_BINARY: browser.binary,
    BROWSER_DRIVER: browser.driver,
    BROWSER_HEADLESS: "true",
    BROWSER_POOL_SIZE: options.poolSize === undefined ? "" : String(options.poolSize),
    ...options.environment,
  };
}
