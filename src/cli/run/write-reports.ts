import { createWriteStream } from "node:fs";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Report, ReportRun } from "../../protocol/report.js";
import { annotationsOf, markdownOf } from "../../reports/github.js";
import { hrefsOf, withHrefs } from "../../reports/hrefs.js";
import { htmlReportOf } from "../../reports/html/html-report.js";
import { junitOf } from "../../reports/junit.js";
import { reportOfRuns } from "../../reports/report.js";
import { oneLine } from "../../one-line.js";
import type { CommandContext } from "../command-context.js";
import type { RunOptions } from "./options.js";
import type { PerformedTest } from "./perform-all.js";
import type { SelectedTest, TestOutcome, TestRuns } from "./test-runs.js";

/** The folder of a report's files, beside it. */
const FILES = "artifacts";

/** Files that are copied at the same time: their rows are then read together, and no disk idles. */
const COPIES_AT_A_TIME = 16;

type WriteOptions = Pick<RunOptions, "reporters" | "output">;

/** Writes the reports that were asked for. */
export async function writeReports(
  runs: TestRuns,
  performed: readonly PerformedTest[],
  { options, context }: { options: WriteOptions; context: CommandContext },
): Promise<void> {
  const { reporters, output } = options;
  const reported: ReportRun[] = [];
  for (const { test, outcome } of performed) {
    reported.push(
      outcome?.runId === undefined ? withoutRun(test, outcome) : await runs.report(test, outcome.runId),
    );
  }
  const report = reportOfRuns(reported, context.now());
  if (reporters.includes("github")) await tellGitHub(report, context);
  const writers = { json: writeJson, junit: writeJunit, html: writeHtml };
  const names = (["json", "junit", "html"] as const).filter((name) => reporters.includes(name));
  if (names.length === 0) return;
  await mkdir(output, { recursive: true });
  const files = await copyFiles(report, { runs, output, withPictures: reporters.includes("json") });
  for (const name of names) {
    const written = { runs, files, output, projectFolder: context.environment["CI_PROJECT_DIR"] };
    context.remark(`Wrote ${oneLine(await writers[name](report, written))}`);
  }
}

/** A test that was not begun, or could not be started. */
function withoutRun({ name, place }: SelectedTest, outcome: TestOutcome | undefined): ReportRun {
  return {
    id: null,
    name,
    place: place ?? null,
    test_case_id: null,
    status: outcome?.status ?? "skipped",
    error_message: outcome?.errorMessage ?? null,
    flaky: false,
    attempts: outcome?.attempts ?? 0,
    checks: 0,
    started_at: null,
    duration_ms: 0,
    steps: [],
    failed_attempts: [],
    video: null,
  };
}

/** Copies the files of the runs beside the report. @returns their paths beside it, by where they were */
async function copyFiles(
  { runs: reported }: Report,
  { runs, output, withPictures }: { runs: TestRuns; output: string; withPictures: boolean },
): Promise<ReadonlyMap<string, string>> {
  const hrefs = reported.flatMap((run) => {
    const { records, pictures } = hrefsOf(run);
    return withPictures ? [...records, ...pictures] : records;
  });
  const files = new Map<string, string>();
  if (hrefs.length === 0) return files;
  const folder = join(output, FILES);
  await mkdir(folder, { recursive: true });
  const waiting = new Set(hrefs).values();
  const copy = async () => {
    for (const href of waiting) {
      const fileName = await runs.copyArtifact(href, folder);
      if (fileName !== undefined) files.set(href, `${FILES}/${fileName}`);
    }
  };
  await Promise.all(Array.from({ length: COPIES_AT_A_TIME }, copy));
  return files;
}

interface Written {
  runs: TestRuns;
  files: ReadonlyMap<string, string>;
  output: string;
  /** GitLab's name for the folder that its job works in; undefined elsewhere. */
  projectFolder: string | undefined;
}

async function writeJson(report: Report, { files, output }: Written): Promise<string> {
  const path = join(output, "report.json");
  await writeFile(
    path,
    `${JSON.stringify(
      withHrefs(report, (href) => files.get(href) ?? href),
      null,
      2,
    )}\n`,
  );
  return path;
}

async function writeJunit(report: Report, { files, output, projectFolder }: Written): Promise<string> {
  const path = join(output, "junit.xml");
  const pathOf = (href: string) => {
    const file = files.get(href);
    if (file === undefined) return undefined;
    // GitLab finds a file by its path in the job's artifacts, Jenkins by its path on the machine:
    // https://docs.gitlab.com/ci/testing/unit_test_reports/#add-screenshots-to-test-reports
    return projectFolder ? relative(projectFolder, resolve(output, file)) : resolve(output, file);
  };
  await writeFile(path, junitOf(report, { pathOf }));
  return path;
}

async function writeHtml(report: Report, { runs, files, output }: Written): Promise<string> {
  const path = join(output, "report.html");
  const pieces = htmlReportOf(report, {
    read: (href) => runs.readArtifact(href),
    linkOf: (href) => files.get(href),
  });
  await pipeline(Readable.from(pieces), createWriteStream(path));
  return path;
}

/** https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands */
async function tellGitHub(report: Report, { environment, print }: CommandContext): Promise<void> {
  for (const line of annotationsOf(report)) print(line);
  const { GITHUB_STEP_SUMMARY: file } = environment;
  if (file !== undefined && file !== "") await appendFile(file, markdownOf(report));
  else print(markdownOf(report));
}
