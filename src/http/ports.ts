import type { Readable } from "node:stream";
import type { Logger } from "pino";
import type { AuditStore, Login } from "../auth/ports.js";
import type { Sessions } from "../auth/sessions.js";
import type { SetupCode } from "../auth/setup-code.js";
import type { Tokens } from "../auth/tokens.js";
import type { RunFeed } from "../execution/ports.js";
import type { GeneratedScript, GeneratedTestCase } from "../generation/ports.js";
import type { ArtifactKind, OnFailure, RunEvent, Verdict } from "../protocol/messages.js";

export type TestCaseStatus = "draft" | "approved" | "in_progress" | "completed" | "failed";
export type TestStepStatus = "not_started" | "passed" | "failed" | "blocked";
export type ExecutionStatus = "not_run" | "running" | Verdict;
export type RunStatus = "queued" | "running" | Verdict;

/** What a person may set of a test case. */
export interface TestCaseFields {
  name: string;
  description: string;
  status: TestCaseStatus;
  assignedTo: string | null;
  requirements: string | null;
  testCaseVersion: string | null;
}

/** What a person may set of a test step. */
export interface TestStepFields {
  stepNumber: number;
  description: string;
  expectedResult: string;
  actualResult: string | null;
  status: TestStepStatus;
  transactionCode: string | null;
  /** Python for people to read. */
  seleniumScript: string | null;
  /** A JSON array of commands, in text, that has passed the schemas. */
  seleniumScriptJson: string | null;
}

type Given<T, Required extends keyof T> = Pick<T, Required> & { [K in keyof T]?: T[K] | undefined };
type Changes<T> = { [K in keyof T]?: T[K] | undefined };

export type NewTestStep = Given<TestStepFields, "description">;
export type NewTestCase = Given<TestCaseFields, "name"> & { steps: NewTestStep[] };
export type TestCaseChanges = Changes<TestCaseFields>;
export type TestStepChanges = Changes<TestStepFields>;

export interface StoredTestStep extends TestStepFields {
  id: number;
  testCaseId: number;
  executionStatus: ExecutionStatus;
  executionTimeMs: number | null;
  lastExecutedAt: Date | null;
  errorMessage: string | null;
}

export interface TestCaseSummary extends TestCaseFields {
  id: number;
  generator: string | null;
  stepsCount: number;
  createdAt: Date;
  updatedAt: Date;
}

export interface StoredTestCase extends TestCaseSummary {
  /** In the order of their numbers. */
  steps: StoredTestStep[];
}

/** A step by its id within its case. */
export interface StepKey {
  testCaseId: number;
  stepId: number;
}

/**
 * Test cases and their steps. Methods that change something throw an AppError `test_case_not_found` or
 * `step_not_found` when it does not exist, and `conflict` when something that a run under way needs would go.
 *
 * A step put on a number that is taken moves the steps from there on up by one; a step that leaves its number,
 * deleted or moved, moves the steps after it down by one. Free numbers are taken as given.
 */
export interface TestCaseStore {
  /** Newest first; `before` is the id that the page before ended with. */
  listTestCases(page: { limit: number; before: number | undefined }): Promise<TestCaseSummary[]>;
  findTestCase(id: number): Promise<StoredTestCase | undefined>;
  /** Saves the case and all its steps in one transaction. Steps without a number are numbered by their place. */
  createTestCase(testCase: NewTestCase): Promise<StoredTestCase>;
  updateTestCase(id: number, changes: TestCaseChanges): Promise<StoredTestCase>;
  /** Deletes the case, its steps, its runs and their artifacts, files included. */
  deleteTestCase(id: number): Promise<void>;
  findStep(stepId: number): Promise<StoredTestStep | undefined>;
  /** A step without a number becomes the last one. */
  addStep(testCaseId: number, step: NewTestStep): Promise<StoredTestStep>;
  updateStep(key: StepKey, changes: TestStepChanges): Promise<StoredTestStep>;
  deleteStep(key: StepKey): Promise<void>;
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
  kind: "step" | "case";
  testCaseId: number;
  testStepId: number | null;
  status: RunStatus;
  onFailure: OnFailure;
  requestId: string | null;
  errorMessage: string | null;
  attempts: number;
  flaky: boolean;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

export interface RunReader {
  findRun(id: string): Promise<StoredRun | undefined>;
  /** The first `limit` events with a number above `afterSeq`, in order. */
  findEvents(runId: string, range: { afterSeq: number; limit: number }): Promise<RunEvent[]>;
}

export interface StoredArtifact {
  id: string;
  kind: ArtifactKind;
  mediaType: string;
  /** What people call it, or the name of a downloaded file. */
  name: string | null;
  /** Its id with the extension of its media type. */
  fileName: string;
  /** Bytes. */
  size: number;
  /** When its file was first found to be gone; null while it is there, for all that is known. */
  missingSince: Date | null;
}

/** An artifact whose file is open, until it was read to its end or closed. */
export interface ArtifactContent extends StoredArtifact {
  /** Path of the file on this machine. Only {@link read} is sure to read that file. */
  path: string;
  /** The file, or a part of it. To be called once. @param range of bytes, both ends included */
  read(range?: { start?: number; end?: number }): Readable;
  close(): Promise<void>;
}

export interface ArtifactReader {
  /** `undefined` when there is no such artifact; its file may be gone. */
  findArtifact(id: string): Promise<StoredArtifact | undefined>;
  /** `undefined` when there is no such artifact, or its file is gone or is no plain file, such as a link. */
  openArtifact(id: string): Promise<ArtifactContent | undefined>;
  /** The artifacts of a run, oldest first. */
  listArtifacts(runId: string): Promise<StoredArtifact[]>;
}

interface GenerationOptions {
  signal: AbortSignal;
  log: Logger;
}

/** Writes test cases and scripts. Both methods throw an AppError that says what to do about it. */
export interface GenerationService {
  generateTestCase(
    request: GenerationOptions & {
      description: string;
      /** Names what is asked for, so that it is not made a second time for its principal. */
      idempotencyKey?: string | undefined;
      principal?: string | undefined;
    },
  ): Promise<GeneratedTestCase>;
  generateStepScript(
    request: GenerationOptions & { description: string; expectedResult: string },
  ): Promise<GeneratedScript>;
}

/** Each probe resolves when its part is fit to serve, and rejects with a message for the operator. */
export interface ReadinessProbes {
  database(signal: AbortSignal): Promise<void>;
  browser(signal: AbortSignal): Promise<void>;
  /** @defaultValue not looked at */
  disk?(signal: AbortSignal): Promise<void>;
}

/** Everything that the REST side needs. */
export interface HttpDependencies {
  testCases: TestCaseStore;
  stats: StatsReader;
  runs: RunReader;
  feed: RunFeed;
  artifacts: ArtifactReader;
  generation: GenerationService;
  readiness: ReadinessProbes;
  /** Counts generations of a principal. It throws an AppError `rate_limited` when there were too many. */
  admitGeneration(principal: string, count: number): Promise<void>;
  /** Aborted when the server stops. */
  stopping: AbortSignal;
  login: Login;
  tokens: Tokens;
  setupCode: SetupCode;
  sessions: Sessions;
  auditReader: Pick<AuditStore, "listAudit">;
  /**
   * How long a readiness probe may take, in milliseconds.
   * @defaultValue 3000
   */
  readinessDeadline?: number;
  log: Logger;
}
