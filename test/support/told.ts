import type { GenerationContext, GeneratedCase, Generator, ToldCase } from "../../src/generation/ports.js";
import { toldCases } from "../../src/generation/told-cases.js";

/** The first case of a description, as a generator gets it. */
export function told(description: string): ToldCase {
  const [first] = toldCases(description).cases;
  if (first === undefined) throw new Error("the description has no case");
  return first;
}

/** A generator that reads descriptions itself, for tests with a single case in each. */
export function fromDescriptions(generator: Generator) {
  return {
    generateCase: async (description: string, context: GenerationContext): Promise<GeneratedCase> =>
      generator.generateCase(told(description), context),
    generateStep: generator.generateStep.bind(generator),
  };
}
