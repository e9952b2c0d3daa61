import { z } from "zod";
import { EnvironmentName, EnvironmentVariables } from "./environments.js";
import { IDEMPOTENCY_HOURS, IDEMPOTENCY_KEY_LENGTH, MAX_DEADLINE_SECONDS } from "./limits.js";
import { RequestId } from "./request-id.js";

// Fields that several messages have.

export const Id = z.int().positive();

export const request = { request_id: RequestId.optional() };

export const IdempotencyKey = z
  .string()
  .min(IDEMPOTENCY_KEY_LENGTH.min)
  .max(IDEMPOTENCY_KEY_LENGTH.max)
  .describe(
    `Random, one for each thing to be done: a request of the same principal that comes again with it within ${IDEMPOTENCY_HOURS} hours starts nothing and is answered with what the first one started. Another request with it is refused as \`conflict\`.`,
  );

export const idempotent = { idempotency_key: IdempotencyKey.optional() };

const Deadline = z.number().positive().max(MAX_DEADLINE_SECONDS);

export const deadlines = {
  step_timeout: Deadline.optional().describe("Longest time of a step in seconds; at most `STEP_TIMEOUT`."),
  run_timeout: Deadline.optional().describe("Longest time of the run in seconds; at most `RUN_TIMEOUT`."),
};

/** Data of a run beside its commands. */
export const given = {
  environment: EnvironmentName.optional().describe(
    "Name of the environment that the run is given; the case's own unless given.",
  ),
  variables: EnvironmentVariables.optional().describe(
    "What `${env.NAME}` stands for in this run, before what the environment has. No secrets: they are kept as they are.",
  ),
};

/** Fields of every event of a run. */
export const runEvent = {
  run_id: z.string(),
  seq: z.int().positive().describe("1, 2, 3 … within the run, without gaps."),
  ts: z.iso.datetime().describe("When it happened, UTC."),
  request_id: RequestId.optional(),
};

export const RetryAfter = z
  .int()
  .positive()
  .describe(
    "With `rate_limited`, `ai_budget_spent` and `database_unavailable`: when to try again, in milliseconds.",
  );
