import { z } from "zod";

/** The progress of people with a test case. */
export const TestCaseStatus = z.enum(["draft", "approved", "in_progress", "completed", "failed"]);
export type TestCaseStatus = z.infer<typeof TestCaseStatus>;

/** The verdict of a person on a step. */
export const TestStepStatus = z.enum(["not_started", "passed", "failed", "blocked"]);
export type TestStepStatus = z.infer<typeof TestStepStatus>;

/** The verdict of the last run on a step. */
export const ExecutionStatus = z.enum(["not_run", "running", "passed", "failed", "error"]);
export type ExecutionStatus = z.infer<typeof ExecutionStatus>;

export const RunStatus = z.enum(["queued", "running", "passed", "failed", "error"]);
export type RunStatus = z.infer<typeof RunStatus>;
