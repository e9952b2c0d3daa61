import type { z } from "zod";
import type * as report from "../protocol/report.js";
import type * as files from "../protocol/rest/files.js";
import type * as runs from "../protocol/rest/runs.js";
import type * as schedules from "../protocol/rest/schedules.js";
import type * as cases from "../protocol/rest/test-cases.js";
import type * as webhooks from "../protocol/rest/webhooks.js";
import type * as statuses from "../protocol/statuses.js";

// The bodies and answers of the REST interface, by the schemas that the server checks them with.

export type Artifact = z.infer<typeof runs.Artifact>;
export type ArtifactUrl = z.infer<typeof runs.ArtifactUrl>;
export type CaseRunOptions = z.input<typeof runs.CaseRunRequest>;
export type DeliveryStatus = z.infer<typeof webhooks.DeliveryStatus>;
export type GeneratedCase = z.infer<typeof cases.GeneratedCase>;
export type GenerateRequest = z.input<typeof cases.GenerateRequest>;
export type Imported = z.infer<typeof files.Imported>;
export type NewSchedule = z.input<typeof schedules.NewSchedule>;
export type NewTestCase = z.input<typeof cases.NewTestCase>;
export type Report = z.infer<typeof report.Report>;
export type Run = z.infer<typeof runs.Run>;
export type RunComparison = z.infer<typeof runs.RunComparison>;
export type RunDetails = z.infer<typeof runs.RunDetails>;
export type RunHistory = z.infer<typeof runs.RunHistory>;
export type RunKind = z.infer<typeof runs.RunKind>;
export type RunStatus = statuses.RunStatus;
export type Schedule = z.infer<typeof schedules.Schedule>;
export type ScheduleChanges = z.input<typeof schedules.ScheduleChanges>;
export type StepRunOptions = z.input<typeof runs.StepRunRequest>;
export type TestCase = z.infer<typeof cases.TestCase>;
export type TestCaseChanges = z.input<typeof cases.TestCaseChanges>;
export type TestCaseSummary = z.infer<typeof cases.TestCaseSummary>;
export type TestStep = z.infer<typeof cases.TestStep>;
export type WebhookDelivery = z.infer<typeof webhooks.WebhookDelivery>;
