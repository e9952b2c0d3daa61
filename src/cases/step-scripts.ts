import type { Logger } from "pino";
import { NOT_WAITED_FOR, type UnderWay } from "../async/under-way.js";
import type { Script } from "../protocol/commands.js";
import { AppError } from "../protocol/errors.js";
import type { AiUsage, GeneratorName } from "../protocol/messages.js";
import { scriptTextOf } from "../protocol/script-text.js";
import type { ScriptGenerator, StoredTestCase, StoredTestStep } from "./ports.js";
import type { CaseService } from "./service.js";

/** Errors about one step, which say nothing about the next one. */
const ABOUT_ONE_STEP: ReadonlySet<string> = new Set(["invalid_description", "ai_invalid_answer"]);

export interface WriteScriptsOptions {
  /** Called with the number of scripts before the first is written. It throws when they are too many. */
  admit: (count: number) => Promise<void>;
  signal: AbortSignal;
  /** The name of the person or program that asked for it. @defaultValue nobody in particular */
  principal?: string | undefined;
  log: Logger;
}

export interface WrittenScript {
  /** The step with its new script. */
  step: StoredTestStep;
  commands: Script;
  generator: GeneratorName;
  warnings: string[];
  /** Of every call of a language model; missing where there was none. */
  aiUsage: AiUsage | undefined;
}

export interface WrittenScripts {
  testCase: StoredTestCase;
  /** The number of steps that have a new script. */
  generated: number;
  /** Each begins with the number of its step. */
  warnings: string[];
  /** Steps that were not understood; their scripts stay as they were. */
  errors: { stepId: number; stepNumber: number; code: string; message: string }[];
}

export interface StepScriptsOptions {
  cases: CaseService;
  generator: ScriptGenerator;
  /** Takes the writing in, for the end of a server that waits for it. @defaultValue no end does */
  underWay?: Pick<UnderWay, "carryOut">;
}

/** Writes the scripts of stored steps anew, from their descriptions. */
export class StepScripts {
  readonly #cases: CaseService;
  readonly #generator: ScriptGenerator;
  readonly #underWay: Pick<UnderWay, "carryOut">;

  constructor({ cases, generator, underWay = NOT_WAITED_FOR }: StepScriptsOptions) {
    this.#cases = cases;
    this.#generator = generator;
    this.#underWay = underWay;
  }

  /** @throws AppError `step_not_found`, `server_stopping` while the server drains, or as the generator does. */
  async write(stepId: number, options: WriteScriptsOptions): Promise<WrittenScript> {
    return await this.#underWay.carryOut(async () => {
      const step = await this.#cases.readStep(stepId);
      await options.admit(1);
      return await this.#write(step, options);
    });
  }

  /**
   * Writes one script after the other, and stops at an error that the next step would meet as well.
   *
   * @throws AppError `test_case_not_found`, `no_steps`, `server_stopping` while the server drains, or as the generator
   *   does.
   */
  async writeAll(testCaseId: number, options: WriteScriptsOptions): Promise<WrittenScripts> {
    return await this.#underWay.carryOut(() => this.#writeAll(testCaseId, options));
  }

  async #writeAll(testCaseId: number, options: WriteScriptsOptions): Promise<WrittenScripts> {
    const { steps } = await this.#cases.read(testCaseId);
    if (steps.length === 0) throw new AppError("no_steps", "The test case has no steps.");
    await options.admit(steps.length);
    const warnings: string[] = [];
    const errors: WrittenScripts["errors"] = [];
    for (const step of steps) {
      try {
        const written = await this.#write(step, options);
        warnings.push(...written.warnings.map((warning) => `Step ${step.stepNumber}: ${warning}`));
      } catch (error) {
        if (!(error instanceof AppError && ABOUT_ONE_STEP.has(error.code))) throw error;
        const { code, message } = error;
        errors.push({ stepId: step.id, stepNumber: step.stepNumber, code, message });
      }
    }
    const testCase = await this.#cases.read(testCaseId);
    return { testCase, generated: steps.length - errors.length, warnings, errors };
  }

  async #write(
    { id, testCaseId, description, expectedResult }: StoredTestStep,
    { signal, principal, log }: WriteScriptsOptions,
  ): Promise<WrittenScript> {
    const { commands, seleniumScript, generator, warnings, aiUsage } =
      await this.#generator.generateStepScript({ description, expectedResult, signal, principal, log });
    const step = await this.#cases.updateStep(
      { testCaseId, stepId: id },
      { seleniumScript, seleniumScriptJson: scriptTextOf(commands), warnings },
    );
    return { step, commands, generator, warnings, aiUsage };
  }
}
