import type { StoredTestStep } from "../../cases/ports.js";
import type {
  GenerationEnd,
  GenerationRun,
  GenerationSession,
  GenerationTask,
} from "../../execution/ports.js";
import type { Script } from "../../protocol/commands.js";
import { AppError } from "../../protocol/errors.js";
import { MAX_COMMANDS } from "../../protocol/limits.js";
import { isVerified } from "../../protocol/verification.js";
import type { TakeSnapshot } from "../../runner/ports.js";
import { hostsOf, urlsIn, urlsNamedBy } from "../named-hosts.js";
import { readStep } from "../plain-english/plain-english-generator.js";
import type { StepKeeper } from "../ports.js";
import { scriptFields } from "../generated-case.js";
import { generatorOf, tellStage } from "./case-task.js";
import type { ModelHelp } from "./model-help.js";
import { Progress } from "./progress.js";
import { verdictOf, writeSteps, type TriedStep } from "./write-steps.js";

const TOO_MANY = `The step has too many commands; only the first ${MAX_COMMANDS} are kept.`;

export interface EarlierStep {
  number: number;
  commands: Script;
}

export interface StepTaskOptions {
  step: StoredTestStep;
  /** The steps before it, in order. */
  earlier: readonly EarlierStep[];
  /** Opened first; the earlier steps open the page where there is none. */
  startUrl: string | undefined;
  takeSnapshot: TakeSnapshot;
  steps: StepKeeper;
  /** Hosts that this server's browsers may open; empty: every host. */
  allowedHosts: readonly string[];
  /** Reads what no rule does. @defaultValue nobody */
  help?: ModelHelp | undefined;
}

/** Writes the script of one step, after those before it were run, and tries each of its sentences on the page. */
export class StepTask implements GenerationTask {
  readonly #options: StepTaskOptions;

  constructor(options: StepTaskOptions) {
    this.#options = options;
  }

  explain(reason: string): string {
    return `Failed to generate the script: ${reason}`;
  }

  async perform(run: GenerationRun): Promise<GenerationEnd> {
    const { step, help } = this.#options;
    tellStage(run, "creating", help);
    const [written, ...more] = await run.inSession((session) => this.#write(session));
    if (written === undefined)
      throw new AppError("invalid_description", "The description holds no sentence.");
    tellStage(run, "saving", help);
    await run.flush();
    run.signal.throwIfAborted();
    const { verification } = written;
    const warnings = [...(written.warnings ?? []), ...(more.length > 0 ? [TOO_MANY] : [])];
    await this.#options.steps.updateStep(
      { testCaseId: step.testCaseId, stepId: step.id },
      { ...scriptFields(written.commands), warnings, verification },
    );
    tellStage(run, "complete", help);
    return {
      event: {
        type: "step_script_generated",
        step_id: step.id,
        test_case_id: step.testCaseId,
        commands: written.commands,
        verified: isVerified(verification),
        generator: generatorOf(help),
        warnings,
        ...(help?.usage.all && { ai_usage: help.usage.all }),
      },
      ...verdictOf([written]),
    };
  }

  /** Runs the steps before, and writes the step on the page that comes of them. */
  async #write(session: GenerationSession): Promise<TriedStep[]> {
    const { step, startUrl, earlier, takeSnapshot, allowedHosts: allowed, help } = this.#options;
    const clauses = await readStep(step, session.signal, startUrl);
    const before: EarlierStep[] =
      startUrl === undefined
        ? [...earlier]
        : [{ number: 0, commands: [{ action: "navigate", url: startUrl }] }, ...earlier];
    const named = [
      session.environment?.baseUrl ?? "",
      ...before.flatMap((one) => urlsIn(one.commands)),
      ...urlsNamedBy(clauses),
    ];
    const hosts = hostsOf(named, { allowed, variables: session.variables });
    if (hosts.length === 0) throw new AppError("forbidden_url", "No step of the case names a host.");
    for (const one of before) await runBefore(one, session, hosts);
    tellStage(session, "generating", help);
    return await writeSteps([clauses], session, {
      ...{ hosts, takeSnapshot, help, firstNumber: step.stepNumber },
      progress: new Progress({ sentences: clauses.length, cases: [undefined] }),
    });
  }
}

/** @throws AppError `generation_stopped` when the step does not pass: nobody knows which page comes of it then */
async function runBefore(
  { number, commands }: EarlierStep,
  session: GenerationSession,
  hosts: readonly string[],
): Promise<void> {
  const outcome = await session.step((step) => step.perform(commands, hosts));
  if (outcome.verdict === "passed") return;
  const name =
    number === 0 ? "'start_url' could not be opened" : `Step ${number}, which comes before, did not pass`;
  throw new AppError("generation_stopped", `${name}: ${outcome.message}`);
}
