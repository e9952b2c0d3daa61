import { z } from "zod";
import { Slug, TypingDelay } from "../case-fields.js";
import { EnvironmentName } from "../environments.js";
import { GENERATED, PAGE_OPTIONS } from "../generation-messages.js";
import { AiUsage, GeneratorName, IdempotencyKey } from "../messages.js";
import { ExecutionStatus, TestCaseStatus, TestStepStatus } from "../statuses.js";
import { Verification, Verified } from "../verification.js";
import { Id, Name, readOnly, Tag, Text, Timestamp } from "./fields.js";

/** Highest number a step can have. */
const MAX_STEP_NUMBER = 10_000;

/** Most tags of one case. */
const MAX_TAGS = 50;

// Bodies

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
  script: SeleniumScriptJson.optional().describe(
    "The same as `selenium_script_json`, for people who write it.",
  ),
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

const STEP_EXAMPLE = {
  description: "Search for a fox",
  expected_result: "The results are about foxes",
  selenium_script_json: [
    { action: "navigate", url: "https://example.com/" },
    { action: "input", locator_type: "label", locator_value: "Search", text: "fox" },
    { action: "click", locator_type: "role", locator_value: "button", locator_name: "Search" },
    { action: "verify_text", locator_type: "role", locator_value: "main", expected_text: "fox" },
  ],
};

export const NewTestStep = z.strictObject(stepFields).meta({ examples: [STEP_EXAMPLE] });
export type NewTestStep = z.infer<typeof NewTestStep>;
export const TestStepChanges = NewTestStep.partial().meta({
  examples: [{ description: "Search for two foxes" }],
});
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
  typing_delay: TypingDelay.nullable().optional(),
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

export const NewTestCase = z
  .strictObject({
    ...caseFields,
    ...readOnlyCaseFields,
    steps: z.array(NewTestStep).max(1000).default([]),
  })
  .meta({ examples: [{ name: "Search", tags: ["smoke"], steps: [STEP_EXAMPLE] }] });
export type NewTestCase = z.infer<typeof NewTestCase>;
export const TestCaseChanges = z
  .strictObject({
    ...caseFields,
    ...readOnlyCaseFields,
  })
  .partial()
  .meta({ examples: [{ name: "Search for foxes", status: "approved" }] });
export type TestCaseChanges = z.infer<typeof TestCaseChanges>;

export const GenerateRequest = z
  .strictObject({
    description: Text.describe(
      "Sentences, a list, labelled blocks, a Markdown table, spreadsheet cells, CSV or Gherkin.",
    ),
    ...PAGE_OPTIONS,
    idempotency_key: IdempotencyKey.optional(),
  })
  .meta({
    examples: [
      {
        description:
          "Open https://example.com/. Click the More information link. Check that the page shows Example.",
      },
    ],
  });
export const StepGenerateRequest = z
  .strictObject(PAGE_OPTIONS)
  .meta({ examples: [{ start_url: "https://app.example.com/login", environment: "staging" }] });
export type StepGenerateRequest = z.infer<typeof StepGenerateRequest>;
export const SeleniumChanges = z
  .strictObject({
    selenium_script: stepFields.selenium_script,
    selenium_script_json: stepFields.selenium_script_json,
    script: stepFields.script,
  })
  .meta({ examples: [{ script: [{ action: "click", locator_type: "id", locator_value: "save" }] }] });

// Answers

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
  typing_delay: TypingDelay.nullable(),
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
export const GeneratedStep = TestStep.extend({
  ...generation,
  ai_usage: AiUsage.optional().describe("Of every call of a language model."),
});
export const GeneratedSteps = z.object({
  test_case: TestCase,
  generated: z.int().nonnegative().describe("How many steps have a new script."),
  warnings: generation.warnings,
  errors: z
    .array(z.object({ step_id: Id, step_number: z.int(), code: z.string(), message: z.string() }))
    .describe("Steps that could not be understood; their scripts stay as they were."),
});
