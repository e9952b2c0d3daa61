import { doneText, expectedText } from "../../formats/case-text.js";
import type { IncomingStep } from "../../formats/ports.js";
import type { GeneratedStep, ToldCase } from "../ports.js";

/**
 * The steps of a document, as the model gets them: numbered rows. Its answer says of each step which rows it carries out,
 * so that none is lost, and what was expected of them stays in the author's words.
 */
export function rowsOf(told: ToldCase): Record<string, unknown> {
  return {
    ...(told.name !== undefined && { name: told.name }),
    ...(told.preconditions.length > 0 && { preconditions: told.preconditions.map(({ text }) => text) }),
    ...(told.data.length > 0 && {
      test_data: told.data.map(({ label, text }) => ({ name: label ?? "", value: text })),
    }),
    ...(told.details.length > 0 && { details: told.details.map(({ text }) => text) }),
    rows: told.steps.map((step, index) => ({
      row: index + 1,
      description: doneText(step),
      expected_result: expectedText(step),
    })),
  };
}

/** Tells if a case has steps of its own, and is not only prose for the model to divide. */
export function hasRows({ format, steps, preconditions, name }: ToldCase): boolean {
  return (
    format !== "text" ||
    steps.some(({ isWhole }) => isWhole) ||
    preconditions.length > 0 ||
    name !== undefined
  );
}

/** A step of an answer with the numbers of its rows. */
export interface StepOfRows extends GeneratedStep {
  rows: number[];
}

/** The faults of an answer in its rows, in words for the model; empty where each of them is in one step. */
export function problemsWithRows(steps: StepOfRows[], told: IncomingStep[]): string[] {
  const named = steps.flatMap(({ rows }) => rows);
  const isInOrder = named.length === told.length && named.every((row, index) => row === index + 1);
  if (!isInOrder) {
    return [
      `The "rows" of all steps together have to be 1 to ${told.length}, each once and in order; they are ` +
        `${named.slice(0, 50).join(", ")}.`,
    ];
  }
  return steps.flatMap(({ rows }, index) =>
    index === 0 || rows.length === 1 || rows.every((row) => told[row - 1]?.isWhole === false)
      ? []
      : [`Step ${index + 1}: only step 1 may hold several rows; rows ${rows.join(", ")} are a step each.`],
  );
}

/** The steps with what the author expected of their rows. */
export function withExpected(steps: StepOfRows[], told: IncomingStep[]): GeneratedStep[] {
  return steps.map(({ rows, ...step }) => {
    const expected = rows
      .map((row) => told[row - 1])
      .map((one) => (one === undefined ? "" : expectedText(one)));
    const written = expected.filter((text) => text !== "");
    return written.length === 0 ? step : { ...step, expectedResult: written.join("\n") };
  });
}
