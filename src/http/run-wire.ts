import type { z } from "zod";
import { runTime, type HistorySubject, type KeptRuns, type RunHistory } from "../cases/history.js";
import type { StoredArtifact, StoredRun } from "../cases/ports.js";
import type { ArtifactPlaces } from "../reports/artifact-places.js";
import type { ComparedCommand, Difference } from "../reports/comparison.js";
import { stepFacts } from "../reports/report.js";
import type { ReportedCommand, ReportedStep, RunReport } from "../reports/run-report.js";
import type { ComparedRuns } from "./compared-runs.js";
import type * as schemas from "./schemas.js";
import { artifactToWire, runToWire } from "./wire.js";

// Runs with all that is known of them, as they are on the wire.

/** Most differences of one comparison; those after the first tell little. */
const MAX_DIFFERENCES = 100;

/** All that is stored of a run. */
export interface KnownRun {
  run: StoredRun;
  /** Undefined for a generation, whose steps are its sentences. */
  report: RunReport | undefined;
  places: ArtifactPlaces;
  artifacts: readonly StoredArtifact[];
}

export function runDetailsToWire({
  run,
  report,
  places,
  artifacts,
}: KnownRun): z.infer<typeof schemas.RunDetails> {
  const numbers = new Map(report?.testCase.steps.map(({ id, stepNumber }) => [id, stepNumber]));
  return {
    ...runToWire(run),
    steps: report?.steps.map(stepToWire) ?? [],
    artifacts: artifacts.map((artifact) => {
      const wire = artifactToWire(artifact);
      const place = places.of(wire.url);
      const { testStepId } = artifact;
      return {
        ...wire,
        test_step_id: testStepId,
        step_number: testStepId === null ? null : (numbers.get(testStepId) ?? null),
        attempt: place?.attempt ?? 1,
        command: place?.command ?? null,
      };
    }),
  };
}

function stepToWire(step: ReportedStep): z.infer<typeof schemas.RunStep> {
  return {
    test_step_id: step.id,
    step_number: step.number ?? null,
    ...stepFacts(step),
    commands: step.commands.map(commandToWire),
  };
}

function commandToWire({ number, action, message, startedAt, durationMs }: ReportedCommand) {
  return { number, action, message, started_at: startedAt, duration_ms: durationMs };
}

export function historyToWire(
  { testCaseId, testStepId }: HistorySubject,
  { runs, passRate, flaky, changes, duration, lastPassed }: RunHistory,
  kept: KeptRuns,
): z.infer<typeof schemas.RunHistory> {
  return {
    test_case_id: testCaseId,
    test_step_id: testStepId ?? null,
    runs: runs.map((run) => ({
      id: run.id,
      status: run.status,
      flaky: run.flaky,
      attempts: run.attempts,
      created_at: run.createdAt.toISOString(),
      duration_ms: runTime(run),
    })),
    pass_rate: passRate,
    flaky,
    changes,
    duration: {
      median_ms: duration.median,
      recent_median_ms: duration.recentMedian,
      trend: duration.trend,
    },
    last_passed: lastPassed ? { id: lastPassed.id, created_at: lastPassed.createdAt.toISOString() } : null,
    kept: { days: kept.days, per_case: kept.perCase },
  };
}

export function comparisonToWire({
  run,
  other,
  steps,
  differences,
}: ComparedRuns): z.infer<typeof schemas.RunComparison> {
  const told = differences.slice(0, MAX_DIFFERENCES).map(differenceToWire);
  return {
    run: runToWire(run),
    other: runToWire(other),
    first_difference: told[0] ?? null,
    differences: told,
    steps: steps.flatMap((pair) => {
      const step = pair.run ?? pair.other;
      if (step === undefined) return [];
      const { id, number = null, description } = step;
      const outcomes = { run: outcomeToWire(pair.run), other: outcomeToWire(pair.other) };
      return [{ test_step_id: id, step_number: number, description, ...outcomes }];
    }),
  };
}

function outcomeToWire(step: ReportedStep | undefined) {
  return step === undefined ? null : { status: step.status, duration_ms: step.durationMs };
}

function differenceToWire({ step, number, what, run, other }: Difference) {
  return {
    test_step_id: step.id,
    step_number: step.number ?? null,
    description: step.description,
    number,
    what,
    run: comparedToWire(run),
    other: comparedToWire(other),
  };
}

function comparedToWire(command: ComparedCommand | undefined) {
  if (command === undefined) return null;
  const { number, action, message, durationMs, status, errorMessage } = command;
  return { number, action, message, duration_ms: durationMs, status, error_message: errorMessage };
}
