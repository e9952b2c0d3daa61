import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger } from "pino";
import { closeBrowsers, openBrowsers } from "../browsers.js";
import { ConfigError, parseConfig, type Config, type Environment } from "../config.js";
import type { Services } from "../services.js";
import { whyNoWindows } from "../start-checks.js";

export interface LocalOptions {
  environment: Environment;
  /** Sessions side by side. @defaultValue as the configuration says */
  parallel: number | undefined;
  /** No more sessions than that are made ready. */
  mostParallel: number;
  /** True where somebody looks at pictures of each command; those of a step that does not pass are kept in any case. */
  takesPictures: boolean;
  headed?: boolean;
  /** Pause before each command, in milliseconds. */
  commandDelayMs?: number | undefined;
  log: Logger;
}

/** The services of a server that nobody can reach, in this process; its database and artifacts are gone with it. */
export class LocalServices {
  readonly config: Config;
  readonly services: Services;
  readonly #folder: string;

  private constructor(config: Config, services: Services, folder: string) {
    this.config = config;
    this.services = services;
    this.#folder = folder;
  }

  static async open(options: LocalOptions): Promise<LocalServices> {
    const { commandDelayMs, log } = options;
    const folder = await mkdtemp(join(tmpdir(), "stepwire-run-"));
    try {
      const config = configOf(options, folder);
      const fault = whyNoWindows(config, options.environment);
      if (fault !== undefined) throw new ConfigError(fault);
      const browsers = await openBrowsers(config, log);
      // A browser takes longest to start: everything else is loaded and made meanwhile.
      void browsers.pool.warm();
      try {
        const [{ openDatabase }, { createServices }] = await Promise.all([
          import("../db/index.js"),
          import("../services.js"),
        ]);
        const { DATABASE_URL: url, ARTIFACTS_DIR: artifactsDir } = config;
        const opened = await openDatabase({ url, artifactsDir, isTemporary: true, log });
        const services = createServices(config, { opened, browsers, commandDelayMs, log });
        return new LocalServices(config, services, folder);
      } catch (error) {
        await closeBrowsers(browsers);
        throw error;
      }
    } catch (error) {
      await remove(folder);
      throw error;
    }
  }

  /** Ends what runs, and leaves nothing behind. */
  async close(): Promise<void> {
    await this.services.endRuns();
    await Promise.all([this.services.closeBrowsers(), this.services.closeDatabase()]);
    await remove(this.#folder);
  }
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
}

function configOf(
  { environment, parallel, mostParallel, takesPictures, headed }: LocalOptions,
  folder: string,
): Config {
  const config = parseConfig({
    ...environment,
    DATABASE_URL: `file:${join(folder, "stepwire.db")}`,
    ARTIFACTS_DIR: join(folder, "artifacts"),
    SCREENSHOTS: takesPictures ? "url" : "off",
    MAX_QUEUED_RUNS_PER_PRINCIPAL: "0",
    MAX_RUNNING_RUNS_PER_PRINCIPAL: "0",
    ...(headed && { BROWSER_HEADLESS: "false" }),
  });
  const size = Math.max(1, Math.min(parallel ?? config.BROWSER_POOL_SIZE, mostParallel));
  return { ...config, BROWSER_POOL_SIZE: size };
}
