import { StepTimeoutError, type GenerationSession } from "../../execution/ports.js";
import type { Verification } from "../../protocol/verification.js";
import type { TakeSnapshot } from "../../runner/ports.js";
import { stage } from "../generated-case.js";
import type { GeneratedStep } from "../ports.js";
import { goalOf } from "../plain-english/goals.js";
import { toSteps, type ReadClause } from "../plain-english/steps.js";
import type { ModelHelp } from "./model-help.js";
import type { Progress } from "./progress.js";
import { reachGoal } from "./reach-goal.js";
import { notTried, trySentence, type Tried } from "./try-sentence.js";

/** A step that was tried on the page. */
export interface TriedStep extends GeneratedStep {
  verification: Verification;
}

export interface WriteOptions {
  /** The hosts that may be opened; empty: every host. */
  hosts: readonly string[];
  takeSnapshot: TakeSnapshot;
  /** Reads what no rule does. @defaultValue nobody */
  help?: ModelHelp | undefined;
  /** Number of the first step. @defaultValue 1 */
  firstNumber?: number;
  progress: Progress;
}

/**
 * Tries the sentences of steps on the page, one after the other, and tells of each.
 *
 * @param groups the clauses of each step
 * @throws the reason of the session's signal once it is aborted
 */
export async function writeSteps(
  groups: readonly ReadClause[][],
  session: GenerationSession,
  options: WriteOptions,
): Promise<TriedStep[]> {
  const steps: TriedStep[] = [];
  const writer = new StepWriter(session, options);
  for (const group of groups) {
    steps.push(...(await writer.write(group, (options.firstNumber ?? 1) + steps.length)));
  }
  return steps;
}

class StepWriter {
  readonly #session: GenerationSession;
  readonly #hosts: readonly string[];
  readonly #takeSnapshot: TakeSnapshot;
  readonly #help: ModelHelp | undefined;
  readonly #progress: Progress;

  constructor(session: GenerationSession, { hosts, takeSnapshot, help, progress }: WriteOptions) {
    this.#session = session;
    this.#hosts = hosts;
    this.#takeSnapshot = takeSnapshot;
    this.#help = help;
    this.#progress = progress;
  }

  async write(group: readonly ReadClause[], number: number): Promise<TriedStep[]> {
    const tried: Tried[] = [];
    const sentences: Verification["sentences"] = [];
    const keep = (one: Tried, picture?: Parameters<GenerationSession["tell"]>[1]) => {
      tried.push(one);
      const evidence = evidenceOf(one, picture?.url ?? null);
      sentences.push(evidence);
      this.#tell(one, evidence, { number, picture });
    };
    try {
      await this.#session.step(async (step) => {
        const { page, variables } = this.#session;
        const surroundings = {
          ...{ page, variables, step, hosts: this.#hosts },
          ...{ takeSnapshot: this.#takeSnapshot, help: this.#help },
        };
        for (const clause of group) {
          const goal = clause.meaning.kind === "unknown" ? goalOf(clause.text) : undefined;
          const one = await (goal === undefined
            ? trySentence(clause, surroundings)
            : reachGoal(goal, clause, surroundings));
          keep(one, await step.takePicture());
        }
      });
    } catch (error) {
      if (!(error instanceof StepTimeoutError)) throw error;
      for (const clause of group.slice(tried.length)) keep(notTried(clause, error.message));
    }
    const verification = { run_id: this.#session.runId, sentences };
    const steps = toSteps(tried.map(({ clause }) => clause));
    const warnings = tried.flatMap(warningsOf);
    return steps.map((step, index) => ({ ...step, warnings: index === 0 ? warnings : [], verification }));
  }

  #tell(
    one: Tried,
    evidence: Verification["sentences"][number],
    { number, picture }: { number: number; picture: Parameters<GenerationSession["tell"]>[1] },
  ): void {
    this.#progress.endSentence();
    const { title, fields } = this.#progress.ofCase;
    const { clause, outcome } = one;
    const { generator, step, total } = stage("generating", this.#help?.name ?? "plain-english");
    const usage = this.#help?.usage.takeUntold();
    this.#session.tell(
      {
        type: "generation_progress",
        step,
        total,
        message: `${title && `${title}: `}${OUTCOMES[outcome]}: “${clause.text}”`,
        progress: this.#progress.percent,
        generator,
        ...fields,
        step_number: number,
        sentence: { ...evidence, commands: clause.meaning.commands },
        ...(usage && { ai_usage: usage }),
      },
      picture,
    );
  }
}

const OUTCOMES: Record<Tried["outcome"], string> = {
  verified: "Verified",
  not_verified: "Not verified",
  not_understood: "Not understood",
};

function evidenceOf(
  { clause, outcome, message, candidates = [], offered = [], isByModel }: Tried,
  picture: string | null,
): Verification["sentences"][number] {
  return {
    text: clause.text,
    outcome,
    message,
    ...(candidates.length > 0 && { candidates }),
    picture,
    ...(offered.length > 0 && { offered_checks: offered }),
    ...(isByModel && { read_by: "openai" }),
  };
}

function warningsOf({ clause, outcome, message }: Tried): string[] {
  if (outcome !== "not_verified") return clause.warnings;
  return [...clause.warnings, `Not verified: “${clause.text}”: ${message ?? ""}`];
}

/** The verdict of a generation, by the worst of its sentences. */
export function verdictOf(
  steps: readonly TriedStep[],
): { verdict: "passed"; errorMessage: null } | { verdict: "failed" | "error"; errorMessage: string } {
  const outcomes = steps.flatMap(({ verification }) => verification.sentences.map(({ outcome }) => outcome));
  const count = (wanted: Tried["outcome"]) => outcomes.filter((outcome) => outcome === wanted).length;
  const [unknown, unverified] = [count("not_understood"), count("not_verified")];
  if (unknown + unverified === 0) return { verdict: "passed", errorMessage: null };
  const errorMessage = `Of ${outcomes.length} sentences ${unknown} were not understood and ${unverified} not verified.`;
  return { verdict: unknown > 0 ? "error" : "failed", errorMessage };
}
