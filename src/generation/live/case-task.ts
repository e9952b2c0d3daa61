import type { NewTestCase, StoredTestCase } from "../../cases/ports.js";
import type { GenerationEnd, GenerationRun, GenerationTask } from "../../execution/ports.js";
import { emptyStep } from "../../formats/ports.js";
import { isPath } from "../../protocol/commands.js";
import { AppError } from "../../protocol/errors.js";
import type { GeneratorName } from "../../protocol/messages.js";
import { isVerified } from "../../protocol/verification.js";
import type { TakeSnapshot } from "../../runner/ports.js";
import { generatedCaseOf, limited, stage, toldFields, toStoredSteps } from "../generated-case.js";
import { hostsOf, urlsAround, urlsNamedBy } from "../named-hosts.js";
import { readCase } from "../plain-english/description.js";
import { action } from "../plain-english/meaning.js";
import { groupClauses, opens, type ReadClause } from "../plain-english/steps.js";
import type { CaseKeeper, ToldCase } from "../ports.js";
import { caseToWire } from "../wire.js";
import type { ModelHelp } from "./model-help.js";
import { Progress } from "./progress.js";
import { verdictOf, writeSteps, type TriedStep } from "./write-steps.js";

export interface CaseTaskOptions {
  /** The cases of one description, of which there is at least one. */
  told: readonly ToldCase[];
  startUrl: string;
  takeSnapshot: TakeSnapshot;
  cases: Pick<CaseKeeper, "createAll">;
  /** Hosts that this server's browsers may open; empty: every host. */
  allowedHosts: readonly string[];
  /** Reads what no rule does. @defaultValue nobody */
  help?: ModelHelp | undefined;
  now: () => Date;
}

/** A case whose sentences are read, and not tried yet. */
interface ReadCase {
  told: ToldCase;
  clauses: ReadClause[];
  /** About its document, and no sentence. */
  remarks: string[];
}

interface TriedCase {
  told: ToldCase;
  steps: TriedStep[];
  warnings: string[];
}

/**
 * Writes the cases of a description, tries each sentence on the open page, each case in a fresh browser session, and saves
 * all of them or nothing.
 */
export class CaseTask implements GenerationTask {
  readonly #options: CaseTaskOptions;

  constructor(options: CaseTaskOptions) {
    this.#options = options;
  }

  explain(reason: string): string {
    return `Failed to generate test case: ${reason}`;
  }

  async perform(run: GenerationRun): Promise<GenerationEnd> {
    const { told, help } = this.#options;
    tellStage(run, "creating", help);
    tellStage(run, "generating", help);
    const read: ReadCase[] = [];
    for (const one of told) read.push(await this.#read(one, run));
    const progress = new Progress({
      sentences: read.reduce((sum, { clauses }) => sum + clauses.length, 0),
      cases: read.map((one) => one.told.name),
    });
    const tried: TriedCase[] = [];
    for (const one of read) {
      progress.beginCase();
      tellCase(run, progress, help);
      tried.push(await this.#try(one, run, progress));
    }
    return await this.#save(tried, run);
  }

  /** Refuses at once what would otherwise be found after other cases were tried. */
  async #read(told: ToldCase, run: GenerationRun): Promise<ReadCase> {
    const { startUrl } = this.#options;
    const { clauses, warnings } = await readCase(told, run.signal, startUrl);
    if (clauses.length === 0) {
      const which = this.#options.told.length === 1 ? "The description" : `The case “${told.name ?? ""}”`;
      throw new AppError("invalid_description", `${which} holds no sentence.`);
    }
    return {
      told,
      clauses: opens(clauses[0]) ? clauses : [opening(startUrl), ...clauses],
      remarks: warnings,
    };
  }

  async #try(
    { told, clauses, remarks }: ReadCase,
    run: GenerationRun,
    progress: Progress,
  ): Promise<TriedCase> {
    const { startUrl, takeSnapshot, allowedHosts: allowed, help } = this.#options;
    const { environment } = run;
    const named = [environment?.baseUrl ?? "", startUrl, ...urlsAround(told), ...urlsNamedBy(clauses)];
    const steps = await run.inSession(async (session) => {
      const hosts = hostsOf(named, { allowed, variables: session.variables });
      if (hosts.length === 0) throw new AppError("forbidden_url", namesNoHost(startUrl, environment));
      return await writeSteps(groupClauses(clauses), session, { hosts, takeSnapshot, help, progress });
    });
    return { told, steps, warnings: [...remarks, ...steps.flatMap((step) => step.warnings ?? [])] };
  }

