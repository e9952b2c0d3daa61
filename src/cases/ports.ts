import type { Readable } from "node:stream";
import type { Logger } from "pino";
import type { BrowserName } from "../protocol/browsers.js";
import type { Script } from "../protocol/commands.js";
import type { KeyedRequest, RequestKey } from "../protocol/idempotency.js";
import type { AiUsage, ArtifactKind, GeneratorName, OnFailure, RunEvent } from "../protocol/messages.js";
import type { ScriptText } from "../protocol/script-text.js";
import type { Verification } from "../protocol/verification.js";
import type { ExecutionStatus, RunStatus, TestCaseStatus, TestStepStatus } from "../protocol/statuses.js";

/** The fields of a test case that a person may set. */
export interface TestCaseFields {
  name: string;
  description: string;
  status: TestCaseStatus;
  assignedTo: string | null;
  requirements: string | null;
  testCaseVersion: string | null;
  /** Words by which cases are found, each once. */
  tags: string[];
  /** The name under which files know the case; no other case has it. */
  slug: string | null;
  /** Name of the environment of its runs, where none is asked for. */
  environment: string | null;
  /** Time between two keys of a text, in milliseconds, for commands that name none; null for the server's own. */
  typingDelay: number | null;
}

/** The fields of a test step that a person may set. */
export interface TestStepFields {
  stepNumber: number;
  description: string;
  expectedResult: string;
  actualResult: string | null;
  status: TestStepStatus;
  transactionCode: string | null;
  /** Python for people to read. */
  seleniumScript: string | null;
  /** A JSON array of commands, in text. */
  seleniumScriptJson: string | null;
}

type Given<T, Required extends keyof T> = Pick<T, Required> & { [K in keyof T]?: T[K] | undefined };
type Changes<T> = { [K in keyof T]?: T[K] | undefined };

/** The same fields as they are given: the script has been checked. */
type GivenStepFields = Omit<TestStepFields, "seleniumScriptJson"> & { seleniumScriptJson: ScriptText | null };

/** A new script without warnings has none, and one without a verification was not tried. */
export type NewTestStep = Given<GivenStepFields, "description"> & Changes<Warned & Tried>;
export type TestStepChanges = Changes<GivenStepFields & Warned & Tried>;
export type TestCaseChanges = Changes<TestCaseFields>;

/** A generator's remarks on sentences that it did not understand, or that ask for data. */
interface Warned {
  /** In words for the author. */
  warnings: string[];
}

/** The outcome of a step's sentences on the page on which they were generated. */
interface Tried {
  /** Null where none was tried, or a person has changed the script since. */
  verification: Verification | null;
}

type NewCaseFields = Given<TestCaseFields, "name"> & {
  /** @defaultValue none */
  warnings?: string[];
  /**
   * The generator that wrote the case.
   * @defaultValue a person did
   */
  generator?: string | null;
  /**
   * The run that generated the case on the open page, and belongs to it from then on.
   * @defaultValue none
   */
  generationRunId?: string | undefined;
};
/** Steps without a number get that of their place. */
export type NewTestCase = NewCaseFields & { steps: NewTestStep[] };
export type NumberedTestCase = NewCaseFields & { steps: NumberedTestStep[] };
export type NumberedTestStep = NewTestStep & { stepNumber: number };

export interface StoredTestStep extends TestStepFields, Warned, Tried {
  id: number;
  testCaseId: number;
  executionStatus: ExecutionStatus;
  executionTimeMs: number | null;
  lastExecutedAt: Date | null;
  errorMessage: string | null;
}

export interface TestCaseSummary extends TestCaseFields {
  id: number;
  /** The generator's remarks on the whole description of the case that it wrote. */
  warnings: string[];
  generator: string | null;
  stepsCount: number;
  createdAt: Date;
  updatedAt: Date;
}

export interface StoredTestCase extends TestCaseSummary {
  /** The case's steps in the order of their numbers. */
  steps: StoredTestStep[];
}

/** The cases that somebody looks for. */
export interface TestCaseQuery {
  limit: number;
  /** The id that the page before ended with. */
  before?: number | undefined;
  /** A text in the name or description. */
  search?: string | undefined;
  tag?: string | undefined;
}

/** A step by its id within its case. */
export interface StepKey {
  testCaseId: number;
  stepId: number;
}

/** The cases that were made by a request with a key, in their order, and that request's content. */
export interface KeyedTestCases {
  /** At least one. */
  testCases: TestCaseSummary[];
  asked: string;
}

/**
 * Test cases and their steps. Methods that change something throw an AppError `test_case_not_found` or
 * `step_not_found` when it does not exist, and `conflict` when something that a run under way needs would go.
 *
 * A step put on a number that is taken moves the steps from there on up by one; a step that leaves its number,
 * deleted or moved, moves the steps after it down by one. Free numbers are taken as given.
 */
