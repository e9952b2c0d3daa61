import type { NumberedTestStep, StepMatch, StoredTestStep } from "./ports.js";

/**
 * Finds for each new step the stored one that it is: one of the same description, otherwise the first that is left. So a
 * step keeps its runs when another is put before it.
 */
export function matchSteps(
  stored: readonly StoredTestStep[],
  given: readonly NumberedTestStep[],
  { isSameScript }: { isSameScript: (a: string | null, b: string | null) => boolean },
): StepMatch[] {
  const left = new Set(stored);
  const found = new Map<NumberedTestStep, StoredTestStep>();
  const take = (step: NumberedTestStep, before: StoredTestStep | undefined) => {
    if (before === undefined) return;
    left.delete(before);
    found.set(step, before);
  };
  for (const step of given)
    take(
      step,
      [...left].find(({ description }) => description === step.description),
    );
  for (const step of given) if (!found.has(step)) take(step, [...left][0]);
  const matches = given.map((step): StepMatch => {
    const before = found.get(step);
    const number = step.stepNumber;
    if (before === undefined) return { kind: "created", number, step };
    const isSame =
      before.stepNumber === number &&
      before.description === step.description &&
      before.expectedResult === (step.expectedResult ?? "") &&
      before.transactionCode === (step.transactionCode ?? null) &&
      isSameScript(before.seleniumScriptJson, step.seleniumScriptJson ?? null);
    return { kind: isSame ? "same" : "changed", number, before, step };
  });
  const deleted = [...left].map((before): StepMatch => ({
    kind: "deleted",
    number: before.stepNumber,
    before,
  }));
  return [...matches, ...deleted];
}
