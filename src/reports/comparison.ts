import type { Verdict } from "../protocol/messages.js";
import type { ReportedCommand, ReportedStep, RunReport } from "./run-report.js";

/** A command of one of two runs. */
export interface ComparedCommand extends Pick<
  ReportedCommand,
  "number" | "action" | "message" | "durationMs"
> {
  status: Verdict | "running";
  errorMessage: string | null;
}

/**
 * `command`: it is another one, or about another element; `outcome`: it ended otherwise; `missing`: one run did
 * not come to it.
 */
export type DifferenceKind = "command" | "outcome" | "missing";

export interface Difference {
  step: Pick<ReportedStep, "id" | "number" | "description">;
  /** Number of the command in its step. */
  number: number;
  what: DifferenceKind;
  run: ComparedCommand | undefined;
  other: ComparedCommand | undefined;
}

/** A step of two runs; one of them may not have it. */
export interface ComparedStep {
  run: ReportedStep | undefined;
  other: ReportedStep | undefined;
}

export interface Comparison {
  steps: ComparedStep[];
  /** In the order of the commands. */
  differences: Difference[];
}

/** Compares two runs of the same steps, command by command. */
export function compareRuns(run: RunReport, other: RunReport): Comparison {
  const others = new Map(other.steps.map((step) => [step.id, step]));
  const known = new Set(run.steps.map(({ id }) => id));
  const steps = [
    ...run.steps.map((step) => ({ run: step, other: others.get(step.id) })),
    ...other.steps.filter(({ id }) => !known.has(id)).map((step) => ({ run: undefined, other: step })),
  ];
  return { steps, differences: steps.flatMap(differencesOf) };
}

function differencesOf({ run, other }: ComparedStep): Difference[] {
  const step = run ?? other;
  if (step === undefined) return [];
  const [mine, theirs] = [commandsOf(run), commandsOf(other)];
  const numbers = [...new Set([...mine.keys(), ...theirs.keys()])].sort((a, b) => a - b);
  return numbers.flatMap((number) => {
    const pair = { run: mine.get(number), other: theirs.get(number) };
    const what = differenceOf(pair.run, pair.other);
    return what === undefined ? [] : [{ step, number, what, ...pair }];
  });
}

function differenceOf(
  run: ComparedCommand | undefined,
  other: ComparedCommand | undefined,
): DifferenceKind | undefined {
  if (run === undefined || other === undefined) return "missing";
  if (run.action !== other.action || run.message !== other.message) return "command";
  const isSame = run.status === other.status && run.errorMessage === other.errorMessage;
  return isSame ? undefined : "outcome";
}

function commandsOf(step: ReportedStep | undefined): Map<number, ComparedCommand> {
  const { commands = [] } = step ?? {};
  const compared = commands.map(({ number, action, message, durationMs }, index) => {
    // A script ends at the first command that does not pass.
    const ended = index === commands.length - 1 ? step : undefined;
    const status = ended === undefined || ended.status === "skipped" ? "passed" : ended.status;
    const errorMessage = ended?.errorMessage ?? null;
    return [number, { number, action, message, durationMs, status, errorMessage }] as const;
  });
  return new Map(compared);
}
