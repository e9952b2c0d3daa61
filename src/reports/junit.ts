import { create } from "xmlbuilder2";
import type { XMLBuilder } from "xmlbuilder2/lib/interfaces.js";
import type { Report, ReportRun, ReportStep } from "../protocol/report.js";
import { duration, stepName } from "./words.js";

export interface JunitOptions {
  /**
   * The path of a file for the CI system, which takes what stands in `[[ATTACHMENT|path]]` to the test; undefined for
   * one that is not there.
   * @defaultValue no attachments
   */
  pathOf?: (href: string) => string | undefined;
}

/**
 * A report as JUnit XML: a test case is a suite, each of its steps a test. It is valid by the schema of Jenkins' xUnit
 * plugin (`junit-10.xsd`), and attachments stand as Jenkins' JUnit Attachments plugin and GitLab read them:
 * https://docs.gitlab.com/ci/testing/unit_test_reports/
 */
export function junitOf(report: Report, { pathOf = () => undefined }: JunitOptions = {}): string {
  const document = create({ version: "1.0", encoding: "UTF-8", invalidCharReplacement: "\uFFFD" });
  const suites = document.ele("testsuites", {
    name: "Stepwire",
    ...sumOf(report.runs.map(countsOf)),
    time: seconds(report.summary.duration_ms),
  });
  for (const run of report.runs) addSuite(suites, run, pathOf);
  return `${document.end({ prettyPrint: true })}\n`;
}

interface Counts {
  tests: number;
  failures: number;
  errors: number;
}

function countsOf({ steps, status }: ReportRun): Counts {
  // A run without a step that has begun is one test, so that it is not lost.
  const verdicts = steps.length === 0 ? [status] : steps.map((step) => step.status);
  const count = (verdict: string) => verdicts.filter((one) => one === verdict).length;
  return { tests: verdicts.length, failures: count("failed"), errors: count("error") };
}

function sumOf(counts: readonly Counts[]): Counts {
  const sum = (key: keyof Counts) => counts.reduce((total, one) => total + one[key], 0);
  return { tests: sum("tests"), failures: sum("failures"), errors: sum("errors") };
}

function addSuite(suites: XMLBuilder, run: ReportRun, pathOf: (href: string) => string | undefined): void {
  const { name, place, started_at: startedAt, duration_ms: ms, steps, flaky, attempts } = run;
  const skipped = steps.filter(({ status }) => status === "skipped").length;
  const suite = suites.ele("testsuite", {
    name,
    ...countsOf(run),
    skipped: steps.length === 0 && run.status === "skipped" ? 1 : skipped,
    time: seconds(ms),
    ...(startedAt !== null && { timestamp: startedAt.replace(/\.\d+Z$/, "") }),
    ...(place !== null && { file: place.replace(/:\d+$/, "") }),
  });
  const properties = suite.ele("properties");
  if (run.id !== null) properties.ele("property", { name: "run_id", value: run.id });
  properties.ele("property", { name: "flaky", value: flaky });
  properties.ele("property", { name: "attempts", value: attempts });
  if (steps.length === 0) {
    const test = suite.ele("testcase", { name, classname: name, time: seconds(ms) });
    addVerdict(test, { status: run.status, message: run.error_message });
  }
  // The attempts before the last belong to the step that did not pass in them, or has passed since.
  const retried = steps.find(
    ({ status, flaky: isFlaky }) => isFlaky || status === "failed" || status === "error",
  );
  for (const step of steps) addTest(suite, { run, step, attempts: step === retried, pathOf });
}

interface TestOptions {
  run: ReportRun;
  step: ReportStep;
  /** Whether the run's attempts before the last belong to the step. */
  attempts: boolean;
  pathOf: (href: string) => string | undefined;
}

function addTest(suite: XMLBuilder, { run, step, attempts, pathOf }: TestOptions): void {
  const test = suite.ele("testcase", {
    name: stepName(step),
    classname: run.name,
    time: seconds(step.duration_ms ?? 0),
  });
  addVerdict(test, { status: step.status, message: step.error_message });
  for (const { status, error_message: message } of attempts ? run.failed_attempts : []) {
    const element = `${run.flaky ? "flaky" : "rerun"}${status === "failed" ? "Failure" : "Error"}`;
    test.ele(element, { message, type: status });
  }
  const output = outputOf(step, pathOf);
  if (output !== "") test.ele("system-out").txt(output);
}

function addVerdict(
  test: XMLBuilder,
  { status, message }: { status: ReportStep["status"]; message: string | null },
): void {
  if (status === "skipped") test.ele("skipped", message === null ? {} : { message });
  if (status !== "failed" && status !== "error") return;
  const text = message ?? "It did not pass.";
  test.ele(status === "failed" ? "failure" : "error", { message: text, type: status }).txt(text);
}

function outputOf(step: ReportStep, pathOf: (href: string) => string | undefined): string {
  const commands = step.commands.map(
    ({ number, message, duration_ms: ms }) =>
      `${number}. ${message}${ms === null ? "" : ` (${duration(ms)})`}`,
  );
  const remarks = step.checks === 0 && step.status === "passed" ? ["This step checks nothing."] : [];
  // GitLab shows the first one only, and a picture says most.
  const kept = step.evidence.toSorted(
    (a, b) => Number(b.kind === "screenshot") - Number(a.kind === "screenshot"),
  );
  const files = [...kept, ...step.commands.flatMap(({ artifacts }) => artifacts)].map(({ href }) =>
    pathOf(href),
  );
  const attachments = files.flatMap((path) => (path === undefined ? [] : `[[ATTACHMENT|${path}]]`));
  return [...commands, ...remarks, ...attachments].join("\n");
}

/** Seconds with a point and three digits, in any locale. */
function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}
