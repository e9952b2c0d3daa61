import type { Report, ReportRun } from "../protocol/report.js";
import { isUnchecked } from "./report.js";
import { countsOf, duration, isWrong, stepName } from "./words.js";

/** Most bytes of a summary, which GitHub cuts off at 1 MiB. */
const MAX_SUMMARY_BYTES = 1_000_000;

/** Most rows of the table of tests that passed: people look for the others. */
const MAX_PASSED = 100;

/**
 * A report in Markdown, for the file that `GITHUB_STEP_SUMMARY` names:
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
 */
export function markdownOf({ summary, runs }: Report): string {
  const shown = [
    ...runs.filter(isNoteworthy),
    ...runs.filter((run) => !isNoteworthy(run)).slice(0, MAX_PASSED),
  ];
  const lines = [
    `## Stepwire: ${countsOf(summary)}`,
    "",
    `${summary.tests} tests in ${duration(summary.duration_ms)}.`,
    "",
    "| | Test | Time | |",
    "| - | - | -: | - |",
    ...shown.map(rowOf),
  ];
  if (shown.length < runs.length) lines.push("", `${runs.length - shown.length} more passed.`);
  let text = "";
  let room = MAX_SUMMARY_BYTES;
  for (const line of lines) {
    room -= Buffer.byteLength(line) + 1;
    if (room < 0) return `${text}\nThere is no room for more.\n`;
    text += `${line}\n`;
  }
  return text;
}

function isNoteworthy(run: ReportRun): boolean {
  return run.status !== "passed" || run.flaky || isUnchecked(run);
}

const SIGNS: Record<ReportRun["status"], string> = {
  passed: "✅",
  failed: "❌",
  error: "⚠️",
  skipped: "⏭️",
  running: "⏳",
};

function rowOf(run: ReportRun): string {
  const { status, name, duration_ms: ms, flaky, attempts } = run;
  const remark = flaky
    ? `flaky: passed at attempt ${attempts}`
    : isUnchecked(run)
      ? "checks nothing"
      : reasonOf(run);
  return `| ${SIGNS[status]} | ${cell(name)} | ${duration(ms)} | ${cell(remark)} |`;
}

function reasonOf(run: ReportRun): string {
  if (!isWrong(run)) return "";
  const step = run.steps.find(isWrong);
  return step === undefined ? (run.error_message ?? "") : `${stepName(step)}: ${step.error_message ?? ""}`;
}

/** Text in a table of Markdown, where a page's words must not become a link, a picture or another column. */
function cell(text: string): string {
  return text
    .replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[\\`*_{}[\]()#+!|~@:]/g, String.raw`\$&`)
    .replace(/\s+/g, " ");
}

/**
 * A line for each test that did not pass, which GitHub shows at its file:
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message
 */
export function annotationsOf({ runs }: Report): string[] {
  return runs
    .filter((run) => isWrong(run) || run.flaky)
    .map((run) => {
      const [, file, line] = /^(.+):(\d+)$/.exec(run.place ?? "") ?? [];
      const properties = Object.entries({ file, line, title: run.name })
        .flatMap(([key, value]) => (value === undefined ? [] : `${key}=${property(value)}`))
        .join(",");
      const words = run.flaky ? `It passed at attempt ${run.attempts} only.` : reasonOf(run);
      return `::${run.flaky ? "warning" : "error"} ${properties}::${data(words)}`;
    });
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
