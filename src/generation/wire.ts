import type { z } from "zod";
import type { GENERATED } from "../protocol/generation-messages.js";
import type { GeneratedTestCase, Generation } from "./ports.js";

type Wire = z.infer<z.ZodObject<typeof GENERATED>>;

/** A generation, by the names of the protocol. */
export function generationToWire({
  generator,
  format,
  warnings,
  testCases,
  aiUsage,
  ...first
}: Generation): Wire {
  return {
    success: true,
    ...caseToWire(first),
    steps: untried(first),
    generator,
    format,
    warnings,
    test_cases: testCases.map((one) => ({ ...caseToWire(one), verified: null })),
    ...(aiUsage && { ai_usage: aiUsage }),
  };
}

/** A generated case, by the names of the protocol. */
export function caseToWire(testCase: GeneratedTestCase): Omit<Wire["test_cases"][number], "verified"> {
  return {
    test_case_id: testCase.testCaseId,
    test_case_name: testCase.testCaseName,
    steps_count: testCase.stepsCount,
    redirect_url: testCase.redirectUrl,
  };
}

/** The steps of a case that was not tried on a page. */
function untried({ stepsCount }: GeneratedTestCase): Wire["steps"] {
  return Array.from({ length: stepsCount }, (_, index) => ({ step_number: index + 1, verified: null }));
}
