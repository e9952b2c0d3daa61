import { z } from "zod";
import { ArtifactKind, Verdict } from "./messages.js";

/** The number of the report's form, which changes when a reader of the form before could not read it. */
export const REPORT_VERSION = 1;

const Milliseconds = z.number().nonnegative();
const Time = z.iso.datetime();

const Href = z
  .string()
  .describe("Where it is: a path beside the report, or a path on the server that made the report.");

const ReportArtifact = z.object({
  kind: ArtifactKind,
  name: z.string().nullable().describe("A name for people, or that of a downloaded file."),
  href: Href,
});
export type ReportArtifact = z.infer<typeof ReportArtifact>;

const ReportCommand = z.object({
  number: z.int().positive().describe("1-based; the commands of a prepended login come first."),
  action: z.string(),
  message: z.string().describe("Its effect, in words."),
  locator: z
    .object({ type: z.string(), value: z.string() })
    .nullable()
    .describe("The element that it is about, while the step's script still has the command."),
  started_at: Time,
  duration_ms: Milliseconds.nullable(),
  pictures: z.array(Href).describe("Pictures of the page after it."),
  logs: z.array(z.object({ level: z.enum(["info", "warning"]), message: z.string() })),
  artifacts: z.array(ReportArtifact),
});
export type ReportCommand = z.infer<typeof ReportCommand>;

const ReportStep = z.object({
  number: z.int().nullable().describe("Its number in the case; null for a step that was deleted since."),
  description: z.string(),
  expected_result: z.string(),
  status: z.enum([...Verdict.options, "skipped", "running"]),
  error_message: z
    .string()
    .nullable()
    .describe("What was seen instead of what was expected, or why it could not be judged."),
  started_at: Time.nullable(),
  duration_ms: Milliseconds.nullable(),
  flaky: z.boolean().describe("It passed, but not at the first attempt."),
  checks: z.int().nonnegative().nullable().describe("Number of its commands that check something."),
  commands: z.array(ReportCommand),
  evidence: z.array(ReportArtifact).describe("Pictures and records of the moment at which it did not pass."),
});
export type ReportStep = z.infer<typeof ReportStep>;

const ReportAttempt = z.object({
  attempt: z.int().positive(),
  status: Verdict,
  error_message: z.string(),
  evidence: z.array(ReportArtifact),
});
export type ReportAttempt = z.infer<typeof ReportAttempt>;

const ReportRun = z.object({
  id: z.string().nullable().describe("Null for a test that could not be started."),
  name: z.string().describe("Name of the test case."),
  place: z.string().nullable().describe("Where the case is written, such as `cases/login.yaml:3`."),
  test_case_id: z.int().positive().nullable().describe("On the server that keeps the case."),
  status: z.enum([...Verdict.options, "skipped", "running"]),
  error_message: z.string().nullable(),
  flaky: z.boolean().describe("It passed, but not at the first attempt."),
  attempts: z.int().nonnegative(),
  checks: z.int().nonnegative().describe("Commands that check something. A pass with 0 says little."),
  started_at: Time.nullable(),
  duration_ms: Milliseconds,
  steps: z.array(ReportStep),
  failed_attempts: z.array(ReportAttempt).describe("Attempts that did not pass, before another was made."),
  video: Href.nullable(),
});
export type ReportRun = z.infer<typeof ReportRun>;

const ReportSummary = z.object({
  tests: z.int().nonnegative(),
  passed: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  error: z.int().nonnegative().describe("Could not be judged."),
  skipped: z.int().nonnegative().describe("Not run."),
  flaky: z.int().nonnegative().describe("Of those that passed."),
  unchecked: z.int().nonnegative().describe("Of those that passed: nothing was checked."),
  duration_ms: Milliseconds.describe("From the first begin to the last end."),
});
export type ReportSummary = z.infer<typeof ReportSummary>;

/** The runs of some test cases, for programs. Every text is masked as it was stored. */
export const Report = z
  .object({
    version: z.literal(REPORT_VERSION),
    created_at: Time,
    summary: ReportSummary,
    runs: z.array(ReportRun),
  })
  .describe("A report of Stepwire on one run or many.");
export type Report = z.infer<typeof Report>;

export const ReportFormat = z.enum(["json", "junit", "html", "github"]);
export type ReportFormat = z.infer<typeof ReportFormat>;
