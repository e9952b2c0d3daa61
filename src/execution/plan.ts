import type { Script } from "../protocol/commands.js";
import { AppError } from "../protocol/errors.js";
import { contentsOf } from "../protocol/script-contents.js";
import { parseScript } from "../protocol/script.js";
import type { ExecutionStore, StepRecord } from "./ports.js";

/** One step of a run with everything that is run for it. */
export interface PlannedStep {
  step: StepRecord;
  /** Commands of step 1 that are run first, in the same browser session. */
  login?: Script;
  commands: Script;
  /** Number of its commands that check something. */
  checks: number;
  /** Why the step cannot be run at all: it is `error` then, and the others are run. */
  fault?: string;
  /** The run's name in words, for `status_update`. */
  title: string;
}

/**
 * A single step: step 1 (login) first, unless it is the step itself, is missing or has no script.
 *
 * @throws AppError `step_not_found`, or why a script cannot be run. Nothing has started then.
 */
export async function planStep(store: ExecutionStore, stepId: number): Promise<PlannedStep> {
  const step = await store.findStep(stepId);
  if (step === undefined) throw new AppError("step_not_found", "Step not found");
  const commands = parseScript(step.script);
  const login = await findLogin(store, step);
  const { checks } = contentsOf(step.script);
  const title = `Executing ${nameOf(step)}...`;
  if (login === undefined) return { step, commands, checks, title };
  return { step, commands, checks, login, title: `Executing Step 1 (Login) + Step ${step.stepNumber}...` };
}

async function findLogin(store: ExecutionStore, step: StepRecord): Promise<Script | undefined> {
  if (step.stepNumber === 1) return undefined;
  const steps = (await store.findSteps(step.testCaseId)) ?? [];
  const login = steps.find(({ stepNumber }) => stepNumber === 1);
  if (!login?.script?.trim()) return undefined;
  return explain("Step 1 (Login) did not pass", () => parseScript(login.script));
}

/**
 * Every step of a case, in the order of their numbers.
 *
 * A step without a script is `error` when its turn comes, and keeps none of the others from being run.
 *
 * @throws AppError `test_case_not_found`, `no_steps`, `no_script` when no step has one, or the first script that is
 * not valid. Nothing has started then.
 */
export async function planCase(
  store: ExecutionStore,
  testCaseId: number,
): Promise<[PlannedStep, ...PlannedStep[]]> {
  const steps = await store.findSteps(testCaseId);
  if (steps === undefined) throw new AppError("test_case_not_found", "Test case not found");
  const planned = steps.map((step) => {
    const commands = explain(`Step ${step.stepNumber}`, () => scriptOf(step, steps));
    const { checks } = contentsOf(step.script);
    const title = `Executing ${nameOf(step)}...`;
    const fault = commands === undefined ? { fault: NO_SCRIPT } : {};
    return { step, commands: commands ?? [], checks, title, ...fault };
  });
  const [first, ...rest] = planned;
  if (first === undefined)
    throw new AppError("no_steps", "The test case has no steps. Add one, then run it again.");
  return [first, ...rest];
}

const NO_SCRIPT = "The step has no script. Add a JSON array of commands, or generate one.";

/** The script of a step; none where it has none and another step has one. */
function scriptOf(step: StepRecord, steps: readonly StepRecord[]): Script | undefined {
  const hasNone = ({ script }: StepRecord): boolean => !script?.trim();
  return hasNone(step) && !steps.every(hasNone) ? undefined : parseScript(step.script);
}

function nameOf(step: StepRecord): string {
  return step.stepNumber === 1 ? "Step 1 (Login)" : `Step ${step.stepNumber}`;
}

function explain<T>(where: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, `${where}: ${error.message}`, { cause: error });
  }
}
