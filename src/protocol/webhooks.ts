import { z } from "zod";
import { Verdict } from "./messages.js";

const Time = z.iso.datetime();

/**
 * The body of a webhook, in the form of Standard Webhooks:
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const RunFinished = z
  .object({
    type: z.literal("run.finished"),
    timestamp: Time.describe("When the run finished, in UTC."),
    data: z.object({
      run_id: z.string(),
      kind: z.enum(["step", "case", "generation"]),
      test_case_id: z.int().positive().nullable().describe("Null for a generation that has saved no case."),
      test_case_name: z.string().nullable(),
      test_step_id: z.int().positive().nullable().describe("Null for a run of a whole case."),
      status: Verdict,
      error_message: z.string().nullable().describe("Masked as it was stored."),
      attempts: z.int().positive().describe("How many times the run was carried out."),
      flaky: z.boolean().describe("It passed, but not at the first attempt."),
      environment: z.string().nullable(),
      started_at: Time.nullable().describe("Null for a run that never began."),
      finished_at: Time,
      page: z.string().describe("Path of the run's page on the server."),
    }),
  })
  .describe("A run has its verdict.");
export type RunFinished = z.infer<typeof RunFinished>;
