import { z } from "zod";
import { ExecutionStatus, RunStatus, TestCaseStatus, TestStepStatus } from "../cases/statuses.js";
import { Slug } from "../protocol/case-fields.js";
import { environmentFields, EnvironmentName } from "../protocol/environments.js";
import { GENERATED, PAGE_OPTIONS } from "../protocol/generation-messages.js";
import { ArtifactKind, GeneratorName, IdempotencyKey, OnFailure, RUN_OPTIONS } from "../protocol/messages.js";
import { Verification, Verified } from "../protocol/verification.js";
import { Cursor, RunCursor } from "./cursor.js";

/** Highest number a step can have. */
const MAX_STEP_NUMBER = 10_000;

// The databases below cut text at a NUL or refuse it.
const Text = z.string().refine((text) => !text.includes("\0"), { error: "must not hold a NUL character" });
const Name = Text.trim().min(1).max(500);
/** Most tags of one case. */
const MAX_TAGS = 50;
const Tag = Text.trim().min(1).max(100);
const Timestamp = z.iso.datetime().describe("UTC.");
const Id = z.int().positive();

// Paths and queries

export const TestCaseParams = z.object({ id: z.coerce.number().int().positive() });
export const StepParams = TestCaseParams.extend({ stepId: z.coerce.number().int().positive() });
export const BaselineParams = TestCaseParams.extend({ baselineId: z.string().min(1).max(64) });
export const StringIdParams = z.object({ id: z.string().min(1).max(64) });
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: Cursor.optional().describe("`next_cursor` of the page before."),
});
const RunKind = z
  .enum(["step", "case", "generation"])
  .describe("`generation`: a script was written and tried on the open page.");

export const CasesQuery = PageQuery.extend({
  search: z.string().max(500).optional().describe("Only cases with this text in their name or description."),
  tag: Tag.optional().describe("Only cases with this tag."),
});
/** The filter of the runs of one case. */
const caseRunFields = {
  kind: RunKind.optional(),
  test_step_id: z.coerce.number().int().positive().optional().describe("Runs of this step by itself."),
  status: RunStatus.optional(),
  flaky: z.stringbool({ truthy: ["true"], falsy: ["false"] }).optional(),
  principal: z.string().max(500).optional().describe("Who started it."),
  since: z.iso.datetime().optional().describe("Started at this time or later, UTC."),
  until: z.iso.datetime().optional().describe("Started before this time, UTC."),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: RunCursor.optional().describe("`next_cursor` of the page before."),
};
export const CaseRunsQuery = z.strictObject(caseRunFields);
export type CaseRunsQuery = z.infer<typeof CaseRunsQuery>;
export const RunsQuery = z.strictObject({
  test_case_id: z.coerce.number().int().positive().optional(),
  ...caseRunFields,
});
export const CasesPageQuery = z.object({ before: z.coerce.number().int().positive().optional() });
export const EventsQuery = z.strictObject({
  after_seq: z.coerce.number().int().nonnegative().default(0).describe("Only events with a higher number."),
});

// Bodies

/** Fields that answers have and requests may send back; their values are ignored. */
function readOnly<K extends string>(...fields: K[]): Record<K, z.ZodOptional<z.ZodUnknown>> {
  const ignored = z
    .unknown()
    .optional()
    .describe("Read-only: ignored, so that a client may send back what it got.");
  // The cast holds because the entries are made from every one of the fields.
  return Object.fromEntries(fields.map((field) => [field, ignored])) as Record<K, typeof ignored>;
}

const SeleniumScriptJson = z
  .union([z.string(), z.array(z.unknown())])
  .nullable()
  .describe("The commands: a JSON array, or the same as text. Null or empty: the step has no script yet.");

const stepFields = {
  step_number: z
    .int()
    .positive()
    .max(MAX_STEP_NUMBER)
    .optional()
    .describe("On a number that is taken, the steps from there on move up by one."),
  description: Text.min(1),
  expected_result: Text.optional(),
  actual_result: Text.nullable().optional(),
  status: TestStepStatus.optional(),
  transaction_code: Text.nullable().optional(),
  selenium_script: Text.nullable().optional().describe("Python, for people to read. Never executed."),
  selenium_script_json: SeleniumScriptJson.optional(),
  ...readOnly(
    "id",
    "test_case_id",
    "execution_status",
    "execution_time_ms",
    "last_executed_at",
    "error_message",
    "warnings",
    "verified",
    "verification",
    "checks",
    "not_understood",
  ),
};

export const NewTestStep = z.strictObject(stepFields);
export type NewTestStep = z.infer<typeof NewTestStep>;
export const TestStepChanges = NewTestStep.partial();
export type TestStepChanges = z.infer<typeof TestStepChanges>;

