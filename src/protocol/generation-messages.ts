import { z } from "zod";
import { PageUrl } from "./commands/fields.js";
import { ErrorCode } from "./errors.js";
import { MAX_DESCRIPTION_LENGTH } from "./limits.js";
import { deadlines, given, Id, idempotent, request, RetryAfter, runEvent } from "./message-fields.js";
import { TriedSentence, Verified } from "./verification.js";

// Client → server

/** Options of a generation on the open page. */
export const PAGE_OPTIONS = {
  start_url: PageUrl.optional().describe(
    "Open this page and try each sentence on it, as a run of kind `generation`; a path belongs to the environment's base URL, which is opened where only an `environment` is given. Only its host, hosts that the description names, and `ALLOWED_HOSTS` are opened.",
  ),
  ...given,
  ...deadlines,
};

/** Tells if a request is for a generation on the open page. */
export function asksForPage({
  start_url,
  environment,
  variables,
}: Pick<GenerateTestCase, "start_url" | "environment" | "variables">): boolean {
  return [start_url, environment, variables].some((one) => one !== undefined);
}

export const GenerateTestCase = z
  .strictObject({
    type: z.literal("generate_test_case"),
    description: z
      .string()
      .max(MAX_DESCRIPTION_LENGTH)
      .regex(/\S/, { error: "must not be empty" })
      .describe("Sentences, a list, labelled blocks, a Markdown table, spreadsheet cells, CSV or Gherkin."),
    ...PAGE_OPTIONS,
    ...idempotent,
    ...request,
  })
  .describe("Write the test cases of a description; its format is found.");
export type GenerateTestCase = z.infer<typeof GenerateTestCase>;

export const GenerateStepScript = z
  .strictObject({
    type: z.literal("generate_step_script"),
    step_id: Id,
    ...PAGE_OPTIONS,
    ...idempotent,
    ...request,
  })
  .describe(
    "Write the script of a step from its description, in place of the one it has. Where the case begins with `navigate`, or with a `start_url`, the steps before it are run first and its sentences are tried on the page.",
  );
export type GenerateStepScript = z.infer<typeof GenerateStepScript>;

// Server → client. Those of a generation on the open page are events of its run.

/** The fields of a run's event, on messages that also come outside of one. */
const stampedInARun = z.object(runEvent).partial().shape;

export const AiUsage = z
  .object({
    calls: z.int().nonnegative(),
    input_tokens: z.int().nonnegative(),
    output_tokens: z.int().nonnegative(),
    cost: z
      .number()
      .nonnegative()
      .nullable()
      .describe("Money by `AI_PRICES`; null where the model has no price."),
    is_estimate: z
      .boolean()
      .describe("The AI server has not told the tokens of every call: they are reckoned from the texts."),
  })
  .describe("What calls of a language model have taken.");
export type AiUsage = z.infer<typeof AiUsage>;

export const GeneratorName = z.enum(["openai", "plain-english"]);
export type GeneratorName = z.infer<typeof GeneratorName>;

export const GenerationProgress = z
  .object({
    type: z.literal("generation_progress"),
    step: z.int().positive(),
    total: z.int().positive(),
    message: z.string(),
    progress: z.int().min(0).max(100).describe("Per cent."),
    generator: GeneratorName,
    step_number: Id.optional().describe("The step of the case that the sentence belongs to."),
    test_case_number: Id.optional().describe(
      "The case of the description that is tried on the page, from 1; missing where there is only one.",
    ),
    test_case_count: Id.optional().describe("Beside `test_case_number`: the cases of the description."),
    sentence: TriedSentence.optional().describe("The sentence that was just tried on the page."),
    image: z.string().optional().describe("As in `screenshot`, after a sentence."),
    url: z.string().optional().describe("Path of the same picture on this server."),
    ai_usage: AiUsage.optional().describe("Of the calls of a language model since the last such message."),
    ...stampedInARun,
  })
  .describe("A stage of the generation begins, or a sentence was tried on the page.");

const written = {
  generator: GeneratorName,
  warnings: z.array(z.string()).describe("Sentences that were understood only in part, or not at all."),
};

export const DescriptionFormat = z
  .enum(["text", "list", "blocks", "table", "tsv", "csv", "gherkin"])
  .describe(
    "The format that the description was found to be in: sentences, a list, labelled blocks (preconditions, steps, " +
      "expected results), a table of Markdown, cells pasted from a spreadsheet, CSV, or Gherkin.",
  );
export type DescriptionFormat = z.infer<typeof DescriptionFormat>;

/** A case that was generated, in the answer to the request for it. */
const GENERATED_CASE = {
  test_case_id: Id,
  test_case_name: z.string(),
  steps_count: z.int().positive(),
  redirect_url: z.string(),
};

/** The fields that say what was generated of a description, over each way in. */
export const GENERATED = {
  success: z.literal(true),
  ...GENERATED_CASE,
  steps: z.array(z.object({ step_number: Id, verified: Verified })),
  ...written,
  format: DescriptionFormat,
  test_cases: z
    .array(z.object({ ...GENERATED_CASE, verified: Verified }))
    .describe("All cases of the description, in its order; the fields above are those of the first."),
  ai_usage: AiUsage.optional().describe("Of every call of a language model."),
};

export const GenerationComplete = z
  .object({ type: z.literal("generation_complete"), ...GENERATED, ...stampedInARun })
  .describe("Every case of the description is saved, with all its steps.");

export const StepScriptGenerated = z
  .object({
    type: z.literal("step_script_generated"),
    step_id: Id,
    test_case_id: Id,
    commands: TriedSentence.shape.commands,
    verified: Verified,
    ...written,
    ai_usage: AiUsage.optional().describe("Of every call of a language model."),
    ...stampedInARun,
  })
  .describe("The step has its new script, which is saved.");

export const GenerationError = z
  .object({
    type: z.literal("generation_error"),
    success: z.literal(false),
    error: z.string(),
    code: ErrorCode,
    retry_after_ms: RetryAfter.optional(),
    ...stampedInARun,
  })
  .describe("Nothing was saved.");

/** The same as events of a run. */
export const GENERATION_EVENTS = [
  GenerationProgress.extend(runEvent).describe(GenerationProgress.description ?? ""),
  GenerationComplete.extend(runEvent).describe(GenerationComplete.description ?? ""),
  StepScriptGenerated.extend(runEvent).describe(StepScriptGenerated.description ?? ""),
  GenerationError.extend(runEvent).describe(GenerationError.description ?? ""),
] as const;
