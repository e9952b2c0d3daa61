import type { Report, ReportArtifact, ReportRun } from "../protocol/report.js";

/** Where a run's files are: those that people look into first, then the pictures of commands. */
export function hrefsOf({ steps, failed_attempts: attempts, video }: ReportRun): {
  records: string[];
  pictures: string[];
} {
  const commands = steps.flatMap((step) => step.commands);
  const artifacts = [...steps, ...attempts].flatMap(({ evidence }) => evidence);
  const kept = [...artifacts, ...commands.flatMap((command) => command.artifacts)].map(({ href }) => href);
  return {
    records: video === null ? kept : [...kept, video],
    pictures: commands.flatMap((command) => command.pictures),
  };
}

/** The report with other places for its files. */
export function withHrefs(report: Report, hrefOf: (href: string) => string): Report {
  const moved = (artifact: ReportArtifact) => ({ ...artifact, href: hrefOf(artifact.href) });
  return {
    ...report,
    runs: report.runs.map((run) => ({
      ...run,
      video: run.video === null ? null : hrefOf(run.video),
      failed_attempts: run.failed_attempts.map((attempt) => ({
        ...attempt,
        evidence: attempt.evidence.map(moved),
      })),
      steps: run.steps.map((step) => ({
        ...step,
        evidence: step.evidence.map(moved),
        commands: step.commands.map((command) => ({
          ...command,
          pictures: command.pictures.map(hrefOf),
          artifacts: command.artifacts.map(moved),
        })),
      })),
    })),
  };
}