  async #save(tried: readonly TriedCase[], run: GenerationRun): Promise<GenerationEnd> {
    const { cases, help } = this.#options;
    const generator = generatorOf(help);
    tellStage(run, "saving", help);
    // A run that cannot be told of any more saves nothing either.
    await run.flush();
    run.signal.throwIfAborted();
    const saved = await cases.createAll(
      tried.map((one, index) => this.#toSave(one, { index, run })),
      undefined,
    );
    const made = tried.map(({ steps }, index) => madeOf(saved?.[index], steps));
    const [first, firstTried] = [made[0], tried[0]];
    if (first === undefined || firstTried === undefined) throw new Error("a generation has saved no case");
    tellStage(run, "complete", help);
    return {
      event: {
        type: "generation_complete",
        success: true,
        ...first,
        steps: firstTried.steps.map(({ verification }, index) => ({
          step_number: index + 1,
          verified: isVerified(verification),
        })),
        generator,
        ...(help?.usage.all && { ai_usage: help.usage.all }),
        warnings: limited(tried.flatMap(({ warnings }) => warnings)),
        format: firstTried.told.format,
        test_cases: made.map((one, index) => ({ ...one, verified: areVerified(tried[index]?.steps ?? []) })),
      },
      ...verdictOf(tried.flatMap(({ steps }) => steps)),
    };
  }

  #toSave(
    { told, steps, warnings }: TriedCase,
    { index, run }: { index: number; run: GenerationRun },
  ): NewTestCase {
    return {
      ...toldFields(told, { now: this.#options.now(), index }),
      generator: generatorOf(this.#options.help),
      // A run belongs to one case.
      ...(index === 0 && { generationRunId: run.runId }),
      environment: run.environment?.name ?? null,
      warnings,
      steps: toStoredSteps(steps),
    };
  }
}

function madeOf(saved: StoredTestCase | undefined, steps: readonly TriedStep[]) {
  if (saved === undefined) throw new Error("a generated case could not be saved");
  return caseToWire(generatedCaseOf({ ...saved, stepsCount: steps.length }));
}

function areVerified(steps: readonly TriedStep[]): boolean {
  return steps.every(({ verification }) => isVerified(verification) === true);
}

/** The generator of a case or script, which rules write as far as they go. */
export function generatorOf(help: ModelHelp | undefined): GeneratorName {
  return help?.name ?? "plain-english";
}

export function tellStage(
  run: Pick<GenerationRun, "tell">,
  name: Parameters<typeof stage>[0],
  help: ModelHelp | undefined,
): void {
  run.tell({ type: "generation_progress", ...stage(name, generatorOf(help)) });
}

/** Tells that the next of several cases begins. */
function tellCase(run: GenerationRun, progress: Progress, help: ModelHelp | undefined): void {
  const { title, fields } = progress.ofCase;
  if (fields.test_case_number === undefined) return;
  const { percent } = progress;
  const generating = stage("generating", generatorOf(help));
  run.tell({ type: "generation_progress", ...generating, ...fields, message: title, progress: percent });
}

function namesNoHost(startUrl: string, environment: GenerationRun["environment"]): string {
  if (!isPath(startUrl)) return `'start_url': ${startUrl} names no host.`;
  return `The environment '${environment?.name ?? ""}' has no base URL: give it one, or give a 'start_url'.`;
}

/** The clause that opens the page, for a description that does not. */
function opening(startUrl: string): ReadClause {
  const text = `Open ${startUrl}`;
  return {
    text,
    meaning: action({ action: "navigate", url: startUrl, description: text }),
    warnings: [],
    passage: -1,
    isListItem: false,
    step: emptyStep(false),
    role: "done",
    place: { line: 1 },
  };
}