export interface TestCaseStore {
  /** Newest first. */
  listTestCases(query: TestCaseQuery): Promise<TestCaseSummary[]>;
  findTestCase(id: number): Promise<StoredTestCase | undefined>;
  /** Saves the case and all its steps, whose numbers differ, in one transaction. */
  createTestCase(testCase: NumberedTestCase): Promise<StoredTestCase>;
  /**
   * Saves several cases with all their steps in one transaction.
   *
   * @param once the request that makes them, if it has a key
   * @returns undefined when the principal has cases with this key already, and nothing was saved
   */
  createTestCases(
    testCases: NumberedTestCase[],
    once: KeyedRequest | undefined,
  ): Promise<StoredTestCase[] | undefined>;
  /** The cases that a principal's request with a key made in the last 24 hours. */
  findTestCasesOfRequest(request: RequestKey): Promise<KeyedTestCases | undefined>;
  updateTestCase(id: number, changes: TestCaseChanges): Promise<StoredTestCase>;
  /** Deletes the case, its steps, its runs and their artifacts, files included. */
  deleteTestCase(id: number): Promise<void>;
  findStep(stepId: number): Promise<StoredTestStep | undefined>;
  /** A step without a number becomes the last one. */
  addStep(testCaseId: number, step: NewTestStep): Promise<StoredTestStep>;
  updateStep(key: StepKey, changes: TestStepChanges): Promise<StoredTestStep>;
  deleteStep(key: StepKey): Promise<void>;
}

/** The base URL, variables and secrets that a run is given. */
export interface EnvironmentFields {
  name: string;
  /** The address that the paths of `navigate` and `new_window` belong to. */
  baseUrl: string | null;
  /** Values of `${env.NAME}` by their names. */
  variables: Record<string, string>;
  /** Names that the server has secrets under, by the names that scripts have for them. */
  secrets: Record<string, string>;
}
export type NewEnvironment = Given<EnvironmentFields, "name">;
export type EnvironmentChanges = Changes<EnvironmentFields>;

export interface StoredEnvironment extends EnvironmentFields {
  id: number;
  createdAt: Date;
  updatedAt: Date;
}

/**
 * Environments by their names. Changes throw an AppError `environment_not_found` when there is none, and `conflict` when
 * the name is taken, or when cases or schedules have the environment that is to go.
 */
export interface EnvironmentStore {
  /** In the order of their names. */
  listEnvironments(): Promise<StoredEnvironment[]>;
  findEnvironment(name: string): Promise<StoredEnvironment | undefined>;
  createEnvironment(environment: NewEnvironment): Promise<StoredEnvironment>;
  /** Cases and schedules that have the environment have it under its new name, too. */
  updateEnvironment(name: string, changes: EnvironmentChanges): Promise<StoredEnvironment>;
  deleteEnvironment(name: string): Promise<void>;
}

/** Everything that is stored. */
export interface StoredContent {
  cases: readonly StoredTestCase[];
  environments: readonly StoredEnvironment[];
}

/** The change that a plan makes to one step of a case. */
export type StepMatch =
  | { kind: "same" | "changed"; number: number; before: StoredTestStep; step: NumberedTestStep }
  | { kind: "created"; number: number; step: NumberedTestStep }
  | { kind: "deleted"; number: number; before: StoredTestStep };

/** A stored case, and how it changes. */
export interface CaseChange {
  before: StoredTestCase;
  fields: Partial<TestCaseFields>;
  steps: StepMatch[];
}

/** All that an import does. */
export interface ImportPlan {
  createEnvironments: NewEnvironment[];
  changeEnvironments: NewEnvironment[];
  create: NumberedTestCase[];
  change: CaseChange[];
  delete: StoredTestCase[];
}

/** Everything at once, for files. */
export interface ImportStore {
  readContent(): Promise<StoredContent>;
  /**
   * Carries a plan out whole or not at all.
   *
   * @throws AppError `conflict` when a case was changed since it was read, or a run of one that is to go is under way.
   */
  applyPlan(plan: ImportPlan): Promise<void>;
}

export interface Stats {
  testCases: Record<TestCaseStatus, number>;
  testSteps: Record<ExecutionStatus, number>;
  runs: Record<RunStatus, number>;
  /** Runs that passed, but not at the first attempt. */
  flakyRuns: number;
}

export interface StatsReader {
  readStats(): Promise<Stats>;
}