const caseFields = {
  name: Name,
  description: Text.optional(),
  status: TestCaseStatus.optional(),
  assigned_to: Text.nullable().optional(),
  requirements: Text.nullable().optional(),
  test_case_version: Text.nullable().optional(),
  tags: z.array(Tag).max(MAX_TAGS).optional().describe("Words by which cases are found; each counts once."),
  slug: Slug.nullable().optional(),
  environment: EnvironmentName.nullable()
    .optional()
    .describe("The environment of its runs, where none is asked for."),
};

/** Fields that a case is read with and that nobody sets. */
const readOnlyCaseFields = readOnly(
  "id",
  "generator",
  "steps_count",
  "warnings",
  "checks",
  "created_at",
  "updated_at",
);

export const NewTestCase = z.strictObject({
  ...caseFields,
  ...readOnlyCaseFields,
  steps: z.array(NewTestStep).max(1000).default([]),
});
export type NewTestCase = z.infer<typeof NewTestCase>;
export const TestCaseChanges = z
  .strictObject({
    ...caseFields,
    ...readOnlyCaseFields,
  })
  .partial();
export type TestCaseChanges = z.infer<typeof TestCaseChanges>;

export const AcceptedArtifact = z.strictObject({
  artifact_id: z
    .string()
    .min(1)
    .max(64)
    .describe("Id of a `screenshot_actual` that `verify_screenshot` kept in a run of this case."),
});

export const EnvironmentParams = z.object({ name: EnvironmentName });
export const EnvironmentChanges = z
  .strictObject({ ...environmentFields, ...readOnly("created_at", "updated_at") })
  .partial();
export type EnvironmentChanges = z.infer<typeof EnvironmentChanges>;

const flag = z.stringbool({ truthy: ["true"], falsy: ["false"] });
export const ImportQuery = z.strictObject({
  file: z.string().min(1).max(500).default("the body").describe("The file's name, for messages."),
  mode: z
    .enum(["create", "sync"])
    .default("create")
    .describe(
      "`create` makes every case anew; `sync` makes the server's cases those of the file, found by their slugs or, without one, their names.",
    ),
  prune: flag.default(false).describe("With `sync`: delete the cases that the file does not have."),
  dry_run: flag.default(false).describe("Only say what would be done."),
});
export const ImportChange = z.object({
  kind: z
    .enum(["created", "changed", "deleted", "unchanged", "extra"])
    .describe("`extra`: not in the file, and left as it is."),
  what: z.enum(["test_case", "environment"]),
  slug: z.string().nullable(),
  name: z.string(),
  fields: z.array(z.string()).describe("The fields that change."),
});
export const Imported = z.object({ applied: z.boolean(), changes: z.array(ImportChange) });

const commaList = z.string().transform((list) => list.split(",").map((item) => item.trim()));
export const ExportQuery = z.strictObject({
  format: z.enum(["yaml", "json"]).default("yaml"),
  ids: commaList
    .pipe(
      z.array(
        z
          .string()
          .regex(/^[1-9]\d{0,14}$/, { error: "must be ids" })
          .transform(Number),
      ),
    )
    .optional()
    .describe("Ids with commas between them; all cases unless given."),
  tags: commaList.optional().describe("Tags with commas between them: cases with at least one of them."),
});

export const LoginForm = z
  .object({ token: z.string().max(10_000).optional(), next: z.string().max(500).optional() })
  .nullish();

export const StepRunRequest = z.strictObject(RUN_OPTIONS);
export type StepRunRequest = z.infer<typeof StepRunRequest>;
export const CaseRunRequest = z.strictObject({ on_failure: OnFailure.default("stop"), ...RUN_OPTIONS });

export const GenerateRequest = z.strictObject({
  description: Text.describe(
    "Sentences, a list, labelled blocks, a Markdown table, spreadsheet cells, CSV or Gherkin.",
  ),
  ...PAGE_OPTIONS,
  idempotency_key: IdempotencyKey.optional(),
});
export const StepGenerateRequest = z.strictObject(PAGE_OPTIONS);
export type StepGenerateRequest = z.infer<typeof StepGenerateRequest>;
export const SeleniumChanges = z.strictObject({
  selenium_script: stepFields.selenium_script,
  selenium_script_json: stepFields.selenium_script_json,
});

// Answers

export const ErrorAnswer = z.object({
  error: z.object({
    code: z.string().describe("A stable word for programs."),
    message: z.string().describe("What is wrong and what to do, for people."),
    field: z.string().optional().describe("The field that is wrong, such as `steps.0.description`."),
    retry_after_ms: z.int().positive().optional().describe("When the same request may succeed."),
    faults: z
      .array(z.object({ file: z.string(), line: z.int(), column: z.int(), message: z.string() }))
      .optional()
      .describe("With `invalid_file`: everything that is wrong in it, each with its place."),
  }),
});

const Warnings = z
  .array(z.string())
  .describe("What the generator did not understand, or which data it asks for, in words for the author.");

