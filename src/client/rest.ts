import type {
  Artifact,
  ArtifactUrl,
  CaseRunOptions,
  GeneratedCase,
  GenerateRequest,
  NewTestCase,
  Report,
  Run,
  RunComparison,
  RunDetails,
  RunHistory,
  RunKind,
  RunStatus,
  StepRunOptions,
  TestCase,
  TestCaseChanges,
  TestCaseSummary,
  TestStep,
} from "./rest-types.js";
import { Http, type PatientOptions, type RestOptions } from "./http.js";
import { every, type Page, type Paging } from "./paging.js";
import { Files } from "./rest-files.js";
import { Schedules } from "./rest-schedules.js";
import { Webhooks } from "./rest-webhooks.js";

/** The test cases that somebody looks for. */
export interface CaseFilter {
  /** A text in the name or description. */
  search?: string | undefined;
  tag?: string | undefined;
}

/** The runs that somebody looks for. */
export interface RunFilter {
  test_case_id?: number | undefined;
  /** Runs of this step by itself. */
  test_step_id?: number | undefined;
  kind?: RunKind | undefined;
  status?: RunStatus | undefined;
  flaky?: boolean | undefined;
  principal?: string | undefined;
  /** Started at this time or later; ISO 8601 in UTC. */
  since?: string | undefined;
  /** Started before this time; ISO 8601 in UTC. */
  until?: string | undefined;
}

/**
 * The REST interface of a server. Every method throws a {@link RequestError} with the server's code when it refuses, and
 * an {@link UnreachableError} when no answer comes.
 */
export class StepwireRest {
  readonly cases: Cases;
  readonly runs: Runs;
  readonly artifacts: Artifacts;
  readonly files: Files;
  readonly schedules: Schedules;
  readonly webhooks: Webhooks;

  constructor(options: RestOptions) {
    const http = new Http(options);
    this.cases = new Cases(http);
    this.runs = new Runs(http);
    this.artifacts = new Artifacts(http);
    this.files = new Files(http);
    this.schedules = new Schedules(http);
    this.webhooks = new Webhooks(http);
  }
}

/** Test cases of a server. */
class Cases {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Newest first. */
  async list(query: CaseFilter & Paging = {}): Promise<Page<TestCaseSummary>> {
    return await this.#http.json("/api/test-cases", { query: { ...query } });
  }

  /** All that fit, newest first, page by page. */
  all(filter: CaseFilter = {}): AsyncGenerator<TestCaseSummary> {
    return every((paging) => this.list({ ...filter, ...paging }));
  }

  async get(id: number): Promise<TestCase> {
    return await this.#http.json(`/api/test-cases/${id}`);
  }

  async create(testCase: NewTestCase): Promise<TestCase> {
    return await this.#http.json("/api/test-cases", { method: "POST", body: testCase });
  }

  /** Fields that are absent stay. */
  async update(id: number, changes: TestCaseChanges): Promise<TestCase> {
    return await this.#http.json(`/api/test-cases/${id}`, { method: "PATCH", body: changes });
  }

  /** Deletes a test case with its steps, runs and artifacts. */
  async delete(id: number): Promise<void> {
    await this.#http.json(`/api/test-cases/${id}`, { method: "DELETE" });
  }

  /** Writes the test cases of a description. `StepwireClient.generateTestCase` does the same and tells of it. */
  async generate(request: GenerateRequest, patience: PatientOptions = {}): Promise<GeneratedCase> {
    return await this.#http.json("/api/test-cases/generate", { method: "POST", body: request, ...patience });
  }

  /** Starts a run of every step. `StepwireClient.executeAll` does the same and tells of it as it happens. */
  async run(id: number, options: CaseRunOptions = {}): Promise<Run> {
    return await this.#http.json(`/api/test-cases/${id}/run`, { method: "POST", body: options });
  }

  /** Starts a run of one step, with the login of its case before it. */
  async runStep(stepId: number, options: StepRunOptions = {}): Promise<Run> {
    return await this.#http.json(`/api/test-steps/${stepId}/run`, { method: "POST", body: options });
  }

  /** Takes over a check that a generation has offered. @param index among all that are offered for the step, from 0 */
  async acceptOfferedCheck(stepId: number, index: number): Promise<TestStep> {
    const path = `/api/test-steps/${stepId}/offered-checks/${index}/accept`;
    return await this.#http.json(path, { method: "POST" });
  }

  /** The last 50 runs, with the pass rate and times; of one step by itself where it is named. */
  async history(id: number, stepId?: number): Promise<RunHistory> {
    return await this.#http.json(`/api/test-cases/${id}/history`, { query: { test_step_id: stepId } });
  }
}

/** Runs of a server. */
class Runs {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Newest first. */
  async list(query: RunFilter & Paging = {}): Promise<Page<Run>> {
    return await this.#http.json("/api/runs", { query: { ...query } });
  }

  /** All that fit, newest first, page by page. */
  all(filter: RunFilter = {}): AsyncGenerator<Run> {
    return every((paging) => this.list({ ...filter, ...paging }));
  }

  /** A run with its steps, their verdicts, and its artifacts with the commands that they were kept after. */
  async get(id: string): Promise<RunDetails> {
    return await this.#http.json(pathOf(id));
  }

  /** The first command that differs from another run's, or from the last run that passed before. */
  async compare(id: string, otherId?: string): Promise<RunComparison> {
    return await this.#http.json(`${pathOf(id)}/comparison`, { query: { with: otherId } });
  }

  /** The report on a run, also while it is under way, by the published schema. */
  async report(id: string): Promise<Report> {
    return await this.#http.json(`${pathOf(id)}/report`);
  }

  /** Everything that is stored of a run that has ended, as a zip. */
  async trace(id: string): Promise<Blob> {
    return await this.#http.blob(`${pathOf(id)}/trace`);
  }

  /** Asks the server to stop a run. */
  async cancel(id: string): Promise<void> {
    await this.#control(id, "cancel");
  }

  /** Holds a run before its next command. */
  async pause(id: string): Promise<void> {
    await this.#control(id, "pause");
  }

  /** Lets a paused run go on. */
  async resume(id: string): Promise<void> {
    await this.#control(id, "resume");
  }

  /** Lets a paused run carry out one command. */
  async step(id: string): Promise<void> {
    await this.#control(id, "step");
  }

  async #control(id: string, control: string): Promise<void> {
    await this.#http.json(`${pathOf(id)}/${control}`, { method: "POST" });
  }
}

/** Pictures, page sources, downloads and the like. */
class Artifacts {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** The artifacts that are kept of a run, oldest first. */
  async list(runId: string): Promise<Artifact[]> {
    const { items } = await this.#http.json<{ items: Artifact[] }>(`${pathOf(runId)}/artifacts`);
    return items;
  }

  /** @param artifact its id, or the `url` that events and lists have for it */
  async read(artifact: string): Promise<Blob> {
    return await this.#http.blob(`/api/artifacts/${idOf(artifact)}`);
  }

  /**
   * A whole address that shows an artifact without a token for some minutes, as for the `src` of a picture.
   *
   * @param artifact its id, or the `url` that events and lists have for it
   */
  async url(artifact: string): Promise<string> {
    const { url } = await this.#http.json<ArtifactUrl>(`/api/artifacts/${idOf(artifact)}/url`);
    return this.#http.address(url);
  }
}

function pathOf(runId: string): string {
  return `/api/runs/${encodeURIComponent(runId)}`;
}

function idOf(artifact: string): string {
  return encodeURIComponent(artifact.slice(artifact.lastIndexOf("/") + 1));
}
