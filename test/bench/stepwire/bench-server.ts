import { fileURLToPath } from "node:url";
import type { FoundBrowser } from "../../../src/browser/discovery.js";
import { scratchFolder, ServerProcess } from "../../support/server-process.js";
import type { Bench } from "../bench.js";

const BUILT_SERVER = fileURLToPath(new URL("../../../dist/main.js", import.meta.url));

export interface BenchServerOptions {
  screenshots: "inline" | "off";
  /**
   * How many runs it carries out at the same time.
   * @defaultValue the server's own default
   */
  poolSize?: number;
}

export interface BenchServer {
  /** Such as `127.0.0.1:41234`. */
  address: string;
  pid: number;
  stop: () => Promise<void>;
}

/**
 * Starts the built server as users do, `node dist/main.js`, with a database of its own. Resolves once its
 * browser is started.
 */
export async function startBenchServer(
  { browser, teardown }: Bench,
  options: BenchServerOptions,
): Promise<BenchServer> {
  const folder = await scratchFolder();
  teardown.defer(() => folder.remove());
  const server = await ServerProcess.start(folder.path, settings(browser, options), {
    entry: BUILT_SERVER,
    ready: /"browser started"/,
  });
  return { address: server.address, pid: server.pid, stop: teardown.defer(() => server.stop()) };
}

/** Settings that stay at the server's defaults: whoever runs the bench may have set some of them. */
const LEFT_AT_DEFAULT = [
  "ARTIFACTS_MAX_AGE",
  "ARTIFACTS_MAX_SIZE",
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
  };
}
