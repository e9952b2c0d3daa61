import { createWriteStream } from "node:fs";
import { basename, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { Logger } from "pino";
import type { Environment } from "../../config.js";
import { AppError } from "../../protocol/errors.js";
import type { RunEvent } from "../../protocol/messages.js";
import type { ReportRun } from "../../protocol/report.js";
import type { ReadArtifact } from "../../reports/html/parts.js";
import { toReportRun } from "../../reports/report.js";
import type { ArtifactContent } from "../../cases/ports.js";
import { eventBatches } from "../../cases/run-events.js";
import { reportOf } from "../../reports/run-report.js";
import type { Services } from "../../services.js";
import { LocalServices } from "../local-services.js";
import type { LocalContent } from "./local-tests.js";
import type { RunOptions } from "./options.js";
import { OutcomeFold, unjudged } from "./outcome.js";
import type { RunWatcher, SelectedTest, TestOutcome, TestRuns } from "./test-runs.js";

interface LocalRunsOptions {
  content: LocalContent;
  options: RunOptions;
  environment: Environment;
  log: Logger;
}

/** Tests in this process. */
export class LocalRuns implements TestRuns {
  readonly tests: readonly SelectedTest[];
  readonly size: number;
  readonly #local: LocalServices;
  readonly #options: RunOptions;

  private constructor(local: LocalServices, tests: readonly SelectedTest[], options: RunOptions) {
    this.tests = tests;
    this.size = local.config.BROWSER_POOL_SIZE;
    this.#local = local;
    this.#options = options;
  }

  static async open({ content, options, environment, log }: LocalRunsOptions): Promise<LocalRuns> {
    const local = await LocalServices.open({
      environment,
      parallel: options.parallel,
      mostParallel: content.tests.length,
      takesPictures: options.reporters.some((reporter) => reporter === "html" || reporter === "json"),
      headed: options.headed,
      commandDelayMs: options.slowMs,
      log,
    });
    try {
      const tests = await store(content, local.services);
      await local.services.start();
      return new LocalRuns(local, tests, options);
    } catch (error) {
      await local.close();
      throw error;
    }
  }

  async perform({ id }: SelectedTest, { onEvent, signal }: RunWatcher): Promise<TestOutcome> {
    const { execution } = this.#local.services;
    const { retries, video, environment, variables, browser, browserVersion } = this.#options;
    const fold = new OutcomeFold();
    const started = performance.now();
    let end: (outcome: TestOutcome) => void = () => undefined;
    const ended = new Promise<TestOutcome>((resolve) => (end = resolve));
    const request = {
      retries,
      video,
      environment,
      variables,
      browser,
      browserVersion,
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
    const { cases, database } = this.#local.services;
    const run = await database.runReader.findRun(runId);
    if (run === undefined) throw new Error(`the run ${runId} is gone`);
    const events = eventBatches(database.runReader, runId, 0);
    return toReportRun(await reportOf(run, await cases.read(id), events), { place });
  }

  async readArtifact(href: string): Promise<ReadArtifact | undefined> {
    const content = await this.#open(href);
    return content && { mediaType: content.mediaType, bytes: await buffer(content.read()) };
  }

  async copyArtifact(href: string, folder: string): Promise<string | undefined> {
    const content = await this.#open(href);
    if (content === undefined) return undefined;
    const { fileName } = content;
    await pipeline(content.read(), createWriteStream(join(folder, fileName)));
    return fileName;
  }

  #open(href: string): Promise<ArtifactContent | undefined> {
    return this.#local.services.database.artifactStore.openArtifact(basename(href));
  }

  close(): Promise<void> {
    return this.#local.close();
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
  const testCases = tests.map(({ testCase }) => testCase);
  const stored = (await cases.createAll(testCases, undefined)) ?? [];
  return stored.map(({ id, name }, index) => ({ id, name, place: tests[index]?.place }));
}
