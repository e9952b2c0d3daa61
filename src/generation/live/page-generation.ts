import { createHash } from "node:crypto";
import type { Logger } from "pino";
import type { StoredTestCase, StoredTestStep } from "../../cases/ports.js";
import { parseScript } from "../../protocol/script.js";
import { readStep } from "../plain-english/plain-english-generator.js";
import { opens } from "../plain-english/steps.js";
import type { TakeSnapshot } from "../../runner/ports.js";
import { checkDescription } from "../generated-case.js";
import type {
  CaseOnPageRequest,
  CaseKeeper,
  GenerationRuns,
  PageGeneration,
  PageReader,
  PageRequest,
  StepKeeper,
} from "../ports.js";
import { refuseStartUrl } from "../named-hosts.js";
import { toldCases } from "../told-cases.js";
import { CaseTask } from "./case-task.js";
import { ModelHelp } from "./model-help.js";
import { StepTask, type EarlierStep } from "./step-task.js";

export interface PageGenerationOptions {
  runs: GenerationRuns;
  takeSnapshot: TakeSnapshot;
  cases: Pick<CaseKeeper, "createAll"> & StepKeeper;
  /** Hosts that this server's browsers may open; empty: every host. */
  allowedHosts: readonly string[];
  /** Reads sentences that no rule does. @defaultValue nobody */
  pageReader?: PageReader | undefined;
  /** The clock that dates the name of a generated case. */
  now: () => Date;
  log: Logger;
}

/** The base URL of an environment, as a path. */
const BASE_URL = "./";

/** Generates on the open page: each as a run of its own. */
export class LivePageGeneration implements PageGeneration {
  readonly #options: PageGenerationOptions;

  constructor(options: PageGenerationOptions) {
    this.#options = options;
  }

  async startCase({ description, startUrl = BASE_URL, ...request }: CaseOnPageRequest): Promise<string> {
    checkDescription(description);
    refuseStartUrl(startUrl, this.#options.allowedHosts, request.environment);
    const { cases: told } = toldCases(description);
    const task = new CaseTask({ ...this.#options, told, startUrl, help: this.#helpFor(request) });
    const hash = createHash("sha256").update(description).digest("hex");
    const asked = { type: "generate_test_case", description: hash, start_url: startUrl };
    return await this.#options.runs.startGeneration(
      task,
      { testCaseId: null, testStepId: null, asked },
      request,
    );
  }

  async startStep(stepId: number, { startUrl, ...request }: PageRequest): Promise<string | undefined> {
    const { cases, allowedHosts, runs, takeSnapshot } = this.#options;
    const step = await cases.readStep(stepId);
    const testCase = await cases.read(step.testCaseId);
    if (startUrl === undefined && !(await beginsOnPage(testCase, step))) return undefined;
    const environment = request.environment ?? testCase.environment ?? undefined;
    if (startUrl !== undefined) refuseStartUrl(startUrl, allowedHosts, environment);
    checkDescription(step.description);
    const earlier = earlierSteps(testCase, step);
    const help = this.#helpFor(request);
    const task = new StepTask({ step, earlier, startUrl, takeSnapshot, steps: cases, allowedHosts, help });
    const asked = { type: "generate_step_script", step_id: stepId, start_url: startUrl };
    return await runs.startGeneration(
      task,
      { testCaseId: step.testCaseId, testStepId: step.id, asked },
      { ...request, environment },
    );
  }

  #helpFor({ principal }: Pick<PageRequest, "principal">): ModelHelp | undefined {
    const { pageReader: reader, log } = this.#options;
    return reader && new ModelHelp({ reader, principal, log });
  }
}

/** Tells if the steps before a step, or its own sentences where it is the first, open a page. */
async function beginsOnPage(testCase: StoredTestCase, step: StoredTestStep): Promise<boolean> {
  const [first] = earlierSteps(testCase, step);
  if (first !== undefined) return first.commands[0]?.action === "navigate";
  return opens((await readStep(step, new AbortController().signal))[0]);
}

function earlierSteps(testCase: StoredTestCase, { stepNumber }: StoredTestStep): EarlierStep[] {
  return testCase.steps
    .filter((step) => step.stepNumber < stepNumber && step.seleniumScriptJson !== null)
    .map((step) => ({ number: step.stepNumber, commands: commandsOf(step) }));
}

function commandsOf({ seleniumScriptJson: script }: StoredTestStep) {
  return script === null || script.trim() === "" ? [] : parseScript(script);
}
