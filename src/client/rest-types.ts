import type { z } from "zod";
import type * as runs from "../protocol/rest/runs.js";
import type * as cases from "../protocol/rest/test-cases.js";
import type * as statuses from "../protocol/statuses.js";

// The bodies and answers of the REST interface, by the schemas that the server checks them with.

export type Artifact = z.infer<typeof runs.Artifact>;
export type ArtifactUrl = z.infer<typeof runs.ArtifactUrl>;
export type CaseRunOptions = z.input<typeof runs.CaseRunRequest>;
export type NewTestCase = z.input<typeof cases.NewTestCase>;
export type Run = z.infer<typeof runs.Run>;
export type RunComparison = z.infer<typeof runs.RunComparison>;
export type RunDetails = z.infer<typeof runs.RunDetails>;
export type RunHistory = z.infer<typeof runs.RunHistory>;
export type RunKind = z.infer<typeof runs.RunKind>;
export type RunStatus = statuses.RunStatus;
export type StepRunOptions = z.input<typeof runs.StepRunRequest>;
export type TestCase = z.infer<typeof cases.TestCase>;
export type TestCaseChanges = z.input<typeof cases.TestCaseChanges>;
export type TestCaseSummary = z.infer<typeof cases.TestCaseSummary>;
