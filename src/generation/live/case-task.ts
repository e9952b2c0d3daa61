import type { NewTestCase } from "../../cases/ports.js";
import type { GenerationEnd, GenerationSession, GenerationTask } from "../../execution/ports.js";
import { emptyStep } from "../../formats/ports.js";
import { isPath } from "../../protocol/commands.js";
import { AppError } from "../../protocol/errors.js";
import type { GeneratorName } from "../../protocol/messages.js";
import { isVerified } from "../../protocol/verification.js";
import type { TakeSnapshot } from "../../runner/ports.js";
import { redirectUrl, stage, toldFields, toStoredSteps } from "../generated-case.js";
import { hostsOf, urlsAround, urlsNamedBy } from "../named-hosts.js";
import { readCase } from "../plain-english/description.js";
import { action } from "../plain-english/meaning.js";
import { groupClauses, opens, type ReadClause } from "../plain-english/steps.js";
import type { CaseKeeper, ToldCase } from "../ports.js";
import type { ModelHelp } from "./model-help.js";
import { verdictOf, writeSteps, type TriedStep } from "./write-steps.js";

export interface CaseTaskOptions {
  told: ToldCase;
  startUrl: string;
  takeSnapshot: TakeSnapshot;
  cases: Pick<CaseKeeper, "createAll">;
  /** Hosts that this server's browsers may open; empty: every host. */
  allowedHosts: readonly string[];
  /** Reads what no rule does. @defaultValue nobody */
  help?: ModelHelp | undefined;
  now: () => Date;
}

/** Writes a case from a description, tries each sentence on the open page, and saves all of it or nothing. */
export class CaseTask implements GenerationTask {
  readonly #options: CaseTaskOptions;

  constructor(options: CaseTaskOptions) {
    this.#options = options;
  }

  explain(reason: string): string {
    return `Failed to generate test case: ${reason}`;
  }

  async perform(session: GenerationSession): Promise<GenerationEnd> {
    const { told, startUrl, takeSnapshot, allowedHosts: allowed, help } = this.#options;
    tellStage(session, "creating", help);
    tellStage(session, "generating", help);
    const { clauses: read, warnings } = await readCase(told, session.signal, startUrl);
    if (read.length === 0) throw new AppError("invalid_description", "The description holds no sentence.");
    const clauses = opens(read[0]) ? read : [opening(startUrl), ...read];
    const { environment } = session;
    const named = [environment?.baseUrl ?? "", startUrl, ...urlsAround(told), ...urlsNamedBy(clauses)];
    const hosts = hostsOf(named, { allowed, variables: session.variables });
    if (hosts.length === 0) throw new AppError("forbidden_url", namesNoHost(startUrl, environment));
    const steps = await writeSteps(groupClauses(clauses), session, { hosts, takeSnapshot, help });
    return await this.#save({ steps, remarks: warnings }, session);
  }

  async #save(
    { steps, remarks }: { steps: TriedStep[]; remarks: string[] },
    session: GenerationSession,
  ): Promise<GenerationEnd> {
    const { told, cases, now, help } = this.#options;
    const generator = generatorOf(help);
    tellStage(session, "saving", help);
    // A run that cannot be told of any more saves nothing either.
    await session.flush();
    session.signal.throwIfAborted();
    const warnings = [...remarks, ...steps.flatMap((step) => step.warnings ?? [])];
    const testCase: NewTestCase = {
      ...toldFields(told, { now: now(), index: 0 }),
      generator,
      generationRunId: session.runId,
      environment: session.environment?.name ?? null,
      warnings,
      steps: toStoredSteps(steps),
    };
    const [saved] = (await cases.createAll([testCase], undefined)) ?? [];
    if (saved === undefined) throw new Error("a generated case could not be saved");
    const made = {
      test_case_id: saved.id,
      test_case_name: saved.name,
      steps_count: steps.length,
      redirect_url: redirectUrl(saved.id),
    };
    tellStage(session, "complete", help);
    return {
      event: {
        type: "generation_complete",
        success: true,
        ...made,
        steps: steps.map(({ verification }, index) => ({
          step_number: index + 1,
          verified: isVerified(verification),
        })),
        generator,
        ...(help?.usage.all && { ai_usage: help.usage.all }),
        warnings,
        format: told.format,
        test_cases: [made],
      },
      ...verdictOf(steps),
    };
  }
}

/** The generator of a case or script, which rules write as far as they go. */
export function generatorOf(help: ModelHelp | undefined): GeneratorName {
  return help?.name ?? "plain-english";
}

export function tellStage(
  session: GenerationSession,
  name: Parameters<typeof stage>[0],
  help: ModelHelp | undefined,
): void {
  session.tell({ type: "generation_progress", ...stage(name, generatorOf(help)) });
}

function namesNoHost(startUrl: string, environment: GenerationSession["environment"]): string {
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
