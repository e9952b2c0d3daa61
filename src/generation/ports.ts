import type { Logger } from "pino";
import type { Script } from "../protocol/commands.js";
import type { GeneratorName } from "../protocol/messages.js";

/** A step as a generator writes it. Its commands have passed the command schemas. */
export interface GeneratedStep {
  description: string;
  expectedResult: string;
  commands: Script;
}

export interface GeneratedCase {
  steps: GeneratedStep[];
  /** What was not understood, in words for the author. */
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
  generateCase(description: string, context: GenerationContext): Promise<GeneratedCase>;
  /** Writes the commands of one existing step. */
  generateStep(
    step: { description: string; expectedResult: string },
    context: GenerationContext,
  ): Promise<{ commands: Script; warnings: string[] }>;
}

export interface NewGeneratedCase {
  name: string;
  description: string;
  generator: GeneratorName;
  idempotencyKey?: string | undefined;
  steps: (GeneratedStep & { seleniumScript: string })[];
}

export interface GeneratedCaseStore {
  /** Saves the case and all its steps in one transaction; answers with the id of the case. */
  saveGeneratedCase(testCase: NewGeneratedCase): Promise<number>;
  /** The case that was generated with an idempotency key in the last 24 hours; its warnings are not stored. */
  findGeneratedCase(
    idempotencyKey: string,
  ): Promise<Omit<GeneratedTestCase, "redirectUrl" | "warnings"> | undefined>;
}

/** A case that was generated and is stored. */
export interface GeneratedTestCase {
  testCaseId: number;
  testCaseName: string;
  stepsCount: number;
  /** Where the frontend shows the case. */
  redirectUrl: string;
  generator: GeneratorName;
  warnings: string[];
}

/** The script that was generated for a step. */
export interface GeneratedScript {
  commands: Script;
  /** The same as Python, for people to read. */
  seleniumScript: string;
  generator: GeneratorName;
  warnings: string[];
}
