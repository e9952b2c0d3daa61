export { connect, StepwireClient } from "./client.js";
export type {
  CaseOptions,
  ConnectOptions,
  GenerationResult,
  GenerationStage,
  PageOptions,
  RunOptions,
  StepScriptOptions,
  StepScriptResult,
} from "./client.js";
export { ClosedError, RequestError, UnreachableError } from "./errors.js";
export type { FileFault } from "./errors.js";
export { StepwireRest } from "./rest.js";
export type { Page } from "./paging.js";
export type { CaseFilter, RunFilter } from "./rest.js";
export type { ExportFilter, ImportOptions } from "./rest-files.js";
export type { DeliveryFilter } from "./rest-webhooks.js";
export type { PatientOptions, RestOptions } from "./http.js";
export type {
  Artifact,
  GeneratedCase,
  GenerateRequest,
  Imported,
  NewSchedule,
  NewTestCase,
  Report,
  RunComparison,
  RunDetails,
  RunHistory,
  Schedule,
  ScheduleChanges,
  TestCase,
  TestCaseChanges,
  TestCaseSummary,
  TestStep,
  Run as StoredRun,
  WebhookDelivery,
} from "./rest-types.js";
export type { CaseResult, PageGenerationResult, Run, RunResult, StepResult } from "./run.js";
export type { ConnectionState, WebSocketClass, WebSocketLike } from "./link.js";
export type { RunEvent } from "./protocol-types.js";
