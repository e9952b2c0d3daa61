import type { Logger } from "pino";
import { AppError } from "../protocol/errors.js";
import { MAX_DESCRIPTION_LENGTH } from "../protocol/limits.js";
import type { GeneratorName } from "../protocol/messages.js";
import type { GeneratedCaseStore, GeneratedScript, GeneratedTestCase, Generator } from "./ports.js";
import { renderPython } from "./python-rendering.js";

export interface GenerationServiceOptions {
  generator: Generator;
  store: GeneratedCaseStore;
  /** The clock that dates the name of a generated case. */
  now: () => Date;
  log: Logger;
}

/** A stage of a generation that begins; the fields of a `generation_progress` message. */
export interface GenerationStage {
  step: number;
  total: number;
  message: string;
  /** Per cent. */
  progress: number;
  generator: GeneratorName;
}

interface GenerationRequest {
  signal: AbortSignal;
  /** The caller's logger, which knows the connection; the service's own unless given. */
  log?: Logger | undefined;
}

export interface CaseRequest extends GenerationRequest {
  description: string;
  /** A case that was generated with the same key in the last 24 hours is the answer instead of a new one. */
  idempotencyKey?: string | undefined;
  onProgress?: ((stage: GenerationStage) => void) | undefined;
}

export interface StepScriptRequest extends GenerationRequest {
  description: string;
  expectedResult: string;
}

const STAGES = {
  creating: { step: 1, progress: 10 },
  generating: { step: 2, progress: 30 },
  saving: { step: 3, progress: 70 },
  complete: { step: 4, progress: 100 },
} as const;

const GENERATING: Record<GeneratorName, string> = {
  openai: "Generating test steps with AI...",
  "plain-english": "Generating test steps from plain English...",
};

/** Turns descriptions into stored test cases, or into the script of one step. */
export class GenerationService {
  readonly #generator: Generator;
  readonly #store: GeneratedCaseStore;
  readonly #now: () => Date;
  readonly #log: Logger;
  /** By idempotency key: a request that comes again waits for the same. */
  readonly #underWay = new Map<string, Promise<GeneratedTestCase>>();

  constructor(options: GenerationServiceOptions) {
    this.#generator = options.generator;
    this.#store = options.store;
    this.#now = options.now;
    this.#log = options.log;
  }

  /**
   * Writes a test case and saves it with all its steps, or saves nothing.
   *
   * @throws AppError `invalid_description` or one of the `ai_…` codes; the signal's reason when it aborts
   * before the case is saved; whatever the store throws.
   */
  async generateTestCase(request: CaseRequest): Promise<GeneratedTestCase> {
    const { idempotencyKey } = request;
    if (idempotencyKey === undefined) return await this.#generate(request);
    const saved = await this.#store.findGeneratedCase(idempotencyKey);
    if (saved) return { ...saved, redirectUrl: redirectUrl(saved.testCaseId), warnings: [] };
    const underWay = this.#underWay.get(idempotencyKey) ?? this.#generate(request);
    this.#underWay.set(idempotencyKey, underWay);
    try {
      return await underWay;
    } finally {
      this.#underWay.delete(idempotencyKey);
    }
  }

  async #generate(request: CaseRequest): Promise<GeneratedTestCase> {
    const { description, signal, log = this.#log, onProgress } = request;
    const generator = this.#generator.name;
    const report = (stage: keyof typeof STAGES, message: string): void =>
      onProgress?.({ ...STAGES[stage], total: 4, message, generator });

    checkDescription(description);
    report("creating", "Creating test case...");
    report("generating", GENERATING[generator]);
    const started = performance.now();
    const { steps, warnings } = await this.#generator.generateCase(description, { signal, log });
    signal.throwIfAborted();

    report("saving", "Saving test steps...");
    const testCaseName = caseName(this.#now());
    const testCaseId = await this.#store.saveGeneratedCase({
      name: testCaseName,
      description,
      generator,
      idempotencyKey: request.idempotencyKey,
      steps: steps.map((step) => ({ ...step, seleniumScript: renderPython(step.commands) })),
    });
    log.info(
      { generator, testCaseId, steps: steps.length, warnings: warnings.length, durationMs: since(started) },
      "test case generated",
    );
    report("complete", "Test case complete");
    return {
      testCaseId,
      testCaseName,
      stepsCount: steps.length,
      redirectUrl: redirectUrl(testCaseId),
      generator,
      warnings,
    };
  }

  /**
   * Writes the script of one step; the caller saves it.
   *
   * @throws AppError as {@link generateTestCase}.
   */
  async generateStepScript(request: StepScriptRequest): Promise<GeneratedScript> {
    const { description, expectedResult, signal, log = this.#log } = request;
    checkDescription(description);
    const started = performance.now();
    const { commands, warnings } = await this.#generator.generateStep(
      { description, expectedResult },
      { signal, log },
    );
    signal.throwIfAborted();
    const generator = this.#generator.name;
    log.info(
      { generator, commands: commands.length, warnings: warnings.length, durationMs: since(started) },
      "step script generated",
    );
    return { commands, seleniumScript: renderPython(commands), generator, warnings };
  }
}

function checkDescription(description: string): void {
  if (description.trim() === "") {
    throw new AppError(
      "invalid_description",
      "The description is empty. Write what the test does, in sentences.",
    );
  }
  if (description.length > MAX_DESCRIPTION_LENGTH) {
    throw new AppError(
      "invalid_description",
      `The description has ${description.length} characters; at most ${MAX_DESCRIPTION_LENGTH} are allowed.`,
    );
  }
}

function caseName(date: Date): string {
  return `Generated Test Case - ${date.toISOString().slice(0, 16).replace("T", " ")}`;
}

function redirectUrl(testCaseId: number): string {
  return `/test-case/${testCaseId}`;
}

function since(started: number): number {
  return Math.round(performance.now() - started);
}
