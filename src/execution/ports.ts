import type { ArtifactKind, OnFailure, RunEvent, Verdict } from "../protocol/messages.js";
import type { Page } from "../runner/ports.js";

/** A test step as execution needs it. */
export interface StepRecord {
  id: number;
  testCaseId: number;
  stepNumber: number;
  description: string;
  expectedResult: string;
  /** `selenium_script_json` as stored: text that has yet to be parsed, or nothing. */
  script: string | null;
}

export type RunKind = "step" | "case";

export interface NewRun {
  id: string;
  kind: RunKind;
  testCaseId: number;
  /** The step of a run of kind `step`. */
  testStepId: number | null;
  onFailure: OnFailure;
  requestId: string | null;
  createdAt: Date;
}

export interface StepResult {
  stepId: number;
  verdict: Verdict;
  executionTimeMs: number;
  errorMessage: string | null;
  /** Set only when the step passed; otherwise the stored actual result stays as it is. */
  actualResult: string | null;
  executedAt: Date;
}

export interface RunResult {
  runId: string;
  verdict: Verdict;
  errorMessage: string | null;
  finishedAt: Date;
}

/** Events in the order in which they are numbered, of one or more runs, with the verdicts that they announce. */
export interface EventBatch {
  events: RunEvent[];
  steps: StepResult[];
  runs: RunResult[];
}

/** A run that a stopped server left behind. */
export interface UnfinishedRun {
  id: string;
  kind: RunKind;
  testCaseId: number;
  testStepId: number | null;
  requestId: string | null;
  /** Every event stored so far, in order. */
  events: RunEvent[];
}

/** What execution reads and saves. Every method rejects only when the database does. */
export interface ExecutionStore {
  findStep(stepId: number): Promise<StepRecord | undefined>;
  /** The steps of a case in the order of their numbers; `undefined` when there is no such case. */
  findSteps(testCaseId: number): Promise<StepRecord[] | undefined>;
  createRun(run: NewRun): Promise<void>;
  startRun(runId: string, startedAt: Date): Promise<void>;
  /** Sets a step's `execution_status` to `running`. */
  startStep(stepId: number): Promise<void>;
  /** Saves events, and the verdicts they announce, in one transaction; resolves once they are durable. */
  append(batch: EventBatch): Promise<void>;
  /** Runs that are `queued` or `running` in the database. */
  findUnfinishedRuns(): Promise<UnfinishedRun[]>;
}

/** Something kept from a run, as bytes. */
export interface NewArtifact {
  runId: string;
  stepId: number;
  kind: ArtifactKind;
  mediaType: "image/jpeg" | "text/html";
  bytes: Uint8Array;
}

export interface ArtifactStore {
  /** Stores an artifact and answers with the path that serves it, such as `/api/artifacts/…`. */
  save(artifact: NewArtifact): Promise<string>;
}

/** One isolated browser context, held by one run. */
export interface BrowserSession {
  readonly page: Page;
  /** Aborted, with an error that says why, when the browser is gone. */
  readonly lost: AbortSignal;
  /**
   * Destroys the context. Never rejects and takes at most a few seconds, whatever the page does; closing it
   * again waits for the same.
   */
  close(): Promise<void>;
}

export interface BrowserPool {
  /** How many sessions may be held at the same time. */
  readonly size: number;
  /**
   * Takes a fresh session.
   *
   * @throws Error whose message is written for users, with the remedy, when no browser can be had.
   */
  acquire(signal: AbortSignal): Promise<BrowserSession>;
}
