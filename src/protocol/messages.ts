import { z } from "zod";
import { browsers } from "./browsers.js";
import { ErrorCode } from "./errors.js";
import {
  GENERATION_EVENTS,
  GenerateStepScript,
  GenerateTestCase,
  GenerationComplete,
  GenerationError,
  GenerationProgress,
  StepScriptGenerated,
} from "./generation-messages.js";
import { MAX_RETRIES, PRIORITY } from "./limits.js";
import { deadlines, given, Id, idempotent, request, RetryAfter, runEvent } from "./message-fields.js";
import { RequestId } from "./request-id.js";
import { SESSION_ANSWERS, SESSION_REQUESTS } from "./session-messages.js";

export {
  AiUsage,
  DescriptionFormat,
  GenerateStepScript,
  GenerateTestCase,
  GenerationComplete,
  GenerationProgress,
  GeneratorName,
  StepScriptGenerated,
} from "./generation-messages.js";
export { IdempotencyKey } from "./message-fields.js";
export { RequestId };

// Client → server

/** Options of a run, whatever it runs. */
export const RUN_OPTIONS = {
  retries: z
    .int()
    .min(0)
    .max(MAX_RETRIES)
    .optional()
    .describe("How often the run may be tried again from its start when it does not pass; 0 unless given."),
  video: z
    .boolean()
    .optional()
    .describe("Whether the run is recorded as a video; as `VIDEO` says unless given."),
  priority: z
    .int()
    .min(PRIORITY.min)
    .max(PRIORITY.max)
    .optional()
    .describe(
      `Order among the waiting runs of the same principal, from ${PRIORITY.min} to ${PRIORITY.max}: the highest goes first; ${PRIORITY.default} unless given.`,
    ),
  ...deadlines,
  ...given,
  ...browsers,
  ...idempotent,
};

export const ExecuteStep = z
  .strictObject({ type: z.literal("execute_step"), step_id: Id, ...RUN_OPTIONS, ...request })
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
    ...RUN_OPTIONS,
    ...request,
  })
  .describe("Run every step of a case, in the order of their numbers, in one browser session.");
export type ExecuteAll = z.infer<typeof ExecuteAll>;

const control = <T extends string>(type: T, description: string) =>
  z
    .strictObject({ type: z.literal(type), run_id: z.string().min(1).max(64), ...request })
    .describe(description);

export const Cancel = control(
  "cancel",
  "Stop a run. Its step under way ends as `error` with the message `Cancelled`.",
);
export type Cancel = z.infer<typeof Cancel>;

export const Pause = control("pause", "Hold a run before its next command.");
export type Pause = z.infer<typeof Pause>;

export const Resume = control("resume", "Let a run that is paused go on.");
export type Resume = z.infer<typeof Resume>;

export const Step = control("step", "Let a run that is paused carry out one command, then hold it again.");
export type Step = z.infer<typeof Step>;

export const CLIENT_MESSAGES = {
  execute_step: ExecuteStep,
  execute_all: ExecuteAll,
  generate_test_case: GenerateTestCase,
  generate_step_script: GenerateStepScript,
  cancel: Cancel,
  pause: Pause,
  resume: Resume,
  step: Step,
  ...SESSION_REQUESTS,
} as const;

export const ClientMessage = z.discriminatedUnion("type", [
  ExecuteStep,
  ExecuteAll,
  GenerateTestCase,
  GenerateStepScript,
  Cancel,
  Pause,
  Resume,
  Step,
  ...Object.values(SESSION_REQUESTS),
]);
export type ClientMessage = z.infer<typeof ClientMessage>;

// Server → client: the events of a run

export const Verdict = z.enum(["passed", "failed", "error"]);
/**
 * The verdict of a step or a run. `failed`: the application did not do what the step expects.
 * `error`: the runner could not judge (bad script, browser lost, deadline, cancelled).
 */
export type Verdict = z.infer<typeof Verdict>;

export const ArtifactKind = z.enum([
  "screenshot",
  "page_source",
  "console",
  "network",
  "commands",
  "download",
  "video",
  "accessibility",
  "screenshot_expected",
  "screenshot_actual",
  "screenshot_diff",
]);
export type ArtifactKind = z.infer<typeof ArtifactKind>;

export const ArtifactReference = z.object({ kind: ArtifactKind, url: z.string() });
export type ArtifactReference = z.infer<typeof ArtifactReference>;

const attemptFields = (flaky: string) => ({
  attempt: z.int().positive().describe("Which attempt this is, from 1; higher only with `retries`."),
  flaky: z.boolean().describe(flaky),
});

const StepOrGeneration = Id.nullable().describe("Null in a generation, whose steps are not saved yet.");

export const Queued = z
  .object({ type: z.literal("queued"), position: z.int().positive(), ...runEvent })
  .describe(
    "The run waits for a free browser; `position` 1 is next. Sent only when it has to wait. Requests of others in the queue of a Selenium Grid are counted, too.",
  );

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
    image: z
      .string()
      .describe(
        "A JPEG, or a PNG with some browsers, in Base64; empty when the server sends URLs (`SCREENSHOTS=url`).",
      ),
    url: z.string().describe("Path of the same picture on this server."),
    ...runEvent,
  })
  .describe("What the page looked like after a command.");

