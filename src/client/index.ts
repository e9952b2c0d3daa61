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
export { ClosedError, RequestError } from "./errors.js";
export type { CaseResult, PageGenerationResult, Run, RunResult, StepResult } from "./run.js";
export type { ConnectionState, WebSocketClass, WebSocketLike } from "./link.js";
export type { RunEvent } from "../protocol/messages.js";
