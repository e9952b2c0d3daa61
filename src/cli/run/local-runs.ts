import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { Logger } from "pino";
import { closeBrowsers, openBrowsers } from "../../browsers.js";
import { parseConfig, type Config, type Environment } from "../../config.js";
import { openDatabase } from "../../db/index.js";
import { AppError } from "../../protocol/errors.js";
import type { RunEvent } from "../../protocol/messages.js";
import type { ReportRun } from "../../protocol/report.js";
import { toReportRun } from "../../reports/report.js";
import { eventBatches } from "../../cases/run-events.js";
import { reportOf } from "../../reports/run-report.js";
import { createServices, type Services } from "../../services.js";
import type { LocalContent } from "./local-tests.js";
import type { RunOptions } from "./options.js";
import { OutcomeFold, unjudged } from "./outcome.js";
import type { RunFile, RunWatcher, SelectedTest, TestOutcome, TestRuns } from "./test-runs.js";

interface LocalRunsOptions {
  content: LocalContent;
  options: RunOptions;
  environment: Environment;
  log: Logger;
}

interface LocalRunsParts {
  services: Services;
  size: number;
  tests: readonly SelectedTest[];
  options: RunOptions;
  folder: string;
}

/** Tests in this process: the services of a server with a database and artifacts that are gone with them. */
export class LocalRuns implements TestRuns {
  readonly tests: readonly SelectedTest[];
  readonly size: number;
  readonly services: Services;
  readonly #options: RunOptions;
  readonly #folder: string;

  private constructor({ services, size, tests, options, folder }: LocalRunsParts) {
    this.services = services;
    this.size = size;
    this.tests = tests;
    this.#options = options;
    this.#folder = folder;
  }

  static async open({ content, options, environment, log }: LocalRunsOptions): Promise<LocalRuns> {
    const { tests } = content;
    const folder = await mkdtemp(join(tmpdir(), "stepwire-run-"));
    try {
      const config = configOf(environment, { options, count: tests.length, folder });
      const browsers = await openBrowsers(config, log);
      // A browser takes longest to start: the database is made meanwhile.
      void browsers.pool.warm();
      const { DATABASE_URL: url, ARTIFACTS_DIR: artifactsDir } = config;
      const opened = await openDatabase({ url, artifactsDir, log }).catch(async (error: unknown) => {
        await closeBrowsers(browsers);
        throw error;
      });
      const services = createServices(config, { opened, browsers, commandDelayMs: options.slowMs, log });
      try {
        const selected = await store(content, services);
        await services.start();
        return new LocalRuns({ services, size: browsers.pool.size, tests: selected, options, folder });
      } catch (error) {
        await end(services);
        throw error;
      }
    } catch (error) {
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
      throw error;
    }
  }

  async perform({ id }: SelectedTest, { onEvent, signal }: RunWatcher): Promise<TestOutcome> {
    const { execution } = this.services;
    const { retries, video, environment, variables } = this.#options;
    const fold = new OutcomeFold();
    const started = performance.now();
    let end: (outcome: TestOutcome) => void = () => undefined;
    const ended = new Promise<TestOutcome>((resolve) => (end = resolve));
    const request = {
      retries,
      video,
      environment,
      variables,
      onEvent: (event: RunEvent) => {
        onEvent(event);
        const outcome = fold.take(event);
        if (outcome) end({ ...outcome, durationMs: performance.now() - started });
      },
      onBroken: (broken: string) => {
        end(unjudged("Its events could not be stored.", broken));
      },
    };
    const runId = await execution.startCase(id, "stop", request).catch((error: unknown) => {
      if (error instanceof AppError) end(unjudged(error.message));
      else throw error;
    });
    const cancel = () => {
      if (runId !== undefined) execution.cancel(runId);
    };
    if (signal.aborted) cancel();
    signal.addEventListener("abort", cancel, { once: true });
    return await ended.finally(() => {
      signal.removeEventListener("abort", cancel);
    });
  }

  async report({ id, place }: SelectedTest, runId: string): Promise<ReportRun> {
    const { cases, database } = this.services;
    const run = await database.runReader.findRun(runId);
    if (run === undefined) throw new Error(`the run ${runId} is gone`);
    const events = eventBatches(database.runReader, runId, 0);
    return toReportRun(await reportOf(run, await cases.read(id), events), { place });
  }

  async readArtifact(href: string): Promise<RunFile | undefined> {
    const content = await this.services.database.artifactStore.openArtifact(basename(href));
    if (content === undefined) return undefined;
    const { mediaType, fileName } = content;
    return { mediaType, fileName, bytes: await buffer(content.read()) };
  }

  async close(): Promise<void> {
    await end(this.services);
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Stores the environments and cases of files. @returns the tests by their ids */
async function store(
  { environments, tests }: LocalContent,
  { database, cases }: Services,
): Promise<SelectedTest[]> {
  for (const { base_url: baseUrl = null, variables = {}, secrets = {}, name } of environments) {
    await database.environmentStore.createEnvironment({ name, baseUrl, variables, secrets });
  }
  const stored: SelectedTest[] = [];
  for (const { testCase, name, place } of tests) {
    stored.push({ id: (await cases.create(testCase)).id, name, place });
  }
  return stored;
}

async function end(services: Services): Promise<void> {
  await services.endRuns();
  await Promise.all([services.closeBrowsers(), services.closeDatabase()]);
}

/** The configuration of a server that nobody can reach, with what the options ask for. */
function configOf(
  environment: Environment,
  { options, count, folder }: { options: RunOptions; count: number; folder: string },
): Config {
  const config = parseConfig({
    ...environment,
    DATABASE_URL: `file:${join(folder, "stepwire.db")}`,
    ARTIFACTS_DIR: join(folder, "artifacts"),
    SCREENSHOTS: "url",
    MAX_QUEUED_RUNS_PER_PRINCIPAL: "0",
    MAX_RUNNING_RUNS_PER_PRINCIPAL: "0",
    ...(options.headed && { BROWSER_HEADLESS: "false" }),
  });
  const parallel = options.parallel ?? config.BROWSER_POOL_SIZE;
  return {
    ...config,
    BROWSER_POOL_SIZE: Math.max(1, Math.min(parallel, count)),
  };
}
