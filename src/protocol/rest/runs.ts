import { z } from "zod";
import { BrowserName } from "../browsers.js";
import { ArtifactKind, OnFailure, RUN_OPTIONS, Verdict } from "../messages.js";
import { RunStatus } from "../statuses.js";
import { Id, Timestamp } from "./fields.js";

export const RunKind = z
  .enum(["step", "case", "generation"])
  .describe("`generation`: a script was written and tried on the open page.");

export const StepRunRequest = z
  .strictObject(RUN_OPTIONS)
  .meta({ examples: [{ video: true, step_timeout: 60 }] });
export type StepRunRequest = z.infer<typeof StepRunRequest>;
export const CaseRunRequest = z
  .strictObject({ on_failure: OnFailure.default("stop"), ...RUN_OPTIONS })
  .meta({ examples: [{ on_failure: "continue", retries: 1, variables: { USER_NAME: "tomsmith" } }] });

const Flaky = z.boolean().describe("Passed, but not at the first attempt.");
const Milliseconds = z.number().nonnegative();

export const Run = z.object({
  id: z.string(),
  kind: RunKind,
  test_case_id: Id.nullable().describe("Null for a generation that has saved no case."),
  test_step_id: Id.nullable(),
  status: RunStatus,
  on_failure: OnFailure,
  request_id: z.string().nullable(),
  principal: z.string().nullable().describe("Who started it."),
  environment: z.string().nullable().describe("Name that its environment had; null for none."),
  browser: BrowserName.nullable().describe("The browser that was asked for; null for the server's own."),
  browser_version: z.string().nullable().describe("The version that was asked for; null for any."),
  error_message: z.string().nullable(),
  attempts: z
    .int()
    .positive()
    .describe("How many times it was carried out; more than one only with retries."),
  flaky: Flaky,
  created_at: Timestamp,
  started_at: Timestamp.nullable(),
  finished_at: Timestamp.nullable(),
});

export const RunPage = z.object({ items: z.array(Run), next_cursor: z.string().nullable() });
export const RunControlled = z.object({ id: z.string(), accepted: z.literal(true) });

export const Artifact = z.object({
  id: z.string(),
  url: z.string(),
  kind: ArtifactKind,
  name: z
    .string()
    .nullable()
    .describe("What people call it, or the name of a downloaded file or of a baseline."),
  variant: z
    .string()
    .nullable()
    .describe("Of a picture that is compared with a baseline: the browser, viewport and scale."),
  media_type: z.string(),
  bytes: z.int().nonnegative(),
  missing: z.boolean().describe("Its file is gone from the server's ARTIFACTS_DIR; its URL answers 404."),
});
export const ArtifactUrl = z.object({
  url: z.string().describe("Path that shows the artifact without a login, to whoever has it."),
  expires_at: Timestamp,
});
export const Artifacts = z.object({ items: z.array(Artifact) });

/** A command as it was carried out. */
const RunCommand = z.object({
  number: z.int().positive().describe("1-based; the commands of a prepended login come first."),
  action: z.string(),
  message: z.string().describe("Its effect, in words."),
  started_at: Timestamp,
  duration_ms: Milliseconds.nullable().describe("Null while it is under way."),
});

const StepStatus = z.enum([...Verdict.options, "skipped", "running"]);

export const RunStep = z.object({
  test_step_id: Id,
  step_number: z.int().nullable().describe("Its number in the case; null for a step that was deleted since."),
  description: z.string(),
  expected_result: z.string(),
  status: StepStatus,
  error_message: z
    .string()
    .nullable()
    .describe("What was seen instead of what was expected, or why it could not be judged."),
  started_at: Timestamp.nullable().describe("Null for a step that was skipped."),
  duration_ms: Milliseconds.nullable().describe("Null while it is under way."),
  flaky: Flaky,
  checks: z
    .int()
    .nonnegative()
    .nullable()
    .describe("Commands that check something; null while it is under way."),
  commands: z
    .array(RunCommand)
    .describe("Those of its last attempt that began. One that failed is the last."),
});

export const RunArtifact = Artifact.extend({
  test_step_id: Id.nullable().describe("The step that it was kept of."),
  step_number: z.int().nullable().describe("That step's number in the case."),
  attempt: z.int().positive().describe("The attempt of the run that it was kept in."),
  command: RunCommand.pick({ number: true, action: true, message: true })
    .nullable()
    .describe("The command that it was kept after; null for the video of a run, and where none had begun."),
});

export const RunDetails = Run.extend({
  steps: z.array(RunStep).describe("In the order in which they began; empty for a generation."),
  artifacts: z.array(RunArtifact).describe("Oldest first."),
});

const Ratio = z.number().min(0).max(1);

export const RunHistory = z.object({
  test_case_id: Id,
  test_step_id: Id.nullable().describe("The step whose own runs these are; null for runs of the whole case."),
  runs: z
    .array(
      Run.pick({ id: true, status: true, flaky: true, attempts: true, created_at: true }).extend({
        duration_ms: Milliseconds.nullable().describe("From its first command to its end."),
      }),
    )
    .describe("The last 50, newest first."),
  pass_rate: Ratio.nullable().describe("Passed of those that have ended; null where none has."),
  flaky: z
    .boolean()
    .describe(
      "One of them passed only at a further attempt, or passed and failed changed places at least three times.",
    ),
  changes: z.int().nonnegative().describe("How often passed and failed changed places from run to run."),
  duration: z
    .object({
      median_ms: Milliseconds.nullable(),
      recent_median_ms: Milliseconds.nullable().describe("Of the newest ten."),
      trend: z
        .number()
        .nullable()
        .describe(
          "The median of the newest ten over that of those before: 1.2 is a fifth slower; null for fewer than five on either side.",
        ),
    })
    .describe("Times of those that passed."),
  last_passed: z
    .object({ id: z.string(), created_at: Timestamp })
    .nullable()
    .describe("The last run that passed, however long ago."),
  kept: z
    .object({
      days: z.int().positive().nullable().describe("Days after a run has ended, RUNS_KEEP_DAYS."),
      per_case: z.int().positive().nullable().describe("Newest runs of a test case, RUNS_KEEP_PER_CASE."),
    })
    .describe(
      "Beyond these limits runs are deleted, but not flaky ones and the last that passed; null where there is no limit.",
    ),
});

const ComparedCommand = RunCommand.pick({
  number: true,
  action: true,
  message: true,
  duration_ms: true,
}).extend({
  status: z.enum([...Verdict.options, "running"]),
  error_message: z.string().nullable(),
});

const RunDifference = z.object({
  test_step_id: Id,
  step_number: z.int().nullable(),
  description: z.string().describe("Of the step."),
  number: z.int().positive().describe("Of the command in its step."),
  what: z
    .enum(["command", "outcome", "missing"])
    .describe(
      "`command`: it is another one, or about another element; `outcome`: it ended otherwise; `missing`: one run did not come to it.",
    ),
  run: ComparedCommand.nullable(),
  other: ComparedCommand.nullable(),
});

export const RunComparison = z.object({
  run: Run,
  other: Run,
  first_difference: RunDifference.nullable().describe(
    "The first command that differs; null where none does.",
  ),
  differences: z.array(RunDifference).describe("The first 100, in the order of the commands."),
  steps: z.array(
    z.object({
      test_step_id: Id,
      step_number: z.int().nullable(),
      description: z.string(),
      run: RunStep.pick({ status: true, duration_ms: true }).nullable(),
      other: RunStep.pick({ status: true, duration_ms: true }).nullable(),
    }),
  ),
});