export const TestStep = z.object({
  id: Id,
  test_case_id: Id,
  step_number: z.int().positive(),
  description: z.string(),
  expected_result: z.string(),
  actual_result: z.string().nullable(),
  status: TestStepStatus,
  transaction_code: z.string().nullable(),
  selenium_script: z.string().nullable(),
  selenium_script_json: z.string().nullable().describe("A JSON array of commands, as text."),
  execution_status: ExecutionStatus,
  execution_time_ms: z.int().nonnegative().nullable(),
  last_executed_at: Timestamp.nullable(),
  error_message: z.string().nullable(),
  warnings: Warnings,
  verified: Verified,
  verification: Verification.nullable(),
  checks: z
    .int()
    .nonnegative()
    .describe("Commands that check something. With 0 a pass says only that the others could be carried out."),
  not_understood: z
    .array(z.object({ text: z.string(), reason: z.string(), readings: z.array(z.string()).optional() }))
    .describe("Sentences that no command says; while there is one, the step does not pass."),
});

export const TestCaseSummary = z.object({
  id: Id,
  name: z.string(),
  description: z.string(),
  status: TestCaseStatus,
  assigned_to: z.string().nullable(),
  requirements: z.string().nullable(),
  test_case_version: z.string().nullable(),
  tags: z.array(z.string()).describe("In alphabetical order."),
  slug: Slug.nullable(),
  environment: z.string().nullable().describe("The environment of its runs, where none is asked for."),
  generator: z.string().nullable().describe("The generator that wrote the case; null when a person did."),
  steps_count: z.int().nonnegative(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export const TestCase = TestCaseSummary.extend({
  warnings: Warnings.describe("What the generator said of the whole description when it wrote the case."),
  checks: z.int().nonnegative().describe("Commands of all steps that check something."),
  steps: z.array(TestStep),
});
export const TestCasePage = z.object({
  items: z.array(TestCaseSummary),
  next_cursor: z.string().nullable().describe("Null on the last page."),
});
export const Deleted = z.object({ id: Id, deleted: z.literal(true) });

const generation = {
  generator: GeneratorName,
  warnings: z.array(z.string()).describe("Sentences that were understood only in part, or not at all."),
};
export const GeneratedCase = z.object({
  ...GENERATED,
  run_id: z.string().optional().describe("The run that tried it on the open page."),
});
export const GeneratedStep = TestStep.extend(generation);
export const GeneratedSteps = z.object({
  test_case: TestCase,
  generated: z.int().nonnegative().describe("How many steps have a new script."),
  warnings: generation.warnings,
  errors: z
    .array(z.object({ step_id: Id, step_number: z.int(), code: z.string(), message: z.string() }))
    .describe("Steps that could not be understood; their scripts stay as they were."),
});

export const Environment = z.object({
  name: z.string(),
  base_url: z.string().nullable(),
  variables: z.record(z.string(), z.string()),
  secrets: z.record(z.string(), z.string()).describe("Names of secrets, never their values."),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export const Environments = z.object({ items: z.array(Environment) });
export const DeletedEnvironment = z.object({ name: z.string(), deleted: z.literal(true) });

const Count = z.int().nonnegative();
export const Stats = z.object({
  test_cases: z.object({ total: Count, by_status: z.record(TestCaseStatus, Count) }),
  test_steps: z.object({ total: Count, by_execution_status: z.record(ExecutionStatus, Count) }),
  runs: z.object({
    total: Count,
    by_status: z.record(RunStatus, Count),
    flaky: Count.describe("Passed, but not at the first attempt."),
    pass_rate: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe("Passed of all that ended; null before the first."),
  }),
});

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
  error_message: z.string().nullable(),
  attempts: z
    .int()
    .positive()
    .describe("How many times it was carried out; more than one only with retries."),
  flaky: z.boolean().describe("Passed, but not at the first attempt."),
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
export const Artifacts = z.object({ items: z.array(Artifact) });

export const Baseline = z.object({
  id: z.string(),
  test_case_id: Id,
  name: z.string().describe("The name that `verify_screenshot` has for it."),
  variant: z.string().describe("The browser, viewport and scale that it is of, such as `chrome-1280x720@1`."),
  url: z.string().describe("Path of the picture, a PNG."),
  bytes: z.int().nonnegative(),
  accepted_at: Timestamp,
  accepted_by: z.string().nullable(),
});
export const BaselineList = z.object({ items: z.array(Baseline) });
export const DeletedBaseline = z.object({ id: z.string(), deleted: z.literal(true) });

const Check = z.object({ ok: z.boolean(), message: z.string().optional() });
export const Health = z.object({ status: z.literal("ok") });
export const Readiness = z.object({
  status: z.enum(["ok", "unavailable"]),
  checks: z.object({ database: Check, browser: Check, disk: Check.optional() }),
});

// OpenAPI shows these as components. Named in the registry that also holds the descriptions.
for (const [id, schema] of Object.entries({
  Artifact,
  Baseline,
  Environment,
  ErrorAnswer,
  NewTestCase,
  NewTestStep,
  Run,
  TestCase,
  TestCaseSummary,
  TestStep,
})) {
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id });
}