export interface StoredRun {
  id: string;
  kind: "step" | "case" | "generation";
  /** Null for a generation that has saved no case. */
  testCaseId: number | null;
  testStepId: number | null;
  status: RunStatus;
  onFailure: OnFailure;
  requestId: string | null;
  /** Who started it; unknown for runs from before that was stored. */
  principal: string | null;
  /** Name that its environment had; null for none. */
  environment: string | null;
  /** The browser that was asked for, and its version; null for the server's own, in any version. */
  browser: BrowserName | null;
  browserVersion: string | null;
  errorMessage: string | null;
  attempts: number;
  flaky: boolean;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** The runs that somebody looks for; what is not given may be anything. */
export interface RunFilter {
  kind?: StoredRun["kind"] | undefined;
  testCaseId?: number | undefined;
  /** Runs of the step by itself. */
  testStepId?: number | undefined;
  status?: RunStatus | undefined;
  flaky?: boolean | undefined;
  principal?: string | undefined;
  /** Started not before. */
  since?: Date | undefined;
  /** Started before. */
  until?: Date | undefined;
}

/** The place of a run in a list, newest first. */
export type RunPlace = Pick<StoredRun, "createdAt" | "id">;

export interface RunReader {
  findRun(id: string): Promise<StoredRun | undefined>;
  /** Newest first. @param page.before the run that the page before ended with */
  listRuns(filter: RunFilter, page: { limit: number; before: RunPlace | undefined }): Promise<StoredRun[]>;
  /** The first `limit` events with a number above `afterSeq`, in order. */
  findEvents(runId: string, range: { afterSeq: number; limit: number }): Promise<RunEvent[]>;
}

export interface StoredArtifact {
  id: string;
  runId: string;
  testStepId: number | null;
  kind: ArtifactKind;
  mediaType: string;
  /** A name for people, or that of a downloaded file or of a baseline. */
  name: string | null;
  /** Of a picture that is compared with a baseline: the browser, viewport and scale that both are of. */
  variant: string | null;
  /** Its id with the extension of its media type. */
  fileName: string;
  /** Bytes. */
  size: number;
  /** The time at which its file was first found to be gone; null while it is there, for all that is known. */
  missingSince: Date | null;
}

/** A file that is open until it was read to its end or closed. */
export interface OpenFile {
  /** The file, or a part of it. To be called once. @param range of bytes, both ends included */
  read(range?: { start?: number; end?: number }): Readable;
  close(): Promise<void>;
}

export type ArtifactContent = StoredArtifact & OpenFile;

export interface ArtifactReader {
  /** `undefined` when there is no such artifact; its file may be gone. */
  findArtifact(id: string): Promise<StoredArtifact | undefined>;
  /** `undefined` when there is no such artifact, or its file is gone or is no plain file, such as a link. */
  openArtifact(id: string): Promise<ArtifactContent | undefined>;
  /** The artifacts of a run, oldest first. */
  listArtifacts(runId: string): Promise<StoredArtifact[]>;
}

/** A picture that `verify_screenshot` compares a page with. */
export interface StoredBaseline {
  id: string;
  testCaseId: number;
  /** The name that commands have for it. */
  name: string;
  /** The browser, viewport and scale that it is of, such as `chrome-1280x720@1`. */
  variant: string;
  /** Size of its file. */
  bytes: number;
  acceptedAt: Date;
  /** Who accepted it. */
  acceptedBy: string | null;
}

/** The artifact that becomes a baseline, and who accepts it. */
export interface NewBaseline extends Pick<StoredBaseline, "testCaseId" | "name" | "variant" | "acceptedBy"> {
  artifactId: string;
}

/** Pictures that people have accepted. They are kept for as long as their test case, whatever becomes of runs. */
export interface BaselineStore {
  /** By their names and variants. */
  listBaselines(testCaseId: number): Promise<StoredBaseline[]>;
  /**
   * Copies an artifact's file, in place of the baseline with the same name and variant where there is one.
   *
   * @returns nothing when the artifact, or its file, is gone
   */
  saveBaseline(baseline: NewBaseline): Promise<StoredBaseline | undefined>;
  /** @returns whether there was such a baseline */
  deleteBaseline(testCaseId: number, id: string): Promise<boolean>;
  /** `undefined` when there is no such baseline, or its file is gone. */
  openBaseline(testCaseId: number, id: string): Promise<OpenFile | undefined>;
}

/** A script that was generated for a step. */
export interface GeneratedScript {
  commands: Script;
  /** The same as Python, for people to read. */
  seleniumScript: string;
  generator: GeneratorName;
  /** The sentences that were not understood, in words for the author. */
  warnings: string[];
  /** Of every call of a language model; missing where there was none. */
  aiUsage?: AiUsage;
}

export interface StepScriptRequest {
  description: string;
  expectedResult: string;
  signal: AbortSignal;
  /** The name of the person or program that asked for it. @defaultValue nobody in particular */
  principal?: string | undefined;
  /** The caller's logger, which knows the connection; the generator's own unless given. */
  log?: Logger | undefined;
}

/** Writes the script of one step, which the caller saves. */
export interface ScriptGenerator {
  /** @throws AppError `invalid_description` or one of the `ai_…` codes; the signal's reason once it is aborted. */
  generateStepScript(request: StepScriptRequest): Promise<GeneratedScript>;
}
