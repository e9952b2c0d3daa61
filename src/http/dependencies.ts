import type { Logger } from "pino";
import type { AuditStore, Login } from "../auth/ports.js";
import type { Sessions } from "../auth/sessions.js";
import type { SetupCode } from "../auth/setup-code.js";
import type { Tokens } from "../auth/tokens.js";
import type { ArtifactReader, RunReader, StatsReader } from "../cases/ports.js";
import type { Baselines } from "../cases/baselines.js";
import type { KeptRuns } from "../cases/history.js";
import type { EnvironmentService } from "../cases/environments.js";
import type { ImportService } from "../cases/import.js";
import type { CaseService } from "../cases/service.js";
import type { StepScripts } from "../cases/step-scripts.js";
import type { SignedUrls } from "./signed-urls.js";
import type { Command } from "../protocol/commands.js";
import type { RunControls } from "../execution/controls.js";
import type { RunFeed } from "../execution/ports.js";
import type { ExecutionService } from "../execution/service.js";
import type { AiUsageReader, CheckAcceptance, PageGeneration } from "../generation/ports.js";
import type { GenerationService } from "../generation/service.js";
import type { MetricsPage } from "../metrics/ports.js";
import type { ScheduleService } from "../schedules/service.js";
import type { Delivery, DeliveryStore } from "../webhooks/ports.js";

/** Each probe resolves when its part is fit to serve, and rejects with a message for the operator. */
export interface ReadinessProbes {
  database(signal: AbortSignal): Promise<void>;
  browser(signal: AbortSignal): Promise<void>;
  /** Rejects once the server is to be sent no more. @defaultValue not looked at */
  server?(signal: AbortSignal): Promise<void>;
  /** @defaultValue not looked at */
  disk?(signal: AbortSignal): Promise<void>;
}

/** Everything that the REST side needs. */
export interface HttpDependencies {
  cases: CaseService;
  environments: EnvironmentService;
  imports: ImportService;
  schedules: ScheduleService;
  stepScripts: StepScripts;
  stats: StatsReader;
  runs: RunReader;
  /** @defaultValue runs are kept for ever */
  keptRuns?: KeptRuns;
  feed: RunFeed;
  /** True for a server that takes no requests: it has the routes of its health and metrics. @defaultValue false */
  isWorker?: boolean;
  execution: Pick<ExecutionService, "startStep" | "startCase">;
  controls: Pick<RunControls, "control">;
  artifacts: ArtifactReader;
  signedUrls: SignedUrls;
  baselines: Baselines;
  /** The address by which people reach the server. @defaultValue the one of each request */
  publicUrl?: string | undefined;
  /** Says what a command does, in words for the pages. */
  describeCommand: (command: Command) => string;
  generation: Pick<GenerationService, "generateTestCase">;
  offeredChecks: CheckAcceptance;
  aiUsage: AiUsageReader;
  /** Generates on the open page. */
  pageGeneration: PageGeneration;
  readiness: ReadinessProbes;
  /** @defaultValue none are kept */
  metrics?: MetricsPage | undefined;
  /** Counts generations of a principal. It throws an AppError `rate_limited` when there were too many. */
  admitGeneration(principal: string, count: number): Promise<void>;
  /** Aborted when the server stops. */
  stopping: AbortSignal;
  login: Login;
  tokens: Tokens;
  setupCode: SetupCode;
  sessions: Sessions;
  auditReader: Pick<AuditStore, "listAudit">;
  deliveries: Pick<DeliveryStore, "listDeliveries">;
  /** Delivers a message to a webhook again. It throws an AppError where that cannot be done. */
  redeliver(id: string): Promise<Delivery>;
  /**
   * Time that a readiness probe may take, in milliseconds.
   * @defaultValue 3000
   */
  readinessDeadline?: number;
  log: Logger;
}
