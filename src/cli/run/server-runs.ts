import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { WebSocket } from "ws";
import { abortable } from "../../async/abortable.js";
import {
  ClosedError,
  connect,
  RequestError,
  type StepwireClient,
  type StepwireRest,
  type TestCaseSummary,
} from "../../client/index.js";
import type { Environment } from "../../config.js";
import type { ReportRun } from "../../protocol/report.js";
import type { ReadArtifact } from "../../reports/html/parts.js";
import { CommandError } from "../command-context.js";
import type { RunOptions } from "./options.js";
import { OutcomeFold, unjudged } from "./outcome.js";
import { select } from "./selection.js";
import { serverToken } from "../server-address.js";
import { restOf } from "../server-rest.js";
import type { RunWatcher, SelectedTest, TestOutcome, TestRuns } from "./test-runs.js";

/** Tests side by side, unless told otherwise: the server has a queue of its own. */
const DEFAULT_PARALLEL = 4;

/** Longest wait for the end of a run that was cancelled, in milliseconds. */
const CANCEL_TIMEOUT_MS = 15_000;

const EXTENSIONS: Record<string, string> = {
  "image/jpeg": ".jpg",
  "image/png": ".png",
  "text/html": ".html",
  "application/json": ".json",
  "video/webm": ".webm",
};

/** Tests that a server keeps and runs. */
export class ServerRuns implements TestRuns {
  readonly tests: readonly SelectedTest[];
  readonly size: number;
  readonly #client: StepwireClient;
  readonly #options: RunOptions;

  private constructor(
    tests: readonly SelectedTest[],
    { client, options }: { client: StepwireClient; options: RunOptions },
  ) {
    this.tests = tests;
    this.size = options.parallel ?? DEFAULT_PARALLEL;
    this.#client = client;
    this.#options = options;
  }

  /** @throws CommandError when the server cannot be reached or refuses, or there is no such test. */
  static async open(url: string, options: RunOptions, environment: Environment): Promise<ServerRuns> {
    const tests = select(await findCases(restOf(url, environment), options), options);
    try {
      const client = await connect({ url, WebSocket, token: serverToken(environment) });
      const selected = tests.map(({ id, name }) => ({ id, name, place: undefined }));
      return new ServerRuns(selected, { client, options });
    } catch (error) {
      if (!(error instanceof ClosedError)) throw error;
      throw new CommandError(`--server: ${url} refuses the connection: ${error.message}`, { cause: error });
    }
  }

  async perform({ id }: SelectedTest, { onEvent, signal }: RunWatcher): Promise<TestOutcome> {
    const { retries, priority, video, environment, variables, browser, browserVersion } = this.#options;
    const fold = new OutcomeFold();
    const run = this.#client.executeAll(id, {
      retries,
      variables,
      ...(priority !== undefined && { priority }),
      ...(video !== undefined && { video }),
      ...(environment !== undefined && { environment }),
      ...(browser !== undefined && { browser }),
      ...(browserVersion !== undefined && { browser_version: browserVersion }),
    });
    const overdue = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const cancel = () => {
      timer = setTimeout(() => {
        overdue.abort(new Error("Interrupted; the server has not told the end of the run."));
      }, CANCEL_TIMEOUT_MS);
      run.accepted.then((runId) => this.#client.cancel(runId)).catch(() => undefined);
    };
    const follow = async () => {
      for await (const event of run) {
        onEvent(event);
        const outcome = fold.take(event);
        if (outcome) return outcome;
      }
      return unjudged("The server has not told the end of the run.", run.id);
    };
    if (signal.aborted) cancel();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      return await abortable(follow(), overdue.signal);
    } catch (error) {
      const isKnown = error instanceof RequestError || error instanceof ClosedError || overdue.signal.aborted;
      if (!isKnown) throw error;
      return unjudged((error as Error).message, run.id);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", cancel);
    }
  }

  async report(_test: SelectedTest, runId: string): Promise<ReportRun> {
    const {
      runs: [run],
    } = await this.#client.rest.runs.report(runId);
    if (run === undefined) throw new Error(`the report on run ${runId} is empty`);
    return run;
  }

  async readArtifact(href: string): Promise<ReadArtifact | undefined> {
    try {
      const blob = await this.#client.rest.artifacts.read(href);
      const [mediaType = ""] = blob.type.split(";");
      return { mediaType, bytes: await blob.bytes() };
    } catch (error) {
      if (error instanceof RequestError && error.code === "artifact_not_found") return undefined;
      throw error;
    }
  }

  async copyArtifact(href: string, folder: string): Promise<string | undefined> {
    const file = await this.readArtifact(href);
    if (file === undefined) return undefined;
    const fileName = `${basename(href)}${EXTENSIONS[file.mediaType] ?? ""}`;
    await writeFile(join(folder, fileName), file.bytes);
    return fileName;
  }

  async close(): Promise<void> {
    this.#client.close();
  }
}

type ServerCase = Pick<TestCaseSummary, "id" | "name" | "tags">;

async function findCases({ cases }: StepwireRest, { targets, grep }: RunOptions): Promise<ServerCase[]> {
  const { ids, tags, paths } = targets;
  if (paths.length > 0) {
    throw new CommandError(
      `${paths[0] ?? ""}: files run in this process; leave --server out, or name ids and tags of the server.`,
    );
  }
  if (ids.length === 0 && tags.length === 0 && grep === undefined) {
    throw new CommandError("run: which tests? Name ids or tags, or give --grep; --grep . takes all.");
  }
  const named: ServerCase[] = [];
  for (const id of ids) named.push(await cases.get(id));
  if (ids.length > 0 && tags.length === 0) return named;
  // Oldest first, as files are read in the order of their names.
  const all: ServerCase[] = [];
  for await (const testCase of cases.all()) all.unshift(testCase);
  if (tags.length === 0) return all;
  const isTagged = (testCase: ServerCase) => testCase.tags.some((tag) => tags.includes(tag));
  return [...named, ...all.filter((testCase) => isTagged(testCase) && !ids.includes(testCase.id))];
}
