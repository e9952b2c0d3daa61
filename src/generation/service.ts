import { createHash } from "node:crypto";
import type { Logger } from "pino";
import { NOT_WAITED_FOR, type UnderWay } from "../async/under-way.js";
import type {
  GeneratedScript,
  NewTestCase,
  ScriptGenerator,
  StepScriptRequest,
  TestCaseSummary,
} from "../cases/ports.js";
import { requireSameRequest, toAsked, type KeyedRequest } from "../protocol/idempotency.js";
import { GeneratorName } from "../protocol/messages.js";
import {
  checkDescription,
  generatedCaseOf,
  limited,
  stage,
  toldFields,
  toStoredSteps,
  type GenerationStage,
} from "./generated-case.js";
import type { CaseKeeper, GeneratedCase, Generation, Generator, ToldCase } from "./ports.js";
import { renderPython } from "./python-rendering.js";
import { UsageTotal } from "./usage/usage-total.js";

export interface GenerationServiceOptions {
  generator: Generator;
  cases: CaseKeeper;
  /** The clock that dates the name of a generated case. */
  now: () => Date;
  /** Takes generations of cases in, for the end of a server that waits for them. @defaultValue no end does */
  underWay?: Pick<UnderWay, "carryOut">;
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
  readonly #underWay: Pick<UnderWay, "carryOut">;
  readonly #log: Logger;
  /** Requests under way, by principal and idempotency key: one that comes again waits for the same cases. */
  readonly #keyed = new Map<string, { asked: string; made: Promise<Generation> }>();

  constructor(options: GenerationServiceOptions) {
    this.#generator = options.generator;
    this.#cases = options.cases;
    this.#now = options.now;
    this.#underWay = options.underWay ?? NOT_WAITED_FOR;
    this.#log = options.log;
  }

  /**
   * Writes the test cases of a description and saves them with all their steps, or saves nothing.
   *
   * @throws AppError `invalid_description` or one of the `ai_…` codes; `conflict` when the idempotency key was used
   * for another description; `server_stopping` while the server drains; the signal's reason when it aborts before the
   * case is saved; the store's own errors.
   */
  async generateTestCase(request: CaseRequest): Promise<Generation> {
    return await this.#underWay.carryOut(() => this.#generateUnlessUnderWay(request));
  }

  async #generateUnlessUnderWay(request: CaseRequest): Promise<Generation> {
    const once = keyed(request);
    if (once === undefined) return await this.#generate(request, once);
    const name = JSON.stringify([once.principal, once.key]);
    const underWay = this.#keyed.get(name);
    if (underWay !== undefined) {
      requireSameRequest(underWay.asked, once);
      return await underWay.made;
    }
    const made = this.#generateOnce(request, once).finally(() => this.#keyed.delete(name));
    this.#keyed.set(name, { asked: once.asked, made });
    return await made;
  }

  async #generateOnce(request: CaseRequest, once: KeyedRequest): Promise<Generation> {
    return (await this.#generatedBefore(request, once)) ?? (await this.#generate(request, once));
  }

  /** @throws AppError `conflict` when the request with this key asked for something else. */
  async #generatedBefore({ description }: CaseRequest, once: KeyedRequest): Promise<Generation | undefined> {
    const saved = await this.#cases.findMadeBy(once);
    const [first] = saved?.testCases ?? [];
    if (saved === undefined || first === undefined) return undefined;
    requireSameRequest(saved.asked, once);
    // The same description is found to be in the same format.
    const { format } = await toldCases(description);
    return toGeneration(saved.testCases, { generator: GeneratorName.parse(first.generator), format });
  }

  async #generate(request: CaseRequest, once: KeyedRequest | undefined): Promise<Generation> {
    const { description, signal, log = this.#log, onProgress } = request;
    const generator = this.#generator.name;
    const usage = new UsageTotal();
    const report = (name: Parameters<typeof stage>[0]): void => {
      const spent = usage.takeUntold();
      onProgress?.({ ...stage(name, generator), ...(spent && { ai_usage: spent }) });
    };

    checkDescription(description);
    report("creating");
    const { format, cases } = await toldCases(description);
    report("generating");
    const started = performance.now();
    const testCases: NewTestCase[] = [];
    for (const [index, told] of cases.entries()) {
      const context = { signal, log, principal: request.principal, onUsage: usage.add };
      const written = await this.#generator.generateCase(told, context);
      testCases.push(this.#toSave(written, { told, index }));
    }
    signal.throwIfAborted();

    report("saving");
    const saved = await this.#cases.createAll(testCases, once);
    if (saved === undefined) {
      // The same request in another process has come first, by a moment.
      const first = once && (await this.#generatedBefore(request, once));
      if (first !== undefined) return first;
      throw new Error("generated cases could not be saved");
    }
    const generation = { ...toGeneration(saved, { generator, format }), aiUsage: usage.all };
    const steps = generation.testCases.reduce((sum, { stepsCount }) => sum + stepsCount, 0);
    const { testCaseId, warnings } = generation;
    const counts = { cases: saved.length, steps, warnings: warnings.length };
    log.info({ generator, format, testCaseId, ...counts, durationMs: since(started) }, "test case generated");
    report("complete");
    return generation;
  }

  #toSave(
    { steps, warnings }: GeneratedCase,
    { told, index }: { told: ToldCase; index: number },
  ): NewTestCase {
    return {
      ...toldFields(told, { now: this.#now(), index }),
      generator: this.#generator.name,
      warnings,
      steps: toStoredSteps(steps),
    };
  }

  async generateStepScript(request: StepScriptRequest): Promise<GeneratedScript> {
    const { description, expectedResult, signal, principal, log = this.#log } = request;
    checkDescription(description);
    const started = performance.now();
    const usage = new UsageTotal();
    const { commands, warnings } = await this.#generator.generateStep(
      { description, expectedResult },
      { signal, log, principal, onUsage: usage.add },
    );
    signal.throwIfAborted();
    const generator = this.#generator.name;
    log.info(
      { generator, commands: commands.length, warnings: warnings.length, durationMs: since(started) },
      "step script generated",
    );
    return {
      commands,
      seleniumScript: renderPython(commands),
      generator,
      warnings,
      ...(usage.all && { aiUsage: usage.all }),
    };
  }
}

/** The request as one that is to be carried out once, if it has a key. It keeps only the description's hash. */
function keyed({ idempotencyKey: key, principal = "", description }: CaseRequest): KeyedRequest | undefined {
  if (key === undefined) return undefined;
  const hash = createHash("sha256").update(description).digest("hex");
  return { principal, key, asked: toAsked({ type: "generate_test_case", description: hash }) };
}

function toGeneration(
  saved: Pick<TestCaseSummary, "id" | "name" | "stepsCount" | "warnings">[],
  found: Pick<Generation, "generator" | "format">,
): Generation {
  const testCases = saved.map(generatedCaseOf);
  const [first] = testCases;
  if (first === undefined) throw new Error("a generation has saved no case");
  return { ...first, ...found, warnings: limited(saved.flatMap(({ warnings }) => warnings)), testCases };
}

function since(started: number): number {
  return Math.round(performance.now() - started);
}

/** The cases that a description tells of; the readers of its formats are loaded at first use. */
async function toldCases(description: string) {
  const told = await import("./told-cases.js");
  return told.toldCases(description);
}
