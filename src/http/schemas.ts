import { z } from "zod";
import { environmentFields, EnvironmentName } from "../protocol/environments.js";
import { Id, readOnly, Tag, Timestamp } from "../protocol/rest/fields.js";
import { Artifact, Run, RunKind } from "../protocol/rest/runs.js";
import {
  NewTestCase,
  NewTestStep,
  TestCase,
  TestCaseSummary,
  TestStep,
} from "../protocol/rest/test-cases.js";
import { ExecutionStatus, RunStatus, TestCaseStatus } from "../protocol/statuses.js";
import { Cursor, RunCursor } from "./cursor.js";

export * from "../protocol/rest/ai-usage.js";
export * from "../protocol/rest/files.js";
export * from "../protocol/rest/runs.js";
export * from "../protocol/rest/test-cases.js";

// Paths and queries

export const AiUsageQuery = z.object({
  days: z.coerce.number().int().min(1).max(366).default(31).describe("How many days back, today included."),
});
export const TestCaseParams = z.object({ id: z.coerce.number().int().positive() });
export const StepParams = TestCaseParams.extend({ stepId: z.coerce.number().int().positive() });
export const OfferedCheckParams = TestCaseParams.extend({
  index: z.coerce.number().int().nonnegative().describe("Among all `offered_checks` of the step, from 0."),
});
export const BaselineParams = TestCaseParams.extend({ baselineId: z.string().min(1).max(64) });
export const StringIdParams = z.object({ id: z.string().min(1).max(64) });
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: Cursor.optional().describe("`next_cursor` of the page before."),
});
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
export const HistoryQuery = z.strictObject({
  test_step_id: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe("Runs of this step by itself, in place of those of the whole case."),
});
export const ComparisonQuery = z.strictObject({
  with: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe("The other run; the last one of the same case or step that passed before it, unless given."),
});
export const EventsQuery = z.strictObject({
  after_seq: z.coerce.number().int().nonnegative().default(0).describe("Only events with a higher number."),
});

// Bodies

export const AcceptedArtifact = z
  .strictObject({
    artifact_id: z
      .string()
      .min(1)
      .max(64)
      .describe("Id of a `screenshot_actual` that `verify_screenshot` kept in a run of this case."),
  })
  .meta({ examples: [{ artifact_id: "0f6a2c1e-8f3d-4c57-9a41-6d2b1e7c9f10" }] });

export const EnvironmentParams = z.object({ name: EnvironmentName });
export const EnvironmentChanges = z
  .strictObject({ ...environmentFields, ...readOnly("created_at", "updated_at") })
  .partial()
  .meta({ examples: [{ base_url: "https://staging-2.shop.example" }] });
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
  checks: z.object({ server: Check.optional(), database: Check, browser: Check, disk: Check.optional() }),
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
