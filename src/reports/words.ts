import type { ArtifactKind } from "../protocol/messages.js";
import type { ReportRun, ReportStep, ReportSummary } from "../protocol/report.js";

/** Such as "2.4 s" or "35 ms". */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 60_000
    ? `${(ms / 1_000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

/** Such as "2. Place the order". */
export function stepName({ number, description }: Pick<ReportStep, "number" | "description">): string {
  return number === null ? description : `${number}. ${description}`;
}

/** The counts of a summary that are not 0, such as "3 passed, 1 failed". */
export function countsOf(summary: ReportSummary): string {
  const parts: [number, string][] = [
    [summary.passed, "passed"],
    [summary.failed, "failed"],
    [summary.error, "could not be judged"],
    [summary.skipped, "not run"],
    [summary.flaky, "flaky"],
    [summary.unchecked, "checked nothing"],
  ];
  const told = parts.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
  return told.join(", ") || "no tests";
}

/** True for a run or a step that people have to look at. */
export function isWrong({ status }: Pick<ReportRun | ReportStep, "status">): boolean {
  return status === "failed" || status === "error";
}

const KINDS: Record<ArtifactKind, string> = {
  screenshot: "Picture",
  page_source: "Source of the page",
  console: "Console",
  network: "Failed requests",
  commands: "Last commands",
  download: "Download",
  video: "Video",
  accessibility: "Accessibility problems",
  screenshot_expected: "Expected picture",
  screenshot_actual: "Actual picture",
  screenshot_diff: "Difference",
};

/** The name of an artifact, for people: its kind, and the name that it has of its own. */
export function artifactName({ kind, name }: { kind: ArtifactKind; name: string | null }): string {
  return `${KINDS[kind]}${name === null ? "" : ` ${name}`}`;
}
