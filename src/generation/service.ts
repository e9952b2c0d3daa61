import { createHash } from "node:crypto";
import type { Logger } from "pino";
import type { GeneratedScript, NewTestCase, ScriptGenerator, StepScriptRequest } from "../cases/ports.js";
import { requireSameRequest, toAsked, type KeyedRequest } from "../protocol/idempotency.js";
import { GeneratorName } from "../protocol/messages.js";
import { scriptTextOf } from "../protocol/script-text.js";
import { caseName, checkDescription, redirectUrl, stage, type GenerationStage } from "./generated-case.js";
import type { CaseKeeper, GeneratedTestCase, Generator } from "./ports.js";
import { renderPython } from "./python-rendering.js";

export interface GenerationServiceOptions {
  generator: Generator;
  cases: CaseKeeper;
  /** The clock that dates the name of a generated case. */
  now: () => Date;
  log: Logger;
}

export interface CaseRequest {
  description: string;
  signal: AbortSignal;
  /** The caller's logger, which knows the connection; the service's own unless given. */
  log?: Logger | undefined;
  /** A case that the principal generated with the same key in the last 24 hours is the answer instead of a new one. */
  idempotencyKey?: string | undefined;
  /**
   * The owner of the request.
   * @defaultValue one that all who have none share
   */
  principal?: string | undefined;
  onProgress?: ((stage: GenerationStage) => void) | undefined;
}

/** Turns descriptions into stored test cases, or into the script of one step. */
export class GenerationService implements ScriptGenerator {
  readonly #generator: Generator;
  readonly #cases: CaseKeeper;
  readonly #now: () => Date;
  readonly #log: Logger;
  /** Requests under way, by principal and idempotency key: one that comes again waits for the same case. */
  readonly #underWay = new Map<string, { asked: string; made: Promise<GeneratedTestCase> }>();

  constructor(options: GenerationServiceOptions) {
    this.#generator = options.generator;
    this.#cases = options.cases;
    this.#now = options.now;
    this.#log = options.log;
  }

  /**
   * Writes a test case and saves it with all its steps, or saves nothing.
   *
   * @throws AppError `invalid_description` or one of the `ai_…` codes; `conflict` when the idempotency key was used
   * for another description; the signal's reason when it aborts before the case is saved; the store's own errors.
   */
  async generateTestCase(request: CaseRequest): Promise<GeneratedTestCase> {
    const once = keyed(request);
    if (once === undefined) return await this.#generate(request, once);
    const name = JSON.stringify([once.principal, once.key]);
    const underWay = this.#underWay.get(name);
    if (underWay !== undefined) {
      requireSameRequest(underWay.asked, once);
      return await underWay.made;
    }
    const made = this.#generateOnce(request, once).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, { asked: once.asked, made });
    return await made;
  }

  async #generateOnce(request: CaseRequest, once: KeyedRequest): Promise<GeneratedTestCase> {
    return (await this.#generatedBefore(once)) ?? (await this.#generate(request, once));
  }

  /** @throws AppError `conflict` when the request with this key asked for something else. */
  async #generatedBefore(once: KeyedRequest): Promise<GeneratedTestCase | undefined> {
    const saved = await this.#cases.findMadeBy(once);
    if (saved === undefined) return undefined;
    requireSameRequest(saved.asked, once);
    const { id, name, stepsCount, generator, warnings } = saved.testCase;
    return {
      testCaseId: id,
      testCaseName: name,
      stepsCount,
      redirectUrl: redirectUrl(id),
      generator: GeneratorName.parse(generator),
      warnings,
    };
  }

  async #generate(request: CaseRequest, once: KeyedRequest | undefined): Promise<GeneratedTestCase> {
    const { description, signal, log = this.#log, onProgress } = request;
    const generator = this.#generator.name;
    const report = (name: Parameters<typeof stage>[0]): void => onProgress?.(stage(name, generator));

    checkDescription(description);
    report("creating");
    report("generating");
    const started = performance.now();
    const { steps, warnings } = await this.#generator.generateCase(description, { signal, log });
    signal.throwIfAborted();

    report("saving");
    const testCaseName = caseName(this.#now());
    const testCase: NewTestCase = {
      name: testCaseName,
      description,
      generator,
      warnings,
      steps: steps.map(({ commands, ...step }) => ({
        ...step,
        seleniumScript: renderPython(commands),
        seleniumScriptJson: scriptTextOf(commands),
      })),
    };
    const saved = await (once === undefined
      ? this.#cases.create(testCase)
      : this.#cases.createOnce(testCase, once));
    if (saved === undefined) {
      // The same request in another process has come first, by a moment.
      const first = once && (await this.#generatedBefore(once));
      if (first !== undefined) return first;
      throw new Error("a generated case could not be saved");
    }
    const testCaseId = saved.id;
    log.info(
      { generator, testCaseId, steps: steps.length, warnings: warnings.length, durationMs: since(started) },
      "test case generated",
    );
    report("complete");
    return {
      testCaseId,
      testCaseName,
      stepsCount: steps.length,
      redirectUrl: redirectUrl(testCaseId),
      generator,
      warnings,
    };
  }

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

/** The request as one that is to be carried out once, if it has a key. It keeps only the description's hash. */
function keyed({ idempotencyKey: key, principal = "", description }: CaseRequest): KeyedRequest | undefined {
  if (key === undefined) return undefined;
  const hash = createHash("sha256").update(description).digest("hex");
  return { principal, key, asked: toAsked({ type: "generate_test_case", description: hash }) };
}

/** The steps of a case that was not tried on a page. */
export function untried({ stepsCount }: GeneratedTestCase): { step_number: number; verified: null }[] {
  return Array.from({ length: stepsCount }, (_, index) => ({ step_number: index + 1, verified: null }));
}

function since(started: number): number {
  return Math.round(performance.now() - started);
}
