import { AppError } from "../protocol/errors.js";
import type { NewTestStep, NumberedTestStep } from "./ports.js";

/**
 * Gives each step of a new case that has no number that of its place.
 *
 * @throws AppError `conflict` when two have the same number.
 */
export function numberSteps(steps: readonly NewTestStep[]): NumberedTestStep[] {
  const numbered = steps.map((step, index) => ({ ...step, stepNumber: step.stepNumber ?? index + 1 }));
  if (new Set(numbered.map(({ stepNumber }) => stepNumber)).size < numbered.length) {
    throw new AppError("conflict", "Two of the steps have the same step_number.");
  }
  return numbered;
}
