import fastify, { type FastifyInstance } from "fastify";
import { pino, type Logger } from "pino";
import { anonymous } from "../../src/auth/identity.js";
import { Sessions } from "../../src/auth/sessions.js";
import { SetupCode } from "../../src/auth/setup-code.js";
import { Tokens } from "../../src/auth/tokens.js";
import { Baselines } from "../../src/cases/baselines.js";
import { EnvironmentService } from "../../src/cases/environments.js";
import { ImportService } from "../../src/cases/import.js";
import { CaseService } from "../../src/cases/service.js";
import { StepScripts } from "../../src/cases/step-scripts.js";
import { Feed } from "../../src/execution/feed.js";
import type { AiUsageReader, PageGeneration } from "../../src/generation/ports.js";
import type { GenerationService } from "../../src/generation/service.js";
import { OfferedChecks } from "../../src/generation/offered-checks.js";
import { registerGuard } from "../../src/http/guard.js";
import { registerHttp } from "../../src/http/index.js";
import { guardOrigins } from "../../src/http/origins.js";
import type { HttpDependencies } from "../../src/http/dependencies.js";
import { SignedUrls } from "../../src/http/signed-urls.js";
import { addSecurityHeaders } from "../../src/http/security-headers.js";
import { ScheduleService } from "../../src/schedules/service.js";
import { describeCommand } from "../../src/runner/describe-command.js";
import { scratchDatabase, type ScratchDatabase } from "./scratch-database.js";

/** The REST side of the server, for which nobody needs a login, on a database of its own, with a generator that the test gives. */
export interface RestServer {
  app: FastifyInstance;
  scratch: ScratchDatabase;
  /** The lines that the server has logged, parsed. */
  logged: Record<string, unknown>[];
  request(method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", url: string, body?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  /** The body as JSON. A test says what it expects in it, so it is not typed. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  json: any;
}

type Generation = Pick<GenerationService, "generateTestCase" | "generateStepScript">;

const noGeneration: Generation = {
  generateTestCase: () => Promise.reject(new Error("This test generates nothing.")),
  generateStepScript: () => Promise.reject(new Error("This test generates nothing.")),
};

const noPageGeneration: PageGeneration = {
  startCase: () => Promise.reject(new Error("This test generates nothing.")),
  startStep: () => Promise.resolve(undefined),
};

const noAiUsage: AiUsageReader = {
  report: () => Promise.reject(new Error("This test asks no model.")),
};

/** Runs begin and are controlled on whole servers only. */
const noExecution = {} as HttpDependencies["execution"];
const noControls = {} as HttpDependencies["controls"];

export interface RestOverrides extends Partial<Omit<HttpDependencies, "generation">> {
  generation?: Generation;
}

export async function restServer({
  generation = noGeneration,
  ...overrides
}: RestOverrides = {}): Promise<RestServer> {
  const scratch = await scratchDatabase();
  const {
    testCaseStore,
    statsReader,
    runReader,
    artifactStore,
    baselineStore,
    credentialStore,
    auditStore,
    webhookStore,
    ping,
  } = scratch.database;
  const logged: Record<string, unknown>[] = [];
  const log: Logger = pino(
    {},
    { write: (line: string) => logged.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const app = fastify();
  await addSecurityHeaders(app);
  guardOrigins(app, { allowedOrigins: [], loopbackOnly: true });
  const login: HttpDependencies["login"] = overrides.login ?? (async ({ address }) => anonymous(address));
  const store = credentialStore;
  const now = () => new Date();
  const cases = new CaseService(testCaseStore);
  const environments = new EnvironmentService(scratch.database.environmentStore);
  const signedUrls = new SignedUrls({ now });
  await registerGuard(app, {
    login,
    watch: () => () => undefined,
    audit: { record: () => undefined },
    signedUrls,
  });
  await registerHttp(app, {
    redeliver: () => Promise.reject(new Error("These tests have no webhooks.")),
    cases,
    environments,
    imports: new ImportService(scratch.database.importStore),
    schedules: new ScheduleService({
      store: scratch.database.scheduleStore,
      runs: { requireAllowed: () => undefined },
      wakes: scratch.database.wakes,
      now,
    }),
    stepScripts: new StepScripts({ cases, generator: generation }),
    stats: statsReader,
    runs: runReader,
    feed: new Feed({ reader: runReader }),
    execution: noExecution,
    controls: noControls,
    artifacts: artifactStore,
    signedUrls,
    baselines: new Baselines({ store: baselineStore, artifacts: artifactStore, runs: runReader }),
    describeCommand,
    generation,
    aiUsage: noAiUsage,
    offeredChecks: new OfferedChecks({ steps: cases, now }),
    pageGeneration: noPageGeneration,
    readiness: { database: ping, browser: () => Promise.resolve() },
    deliveries: webhookStore,
    admitGeneration: () => Promise.resolve(),
    stopping: new AbortController().signal,
    login,
    tokens: new Tokens({ store, now }),
    setupCode: new SetupCode(),
    sessions: new Sessions({ store, now, onEnd: () => Promise.resolve() }),
    auditReader: auditStore,
    log,
    ...overrides,
  });
  await app.ready();
  return {
    app,
    scratch,
    logged,
    request: async (method, url, body) => {
      const response = await app.inject({
        method,
        url,
        ...(body !== undefined && { payload: body as object }),
      });
      const isJson = String(response.headers["content-type"]).startsWith("application/json");
      return {
        status: response.statusCode,
        headers: response.headers,
        text: response.body,
        json: isJson ? response.json() : undefined,
      };
    },
    close: async () => {
      await app.close();
      await scratch.remove();
    },
  };
}
