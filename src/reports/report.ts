import {
  REPORT_VERSION,
  type Report,
  type ReportArtifact,
  type ReportCommand,
  type ReportRun,
  type ReportSummary,
} from "../protocol/report.js";
import type { ReportedArtifact, ReportedCommand, ReportedStep, RunReport } from "./run-report.js";

/** Puts the runs of a report together. */
export function reportOfRuns(runs: ReportRun[], createdAt: Date): Report {
  return { version: REPORT_VERSION, created_at: createdAt.toISOString(), summary: summaryOf(runs), runs };
}

function summaryOf(runs: readonly ReportRun[]): ReportSummary {
  const count = (is: (run: ReportRun) => boolean) => runs.filter(is).length;
  const begins = runs.flatMap(({ started_at }) => (started_at === null ? [] : Date.parse(started_at)));
  const ends = runs.flatMap(({ started_at, duration_ms }) =>
    started_at === null ? [] : Date.parse(started_at) + duration_ms,
  );
  const first = begins.reduce((a, b) => Math.min(a, b), Infinity);
  return {
    tests: runs.length,
    passed: count(({ status }) => status === "passed"),
    failed: count(({ status }) => status === "failed"),
    error: count(({ status }) => status === "error"),
    skipped: count(({ status }) => status === "skipped"),
    flaky: count(({ flaky }) => flaky),
    unchecked: count(isUnchecked),
    duration_ms: begins.length === 0 ? 0 : ends.reduce((a, b) => Math.max(a, b), first) - first,
  };
}

/** True for what passed without a command that checks anything. */
export function isUnchecked({ status, checks }: { status: string; checks: number | null }): boolean {
  return status === "passed" && checks === 0;
}

/** Where an artifact of this server is for the readers of a report. */
export type HrefOf = (url: string) => string;

/**
 * A run as reports have it.
 *
 * @param options.place where its case is written; undefined for one that a server keeps
 * @param options.hrefOf @defaultValue the paths of this server
 */
export function toReportRun(
  { run, testCase, steps, failedAttempts, video }: RunReport,
  { place, hrefOf = (url) => url }: { place?: string | undefined; hrefOf?: HrefOf } = {},
): ReportRun {
  const { finishedAt, startedAt, status } = run;
  const hasEnded = finishedAt !== null;
  const artifact = toArtifact(hrefOf);
  const scripts = new Map(
    testCase.steps.map(({ id, seleniumScriptJson }) => [id, commandsOf(seleniumScriptJson)]),
  );
  return {
    id: run.id,
    name: testCase.name,
    place: place ?? null,
    test_case_id: place === undefined ? testCase.id : null,
    status: status === "queued" ? "running" : status,
    error_message: run.errorMessage ?? steps.find(isWrong)?.errorMessage ?? null,
    flaky: run.flaky,
    attempts: run.attempts,
    checks: steps.reduce((sum, { checks = 0 }) => sum + checks, 0),
    started_at: startedAt?.toISOString() ?? null,
    duration_ms: hasEnded && startedAt !== null ? finishedAt.getTime() - startedAt.getTime() : 0,
    steps: steps.map((step) => ({
      number: step.number ?? null,
      ...stepFacts(step),
      commands: step.commands.map((command) =>
        toReportCommand(command, { hrefOf, script: scripts.get(step.id) ?? [] }),
      ),
      evidence: step.evidence.map(artifact),
    })),
    failed_attempts: failedAttempts.map(({ attempt, status: verdict, errorMessage, evidence }) => ({
      attempt,
      status: verdict,
      error_message: errorMessage,
      evidence: evidence.map(artifact),
    })),
    video: video === undefined ? null : hrefOf(video),
  };
}

/** The facts of a step that every account of a run has, by the names of the wire. */
export function stepFacts(step: ReportedStep) {
  return {
    description: step.description,
    expected_result: step.expectedResult,
    status: step.status,
    error_message: step.errorMessage,
    started_at: step.startedAt ?? null,
    duration_ms: step.durationMs,
    flaky: step.flaky,
    checks: step.checks ?? null,
  };
}

function isWrong({ status }: ReportedStep): boolean {
  return status === "failed" || status === "error";
}

function toArtifact(hrefOf: HrefOf): (artifact: ReportedArtifact) => ReportArtifact {
  return ({ kind, name, url }) => ({ kind, name, href: hrefOf(url) });
}

/** A command as a script has it, of which nothing is known but that it is JSON. */
type StoredCommand = Readonly<Record<string, unknown>>;

function toReportCommand(
  command: ReportedCommand,
  { hrefOf, script }: { hrefOf: HrefOf; script: readonly StoredCommand[] },
): ReportCommand {
  return {
    number: command.number,
    action: command.action,
    message: command.message,
    locator: locatorOf(command, script),
    started_at: command.startedAt,
    duration_ms: command.durationMs,
    pictures: command.pictures.map(hrefOf),
    logs: command.logs,
    artifacts: command.artifacts.map(toArtifact(hrefOf)),
  };
}

/** The locator of a command, unless the stored script has another command in its place by now. */
function locatorOf(
  { number, total, action }: ReportedCommand,
  script: readonly StoredCommand[],
): ReportCommand["locator"] {
  // Those of a prepended login come first.
  const stored = script[number - 1 - Math.max(0, total - script.length)];
  if (stored?.["action"] !== action) return null;
  const { locator_type: type, locator_value: value } = stored;
  return typeof type === "string" && typeof value === "string" ? { type, value } : null;
}

function commandsOf(script: string | null): StoredCommand[] {
  try {
    const parsed: unknown = JSON.parse(script ?? "[]");
    return Array.isArray(parsed) ? (parsed as StoredCommand[]) : [];
  } catch {
    return [];
  }
}
