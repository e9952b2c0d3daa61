import { AppError } from "../protocol/errors.js";
import type { ExecutionStore, RunEnvironment, StepRecord } from "./ports.js";
import type { RunRequest } from "./run-request.js";

/**
 * Finds the environment of a run, the one that it asks for or that its case has, with the variables of its own.
 *
 * @returns undefined when there is neither
 * @throws AppError `environment_not_found`. Nothing has started then.
 */
export async function environmentOf(
  { environment: asked, variables = {} }: RunRequest,
  step: Pick<StepRecord, "environment">,
  store: Pick<ExecutionStore, "findEnvironment">,
): Promise<RunEnvironment | undefined> {
  const name = asked ?? step.environment ?? undefined;
  if (name === undefined) {
    const isEmpty = Object.keys(variables).length === 0;
    return isEmpty ? undefined : { name: null, baseUrl: null, variables, secrets: {} };
  }
  const found = await store.findEnvironment(name);
  if (found !== undefined) return { ...found, variables: { ...found.variables, ...variables } };
  const whose = asked === undefined ? ", which the test case has as its own" : "";
  throw new AppError(
    "environment_not_found",
    `There is no environment '${name}'${whose}. Make it with POST /api/environments or in a case file, or choose another.`,
  );
}
