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
import type { AiUsage, DescriptionFormat, GeneratorName } from "../protocol/messages.js";
import type { PageSnapshot } from "../runner/ports.js";

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
  /** The name of the person or program that asked for it. @defaultValue nobody in particular */
  principal?: string | undefined;
  /** Called with what each call of a language model has taken. @defaultValue nobody is told */
  onUsage?: ((usage: AiUsage) => void) | undefined;
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

/** A sentence about the page that is open, which no rule can place there. */
export interface PageQuestion {
  sentence: string;
  /** An expected result is only checked. */
  role: "done" | "expected";
  snapshot: PageSnapshot;
  /** Commands of the sentence that have passed already. */
  done: Script;
  /** The commands that were tried last, and why they did not pass. */
  failed?: { commands: Script; message: string };
}

/** The commands for what is left of a sentence, or why there are none. */
export type PageReading = { kind: "commands"; commands: Script } | { kind: "unread"; reason: string };

/** Reads sentences with the page in view: a language model. */
export interface PageReader {
  readonly name: GeneratorName;
  /** @throws AppError one of the `ai_…` codes; the signal's reason when it aborts */
  read(question: PageQuestion, context: GenerationContext): Promise<PageReading>;
}

/** A call of a language model. */
export interface AiCall extends Omit<AiUsage, "calls"> {
  at: Date;
  /** Empty for nobody in particular. */
  principal: string;
  model: string;
}

/** The tokens and money that a principal's calls of a model have taken on a day. */
export interface AiUsageOfDay extends AiUsage {
  /** In UTC, such as `2026-01-13`. */
  day: string;
  principal: string;
  model: string;
}

interface UsageSelection {
  /** The first day. */
  since: string;
  /** Everybody's unless given. */
  principal: string | undefined;
}

/** Where calls of language models are stored. */
export interface AiUsageStore {
  addCall(call: AiCall & { day: string }): Promise<void>;
  /** @param principal everybody's unless given */
  sumOf(day: string, principal?: string): Promise<AiUsage>;
  /** The latest day first. */
  listDays(selection: UsageSelection): Promise<AiUsageOfDay[]>;
  /** The latest first. */
  listCalls(selection: UsageSelection & { limit: number }): Promise<AiCall[]>;
}

export interface AiUsageReport {
  /** The model that is asked now. */
  model: string;
  limits: {
    budget?: number | undefined;
    budgetPerPrincipal?: number | undefined;
    tokens?: number | undefined;
    tokensPerPrincipal?: number | undefined;
  };
  /** Everybody's. */
  today: AiUsage;
  items: AiUsageOfDay[];
  calls: AiCall[];
}

/** Tells what calls of language models have taken. */
export interface AiUsageReader {
  /** @param selection.principal everybody's unless given */
  report(selection: { days: number; principal: string | undefined }): Promise<AiUsageReport>;
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
  /** Of every call of a language model; missing where there was none. */
  aiUsage?: AiUsage | undefined;
}

/** The steps that scripts are written for: the case service. Its methods throw an AppError for what does not exist. */
export interface StepKeeper {
  read(testCaseId: number): Promise<StoredTestCase>;
  readStep(stepId: number): Promise<StoredTestStep>;
  updateStep(key: StepKey, changes: TestStepChanges): Promise<StoredTestStep>;
}

/** Takes over what a generation has only offered. */
export interface CheckAcceptance {
  /**
   * Puts a check into the script in the place of the `not_understood` of its sentence, or behind those that were accepted
   * before.
   *
   * @param index of the check among all that are offered for the step, from 0
   * @param by the name of the person or program that accepts it
   * @throws AppError `step_not_found`; `check_not_found`; `conflict` where it is accepted already, or the script is another
   */
  accept(stepId: number, index: number, by: string): Promise<StoredTestStep>;
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
