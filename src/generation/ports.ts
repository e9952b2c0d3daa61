import type { Logger } from "pino";
import type {
  KeyedTestCases,
  NewTestCase,
  StepKey,
  StoredTestCase,
  StoredTestStep,
  TestStepChanges,
} from "../cases/ports.js";
import type { GenerationTask } from "../execution/ports.js";
import type { IncomingCase } from "../formats/ports.js";
import type { Script } from "../protocol/commands.js";
import type { AskedFields, KeyedRequest, RequestKey } from "../protocol/idempotency.js";
import type { DescriptionFormat, GeneratorName } from "../protocol/messages.js";

/** A test case that is to be written, as its document tells of it. */
export interface ToldCase extends IncomingCase {
  format: DescriptionFormat;
  /** The author's own text of it. */
  description: string;
}

/** A step as a generator writes it. Its commands have passed the command schemas. */
export interface GeneratedStep {
  description: string;
  expectedResult: string;
  commands: Script;
  /** Its sentences that were not understood or ask for data, in words for the author. @defaultValue none */
  warnings?: string[];
}

export interface GeneratedCase {
  steps: GeneratedStep[];
  /** The sentences that were not understood, in words for the author. */
  warnings: string[];
}

export interface GenerationContext {
  signal: AbortSignal;
  log: Logger;
}

/**
 * Writes steps from plain English.
 * Both methods throw an AppError whose code says what to do about it: `invalid_description` or one of the
 * `ai_…` codes.
 */
export interface Generator {
  readonly name: GeneratorName;
  generateCase(told: ToldCase, context: GenerationContext): Promise<GeneratedCase>;
  /** Writes the commands of one existing step. */
  generateStep(
    step: { description: string; expectedResult: string },
    context: GenerationContext,
  ): Promise<{ commands: Script; warnings: string[] }>;
}

/** Where generated cases are stored, with what else is a case: the case service. */
export interface CaseKeeper {
  /**
   * Saves cases with all their steps, or nothing.
   *
   * @returns undefined when a request with this key has made cases already, and nothing was saved
   */
  createAll(testCases: NewTestCase[], once: KeyedRequest | undefined): Promise<StoredTestCase[] | undefined>;
  /** The cases that a request with a key made in the last 24 hours. */
  findMadeBy(request: RequestKey): Promise<KeyedTestCases | undefined>;
}

/** A case that was generated and is stored. */
export interface GeneratedTestCase {
  testCaseId: number;
  testCaseName: string;
  stepsCount: number;
  /** The address at which the frontend shows the case. */
  redirectUrl: string;
}

/** The cases that were generated of one description; the fields of its first case stand for all where there is one. */
export interface Generation extends GeneratedTestCase {
  generator: GeneratorName;
  /** The format that the description was found to be in. */
  format: DescriptionFormat;
  /** Of all cases. */
  warnings: string[];
  /** All of them, in the order of the description. */
  testCases: GeneratedTestCase[];
}

/** The steps that scripts are written for: the case service. Its methods throw an AppError for what does not exist. */
export interface StepKeeper {
  read(testCaseId: number): Promise<StoredTestCase>;
  readStep(stepId: number): Promise<StoredTestStep>;
  updateStep(key: StepKey, changes: TestStepChanges): Promise<StoredTestStep>;
}

/** The wishes of somebody who starts a generation on the open page. */
export interface PageRequest {
  /** The page that is opened first. */
  startUrl?: string | undefined;
  /** Name of the environment of the run. @defaultValue that of the step's case */
  environment?: string | undefined;
  /** Values of `${env.NAME}`, before those of the environment. */
  variables?: Readonly<Record<string, string>> | undefined;
  requestId?: string | undefined;
  principal?: string | undefined;
  idempotencyKey?: string | undefined;
  /** In milliseconds; the server's own unless given. */
  stepTimeoutMs?: number | undefined;
  runTimeoutMs?: number | undefined;
}

export type CaseOnPageRequest = PageRequest & { description: string };

/** Generations on the open page, each of which is a run. Both methods throw an AppError when none can be started. */
export interface PageGeneration {
  /** @returns the id of the run that writes the case */
  startCase(request: CaseOnPageRequest): Promise<string>;
  /** @returns the id of the run that writes the script; undefined where nothing opens a page for the step */
  startStep(stepId: number, request: PageRequest): Promise<string | undefined>;
}

/** Where generations become runs: the execution service. */
export interface GenerationRuns {
  /** @returns the run's id @throws AppError when it cannot be started */
  startGeneration(
    task: GenerationTask,
    subject: { testCaseId: number | null; testStepId: number | null; asked: AskedFields },
    request: Omit<PageRequest, "startUrl">,
  ): Promise<string>;
}