export const Artifact = z
  .object({
    type: z.literal("artifact"),
    step_id: Id,
    step: z.int().nonnegative().describe("Number of the command that kept it; 0 for the video of the run."),
    kind: ArtifactKind,
    name: z.string().nullable().describe("What people call it, or the name of a downloaded file."),
    url: z.string().describe("Path of the file on this server."),
    ...runEvent,
  })
  .describe("Something was kept: a picture or a download by a command, or the video of the run.");

export const Log = z
  .object({
    type: z.literal("log"),
    step_id: StepOrGeneration,
    step: z.int().nonnegative().describe("Number of the command that it comes from; 0 when from none."),
    level: z.enum(["info", "warning"]),
    message: z.string(),
    ...runEvent,
  })
  .describe("A message of the script, or something about a command that is worth knowing.");

export const Paused = z
  .object({
    type: z.literal("paused"),
    step_id: StepOrGeneration,
    step: z.int().nonnegative().describe("Number of the command that began last; 0 before the first."),
    message: z.string(),
    ...runEvent,
  })
  .describe(
    "The run is held until `resume`, `step` or `cancel`, until its deadline, or until others have waited for `PAUSE_HOLD`.",
  );

export const Resumed = z
  .object({ type: z.literal("resumed"), step_id: StepOrGeneration, step: z.int().nonnegative(), ...runEvent })
  .describe("The run goes on, after `step` for one command only.");

export const AttemptFailed = z
  .object({
    type: z.literal("attempt_failed"),
    step_id: Id.describe("The step that did not pass."),
    attempt: z.int().positive().describe("Number of the attempt that ends here."),
    attempts: z.int().positive().describe("How many there can be in all."),
    status: Verdict.exclude(["passed"]),
    error_message: z.string(),
    artifacts: z.array(ArtifactReference),
    ...runEvent,
  })
  .describe("The run did not pass and begins again at its first step, in a fresh browser session.");

export const ExecutionComplete = z
  .object({
    type: z.literal("execution_complete"),
    step_id: Id,
    status: z.enum([...Verdict.options, "skipped"]),
    message: z.string(),
    execution_time_ms: z.int().nonnegative(),
    error_message: z.string().nullable(),
    actual_result: z.string().nullable(),
    artifacts: z
      .array(ArtifactReference)
      .describe(
        "What the commands kept and, unless the step passed, what tells why: a picture, the page source, the console, requests that failed, and the last commands. With the last step that is run, the video, if there is one.",
      ),
    checks: z
      .int()
      .nonnegative()
      .describe(
        "Commands of the step that check something. With 0 a pass says only that the others could be carried out.",
      ),
    ...attemptFields("The step did not pass in an earlier attempt and passes now."),
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
    checks: z.int().nonnegative().describe("Commands of the steps that were run that check something."),
    execution_time_ms: z.int().nonnegative(),
    ...attemptFields("The run passes, but not at the first attempt."),
    ...runEvent,
  })
  .describe("The run of a case has ended.");

/** Events of runs that execute; those of a generation come outside of runs too, and then have no numbers. */
const EXECUTION_EVENTS = [
  Queued,
  ExecutionStarted,
  StatusUpdate,
  Progress,
  Screenshot,
  Artifact,
  Log,
  Paused,
  Resumed,
  AttemptFailed,
  ExecutionComplete,
  AllStepsComplete,
] as const;

export const RunEvent = z.discriminatedUnion("type", [...EXECUTION_EVENTS, ...GENERATION_EVENTS]);
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
    retry_after_ms: RetryAfter.optional(),
    step_id: Id.nullable().describe("As in the request, where it named one."),
    test_case_id: Id.optional(),
    run_id: z.string().optional(),
    request_id: RequestId.optional(),
  })
  .describe("The request could not be carried out at all, and nothing was started.");

const accepted = <T extends string>(type: T, description: string) =>
  z
    .object({ type: z.literal(type), run_id: z.string(), request_id: RequestId.optional() })
    .describe(description);

export const CancelAccepted = accepted(
  "cancel_accepted",
  "The run is being stopped; its own events tell when it has ended.",
);
export const PauseAccepted = accepted(
  "pause_accepted",
  "The run will be held before its next command; its event `paused` tells when.",
);
export const ResumeAccepted = accepted("resume_accepted", "The run goes on.");
export const StepAccepted = accepted("step_accepted", "The run goes on for one command.");

export const ServerMessage = z.discriminatedUnion("type", [
  ...EXECUTION_EVENTS,
  ExecutionError,
  CancelAccepted,
  PauseAccepted,
  ResumeAccepted,
  StepAccepted,
  GenerationProgress,
  GenerationComplete,
  StepScriptGenerated,
  GenerationError,
  ...SESSION_ANSWERS,
]);
export type ServerMessage = z.infer<typeof ServerMessage>;
