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
export { StepwireRest } from "./rest.js";
export type { CaseFilter, Page, RunFilter } from "./rest.js";
export type { RestOptions } from "./http.js";
export type {
  Artifact,
  NewTestCase,
  RunComparison,
  RunDetails,
  RunHistory,
  TestCase,
  TestCaseChanges,
  TestCaseSummary,
  Run as StoredRun,
} from "./rest-types.js";
export type { CaseResult, PageGenerationResult, Run, RunResult, StepResult } from "./run.js";
export type { ConnectionState, WebSocketClass, WebSocketLike } from "./link.js";
export type { RunEvent } from "./protocol-types.js";
