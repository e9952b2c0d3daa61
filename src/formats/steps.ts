import { itemsOf } from "./items.js";
import { isNothing } from "./nothing.js";
import { emptyStep, type IncomingStep, type PlacedText, type TestData } from "./ports.js";
import { dataOf } from "./test-data.js";

/** A step with the number that the document gives it. */
export interface NumberedStep {
  step: IncomingStep;
  number?: number | undefined;
}

/** The parts of a row that tell of its steps, each perhaps with a list in it. */
export interface ToldSteps {
  actions: PlacedText[];
  expected: PlacedText[];
  data: PlacedText[];
}

/** The steps of a row: as many as its cell for what is done has list items. */
export function stepsOf({ actions, expected, data }: ToldSteps): {
  steps: IncomingStep[];
  /** Values that belong to several steps. */
  data: TestData[];
  warnings: string[];
} {
  const numbered = itemsOf(actions).map(({ lines, number }): NumberedStep => ({
    number,
    step: { ...emptyStep(true), sentences: lines },
  }));
  const values = dataOf(data);
  if (numbered.length === 0 && expected.length + values.length > 0) numbered.push({ step: emptyStep(true) });
  const warnings = attachExpected(numbered, expected);
  const steps = numbered.map(({ step }) => step);
  const [only] = steps;
  if (only === undefined || steps.length > 1) return { steps, data: values, warnings };
  only.data = values;
  return { steps, data: [], warnings };
}

/**
 * Gives the steps what is expected after them. Numbered results belong to the steps with their numbers where there are as
 * many of them; else all of them are seen after the last step.
 *
 * @returns what the author has to know about it
 */
export function attachExpected(steps: NumberedStep[], expected: PlacedText[]): string[] {
  const results = itemsOf(expected);
  const isNumbered = results.length > 1 && results.every(({ number }) => number !== undefined);
  const isPaired =
    isNumbered &&
    results.length === steps.length &&
    results.every(({ number }, at) => number === steps[at]?.number);
  for (const [at, { lines }] of results.entries()) {
    const told = lines.filter(({ text }) => !isNothing(text));
    (isPaired ? steps[at] : steps.at(-1))?.step.expected.push(...told);
  }
  if (!isNumbered || isPaired || steps.length < 2) return [];
  return [
    `Line ${expected[0]?.place.line ?? 1}: the ${results.length} expected results have other numbers than the ` +
      `${steps.length} steps, so all of them are checked after the last step. Give each step one to check it there.`,
  ];
}

export function isEmpty({ sentences, expected, data }: IncomingStep): boolean {
  return sentences.length + expected.length + data.length === 0;
}
