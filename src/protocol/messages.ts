import { z } from "zod";
import { ErrorCode } from "./errors.js";
import { MAX_DESCRIPTION_LENGTH, MAX_REQUEST_ID_LENGTH } from "./limits.js";

const Id = z.int().positive();

export const RequestId = z
  .string()
  .min(1)
  .max(MAX_REQUEST_ID_LENGTH)
  .describe("Chosen by the client; comes back on every message that answers the request.");

const request = { request_id: RequestId.optional() };

// Client → server

export const ExecuteStep = z
  .strictObject({ type: z.literal("execute_step"), step_id: Id, ...request })
  .describe("Run one step, with step 1 (login) of its case run first in the same browser session.");
export type ExecuteStep = z.infer<typeof ExecuteStep>;

export const OnFailure = z.enum(["stop", "continue"]);
export type OnFailure = z.infer<typeof OnFailure>;

export const ExecuteAll = z
  .strictObject({
    type: z.literal("execute_all"),
    test_case_id: Id,
    on_failure: OnFailure.optional().describe(
      "`stop` (default): the steps after the first that is not passed are skipped.",
    ),
    ...request,
  })
  .describe("Run every step of a case, in the order of their numbers, in one browser session.");
export type ExecuteAll = z.infer<typeof ExecuteAll>;

export const GenerateTestCase = z
  .strictObject({
    type: z.literal("generate_test_case"),
    description: z.string().trim().min(1).max(MAX_DESCRIPTION_LENGTH),
    ...request,
  })
  .describe("Write a test case from a description in plain English.");
export type GenerateTestCase = z.infer<typeof GenerateTestCase>;

export const Cancel = z
  .strictObject({ type: z.literal("cancel"), run_id: z.string().min(1).max(64), ...request })
  .describe("Stop a run. Its steps under way end as `error` with the message `Cancelled`.");
export type Cancel = z.infer<typeof Cancel>;

export const CLIENT_MESSAGES = {
  execute_step: ExecuteStep,
  execute_all: ExecuteAll,
  generate_test_case: GenerateTestCase,
  cancel: Cancel,
} as const;

export const ClientMessage = z.discriminatedUnion("type", [
  ExecuteStep,
  ExecuteAll,
  GenerateTestCase,
  Cancel,
]);
export type ClientMessage = z.infer<typeof ClientMessage>;

// Server → client: the events of a run

/** What every event of a run carries. */
const runEvent = {
  run_id: z.string(),
  seq: z.int().positive().describe("1, 2, 3 … within the run, without gaps."),
  ts: z.iso.datetime().describe("When it happened, UTC."),
  request_id: RequestId.optional(),
};

export const Verdict = z.enum(["passed", "failed", "error"]);
/**
 * How a step or a run ended. `failed`: the application did not do what the step expects.
 * `error`: the runner could not judge (bad script, browser lost, deadline, cancelled).
 */
export type Verdict = z.infer<typeof Verdict>;

export const ArtifactKind = z.enum(["screenshot", "page_source"]);
export type ArtifactKind = z.infer<typeof ArtifactKind>;

export const ArtifactReference = z.object({ kind: ArtifactKind, url: z.string() });
export type ArtifactReference = z.infer<typeof ArtifactReference>;

export const Queued = z
  .object({ type: z.literal("queued"), position: z.int().positive(), ...runEvent })
  .describe("The run waits for a free browser; `position` 1 is next. Sent only when it has to wait.");

export const ExecutionStarted = z
  .object({ type: z.literal("execution_started"), step_id: Id, ...runEvent })
  .describe("A step begins.");

export const StatusUpdate = z
  .object({
    type: z.literal("status_update"),
    step_id: Id,
    status: z.literal("running"),
    message: z.string(),
    ...runEvent,
  })
  .describe("What is being run.");

export const Progress = z
  .object({
    type: z.literal("progress"),
    step_id: Id,
    step: z.int().nonnegative().describe("Number of the command that begins, 1-based; 0 before the first."),
    total: z.int().nonnegative().describe("Commands in all, those of a prepended login included."),
    action: z.string(),
    message: z.string(),
    ...runEvent,
  })
  .describe("A command begins.");

export const Screenshot = z
  .object({
    type: z.literal("screenshot"),
    step_id: Id,
    step: z.int().positive().describe("Number of the command that the picture follows."),
    image: z.string().describe("JPEG in Base64; empty when the server sends URLs (`SCREENSHOTS=url`)."),
    url: z.string().describe("Path of the same picture on this server."),
    ...runEvent,
  })
  .describe("What the page looked like after a command.");

export const ExecutionComplete = z
  .object({
    type: z.literal("execution_complete"),
    step_id: Id,
    status: z.enum([...Verdict.options, "skipped"]),
    message: z.string(),
    execution_time_ms: z.int().nonnegative(),
    error_message: z.string().nullable(),
    actual_result: z.string().nullable(),
    artifacts: z.array(ArtifactReference).describe("Kept on failure: a screenshot and the page source."),
    ...runEvent,
  })
  .describe("A step has its verdict, which is saved already.");

export const AllStepsComplete = z
  .object({
    type: z.literal("all_steps_complete"),
    test_case_id: Id,
    status: Verdict.describe("The worst verdict of the steps: error, failed, passed."),
    passed: z.int().nonnegative(),
    failed: z.int().nonnegative(),
    error: z.int().nonnegative(),
    skipped: z.int().nonnegative(),
    execution_time_ms: z.int().nonnegative(),
    ...runEvent,
  })
  .describe("The run of a case has ended.");

export const RunEvent = z.discriminatedUnion("type", [
  Queued,
  ExecutionStarted,
  StatusUpdate,
  Progress,
  Screenshot,
  ExecutionComplete,
  AllStepsComplete,
]);
/** One numbered message of a run. */
export type RunEvent = z.infer<typeof RunEvent>;

type WithoutStamp<E> = E extends unknown ? Omit<E, "run_id" | "seq" | "ts" | "request_id"> : never;
/** A run event before the event log has stamped it with its run, number and time. */
export type RunEventBody = WithoutStamp<RunEvent>;

// Server → client: everything else

export const ExecutionError = z
  .object({
    type: z.literal("execution_error"),
    error: z.string(),
    code: ErrorCode,
    step_id: Id.nullable().describe("As in the request, where it named one."),
    test_case_id: Id.optional(),
    run_id: z.string().optional(),
    request_id: RequestId.optional(),
  })
  .describe("The request could not be carried out at all, and nothing was started.");

export const CancelAccepted = z
  .object({ type: z.literal("cancel_accepted"), run_id: z.string(), request_id: RequestId.optional() })
  .describe("The run is being stopped; its own events tell when it has ended.");

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
    request_id: RequestId.optional(),
  })
  .describe("A stage of the generation begins.");

export const GenerationComplete = z
  .object({
    type: z.literal("generation_complete"),
    success: z.literal(true),
    test_case_id: Id,
    test_case_name: z.string(),
    steps_count: z.int().positive(),
    redirect_url: z.string(),
    generator: GeneratorName,
    warnings: z.array(z.string()).describe("Sentences that were understood only in part, or not at all."),
    request_id: RequestId.optional(),
  })
  .describe("The case and all its steps are saved.");

export const GenerationError = z
  .object({
    type: z.literal("generation_error"),
    success: z.literal(false),
    error: z.string(),
    code: ErrorCode,
    request_id: RequestId.optional(),
  })
  .describe("Nothing was saved.");

export const ServerMessage = z.discriminatedUnion("type", [
  ...RunEvent.options,
  ExecutionError,
  CancelAccepted,
  GenerationProgress,
  GenerationComplete,
  GenerationError,
]);
export type ServerMessage = z.infer<typeof ServerMessage>;
