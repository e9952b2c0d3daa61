import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { UnderWay } from "./async/under-way.js";
import { openBrowsers, type ManagedPool } from "./browsers.js";
import { Baselines } from "./cases/baselines.js";
import { EnvironmentService } from "./cases/environments.js";
import { ImportService } from "./cases/import.js";
import type { CaseService } from "./cases/service.js";
import { StepScripts } from "./cases/step-scripts.js";
import { AuditTrail } from "./auth/audit-trail.js";
import { Authenticator } from "./auth/authenticator.js";
import { FailedLogins } from "./auth/failed-logins.js";
import type { Login, VerifyJwt, WatchCredentials } from "./auth/ports.js";
import { Sessions } from "./auth/sessions.js";
import { SetupCode } from "./auth/setup-code.js";
import { Tokens } from "./auth/tokens.js";
import { CredentialWatch } from "./auth/watch.js";
import { ConfigError, limitOf, type Config } from "./config.js";
import { Admission } from "./connection/admission.js";
import { ConnectionManager } from "./connection/connection-manager.js";
import { Router } from "./connection/router.js";
import type { Limiter } from "./connection/ports.js";
import { HOUR_SECONDS, RateLimits, type Rates } from "./connection/rate-limits.js";
import { createServer } from "./entrance.js";
import { openDatabase, type Database } from "./db/index.js";
import type { Generator } from "./generation/ports.js";
import { OfferedChecks } from "./generation/offered-checks.js";
import { GenerationService } from "./generation/service.js";
import { aiBudgetOf, generatorsOf, pageGenerationOf } from "./generators.js";
import { executionHandlers } from "./handlers/execution.js";
import { generationHandlers } from "./handlers/generation.js";
import { sessionHandlers } from "./handlers/session.js";
import { Subscriptions } from "./handlers/subscriptions.js";
import { authorityOf, isLoopback } from "./hosts/addresses.js";
import { systemLookup } from "./hosts/name-lookup.js";
import { registerHttp } from "./http/index.js";
import { MetricsToken } from "./http/metrics-token.js";
import { SignedUrls } from "./http/signed-urls.js";
import { MinuteCounts } from "./limits/minute-counts.js";
import { UNWATCHED, type MetricsPage, type Watch } from "./metrics/ports.js";
import { UNTRACED, type Traces } from "./tracing/ports.js";
import { CloseCode } from "./protocol/close-codes.js";
import { AppError } from "./protocol/errors.js";
import { ownCommand } from "./own-command.js";
import { describeCommand } from "./runner/describe-command.js";
import { createScheduling } from "./scheduling.js";
import { createServices } from "./services.js";
import { WebhookSender } from "./webhooks/sender.js";
import { targetsOf } from "./webhooks/targets.js";

/** Parts at the edge of the system: that which follows it, and replacements for tests. */
export interface Overrides {
  /** @defaultValue nobody follows what the server does */
  traces?: Traces | undefined;
  pool?: ManagedPool;
  generator?: Generator;
  heartbeatMs?: number;
}

export interface App {
  server: FastifyInstance;
  connections: ConnectionManager;
  database: Database;
  cases: CaseService;
  /**
   * Starts to serve, and gives the runs that a killed server left behind their verdicts.
   *
   * @returns where it listens, such as `http://127.0.0.1:8000`
   */
  listen(): Promise<string>;
  /** Starts a browser ahead of the first run; a failure is logged and comes up again with that run. */
  warm(): Promise<void>;
  /**
   * Takes no more runs, generations and clients, is not ready from then on, and sends away clients who wait for nothing.
   * Resolves when all runs and generations have ended by themselves.
   */
  drain(): Promise<void>;
  /** Ends every run, connection and browser, in that order, and closes the database. */
  close(): Promise<void>;
  /** The code with which the first token can be made through REST; `undefined` when a login is needed already. */
  setupCode(): Promise<string | undefined>;
  /** The part that {@link close} is just ending. */
  readonly ending: string | undefined;
}

/**
 * Puts the server together. It does not listen yet.
 *
 * @throws DatabaseStartError when the database cannot be used.
 * @throws ConfigError when others could reach the server without a login.
 */
export async function buildApp(config: Config, log: Logger, overrides: Overrides = {}): Promise<App> {
  const { DATABASE_URL: url, ARTIFACTS_DIR: artifactsDir } = config;
  const targets = targetsOf(config.WEBHOOK_URLS);
  const webhooks = targets.map(({ name }) => name);
  const opened = await openDatabase({ url, artifactsDir, webhooks, log });
  const browsers = await openBrowsers(config, log, overrides.pool);
  const metrics = await createMetrics(config);
  const watch = metrics ?? UNWATCHED;
  const traces = overrides.traces ?? UNTRACED;
  const services = createServices(config, { opened, browsers, watch, traces, log });
  const { database, cases, execution, controls, feed, disk } = services;
  const { pool, network } = browsers;
  const minuteCounts = new MinuteCounts({ shared: database.sums, log });
  const access = await createAccess(config, { database, minuteCounts, log });
  await makeFirstToken(config, access, log);
  if (!isLoopback(config.HOST) && !(await access.isConfigured())) {
    await services.closeBrowsers();
    await services.closeDatabase();
    throw new ConfigError(
      `HOST: ${config.HOST} can be reached by others, and nobody needs a login yet. Make a token with "${ownCommand("tokens create --name admin --scopes admin")}", set AUTH_JWT_SECRET or AUTH_JWKS_URL, or leave HOST at 127.0.0.1.`,
    );
  }
  const { audit } = access;
  const stopping = new AbortController();
  const aiBudget = aiBudgetOf(config, watch.aiUsage(database.aiUsageStore));
  const { generator, pageReader } = await generatorsOf(config, { budget: aiBudget, traces });
  const underWay = new UnderWay(
    () => new AppError("server_stopping", "The server is stopping and generates nothing new."),
  );
  const generation = new GenerationService({
    generator: overrides.generator ?? generator,
    cases,
    underWay,
    now: () => new Date(),
    log,
  });
  const stepScripts = new StepScripts({ cases, generator: generation, underWay });
  const pages = pageGenerationOf(config, { runs: execution, cases, pageReader, log });
  const sender = new WebhookSender({
    store: database.webhookStore,
    findRun: (id) => database.runReader.findRun(id),
    nameOfCase: async (id) => (await cases.read(id)).name,
    targets,
    secrets: config.WEBHOOK_SECRET,
    lookup: systemLookup(),
    now: () => new Date(),
    log,
  });
  const { schedules, scheduler } = createScheduling(services, log);
  const rates = ratesOf(config);
  const subscriptions = new Subscriptions({
    feed,
    findRun: (id) => database.runReader.findRun(id),
    onPictureDropped: () => watch.pictureDropped(),
  });
  const handlers = {
    ...sessionHandlers(rates),
    ...subscriptions.handlers,
    ...executionHandlers({ execution, controls }, subscriptions),
    ...generationHandlers({ generation, pages, stepScripts, subscriptions, stopping: stopping.signal }),
  };
  const limits = new RateLimits(rates, generationLimiter(database, rates));
  const router = new Router({ handlers, limits, audit, traces });
  const connections = new ConnectionManager({
    onFrame: (text, connection) => void router.route(text, connection),
    screenshots: config.SCREENSHOTS,
    sendBufferBytes: config.SEND_BUFFER_BYTES,
    maxConnections: limitOf(config.MAX_CONNECTIONS),
    maxPerAddress: limitOf(config.MAX_CONNECTIONS_PER_ADDRESS),
    log,
    ...(overrides.heartbeatMs !== undefined && { heartbeatMs: overrides.heartbeatMs }),
  });
  watch.connections(() => connections.size);
  const login: Login = (credentials) => access.authenticator.login(credentials);
  const watchCredentials: WatchCredentials = (identity, onEnd) => access.watch.add(identity, onEnd);
  const admission = new Admission({ connections, login, watch: watchCredentials, log });
  const signedUrls = new SignedUrls({ now: () => new Date() });
  const server = await createServer(config, {
    admission,
    login,
    watch: watchCredentials,
    audit,
    signedUrls,
    metricsToken: new MetricsToken(config.METRICS_TOKEN),
    requests: minuteCounts.counter("requests"),
    traces: overrides.traces,
    log,
  });
  let isDraining = false;
  const takesRuns = config.ROLE !== "server";
  await registerHttp(server, {
    isWorker: config.ROLE === "worker",
    cases,
    imports: new ImportService(database.importStore),
    schedules,
    environments: new EnvironmentService(database.environmentStore),
    stepScripts,
    stats: database.statsReader,
    runs: database.runReader,
    keptRuns: {
      days: limitOf(config.RUNS_KEEP_DAYS) ?? null,
      perCase: limitOf(config.RUNS_KEEP_PER_CASE) ?? null,
    },
    feed,
    execution,
    controls,
    artifacts: database.artifactStore,
    signedUrls,
    baselines: new Baselines({
      store: database.baselineStore,
      artifacts: database.artifactStore,
      runs: database.runReader,
    }),
    publicUrl: config.PUBLIC_URL,
    describeCommand,
    generation,
    pageGeneration: pages,
    offeredChecks: new OfferedChecks({ steps: cases, now: () => new Date() }),
    aiUsage: aiBudget,
    metrics,
    readiness: {
      server: async () => {
        if (isDraining) throw new Error("The server stops soon and starts nothing new.");
      },
      database: () => database.ping(),
      browser: async (signal) => {
        if (takesRuns) await pool.check(signal);
      },
      disk: async () => {
        await Promise.all([disk.requireSpace(), database.artifactStore.check()]);
      },
    },
    admitGeneration: (principal, count) => limits.admitGeneration(principal, count),
    stopping: stopping.signal,
    login,
    tokens: access.tokens,
    setupCode: access.setupCode,
    sessions: access.sessions,
    auditReader: database.auditStore,
    deliveries: database.webhookStore,
    redeliver: (id) => sender.redeliver(id),
    log,
  });
  const drain = async () => {
    isDraining = true;
    await scheduler.stop();
    // A client whose request is not answered yet may be about to watch the run that it starts.
    connections.drain((client) => subscriptions.isWatching(client) || client.underWay > 0);
    await Promise.all([execution.drain(), underWay.drain()]);
    await feed.settled();
  };
  let ending: string | undefined;
  const close = async () => {
    stopping.abort(new AppError("server_stopping", "The server is stopping; nothing was saved."));
    ending = "runs";
    await scheduler.stop();
    // A client that watches a run hears its verdict before the goodbye.
    await services.endRuns();
    ending = "connections";
    await connections.closeAll(isDraining ? CloseCode.Draining : CloseCode.GoingAway);
    ending = "browsers";
    await Promise.all([server.close(), services.closeBrowsers()]);
    ending = "database";
    await Promise.all([access.watch.stop(), audit.stop(), sender.stop(), minuteCounts.close()]);
    await services.closeDatabase();
  };
  const listen = async () => {
    await server.listen({ host: config.HOST, port: config.PORT });
    network.policy.refusePort((server.server.address() as AddressInfo).port);
    database.announce(originOf(server, config.HOST));
    await services.start();
    audit.start();
    sender.start();
    // A worker takes no requests, and a schedule is one that was made before.
    if (config.ROLE !== "worker") scheduler.start();
    return originOf(server, config.HOST);
  };
  let closing: Promise<void> | undefined;
  return {
    database,
    cases,
    connections,
    server,
    listen,
    warm: async () => {
      if (takesRuns) await pool.warm();
    },
    setupCode: async () =>
      (await access.authenticator.isLoginNeeded()) ? undefined : access.setupCode.value,
    drain,
    close: () => (closing ??= close()),
    get ending() {
      return ending;
    },
  };
}

function originOf(server: FastifyInstance, host: string): string {
  // A server that listens on a port has an address with one; PORT=0 asks for any that is free.
  const { port } = server.server.address() as AddressInfo;
  return `http://${authorityOf(host, port)}`;
}

/** Loads what keeps metrics where somebody wants them. */
async function createMetrics({ METRICS: isWanted }: Config): Promise<(Watch & MetricsPage) | undefined> {
  if (!isWanted) return undefined;
  const { Metrics } = await import("./metrics/metrics.js");
  return new Metrics();
}

/** Logins of the server, and the record of their use. */
async function createAccess(
  config: Config,
  { database, minuteCounts, log }: { database: Database; minuteCounts: MinuteCounts; log: Logger },
) {
  const { credentialStore: store, auditStore } = database;
  const now = () => new Date();
  const days = config.AUDIT_MAX_AGE;
  const maxAgeMs = days === 0 ? undefined : days * 24 * 60 * 60 * 1000;
  const audit = new AuditTrail({ store: auditStore, maxAgeMs, now, log });
  const tokens = new Tokens({ store, now, onChange: (): Promise<void> => watch.check() });
  const sessions = new Sessions({ store, now, onEnd: (): Promise<void> => watch.check() });
  const verifyJwt = await createJwtVerifier(config);
  const authenticator = new Authenticator({
    tokens,
    sessions,
    store,
    verifyJwt,
    isLocal: isLoopback(config.HOST),
    failedLogins: new FailedLogins(limitOf(config.FAILED_LOGINS_PER_MINUTE), (name) =>
      minuteCounts.counter(name),
    ),
    audit,
    now,
    log,
  });
  const watch: CredentialWatch = new CredentialWatch({
    store,
    isLoginNeeded: () => authenticator.isLoginNeeded(),
    now,
    log,
  });
  const hasTokens = () => store.hasTokens();
  const isConfigured = async () => verifyJwt !== undefined || (await hasTokens());
  return {
    audit,
    tokens,
    sessions,
    authenticator,
    watch,
    hasTokens,
    isConfigured,
    setupCode: new SetupCode(),
  };
}

/** Makes the token that the configuration gives, where nobody has made one yet. */
async function makeFirstToken(
  { adminToken: token }: Config,
  { tokens, hasTokens }: { tokens: Tokens; hasTokens: () => Promise<boolean> },
  log: Logger,
): Promise<void> {
  if (token === undefined || (await hasTokens())) return;
  await tokens.create({ name: "admin", scopes: ["admin"], expiresAt: undefined, token });
  log.info("made the token 'admin' of ADMIN_TOKEN");
}

/** Loads what checks JSON Web Tokens where there are keys for them. */
async function createJwtVerifier(config: Config): Promise<VerifyJwt | undefined> {
  const { AUTH_JWT_SECRET: secret, AUTH_JWKS_URL: jwksUrl } = config;
  const claims = { issuer: config.AUTH_JWT_ISSUER, audience: config.AUTH_JWT_AUDIENCE };
  const keys = secret === undefined ? jwksUrl && { jwksUrl } : { secret };
  if (!keys) return undefined;
  const { jwtVerifier } = await import("./auth/jwt.js");
  return jwtVerifier({ keys, ...claims });
}

/** Generations cost money, whichever server is asked for them. */
function generationLimiter(database: Database, { generationsPerHour: points }: Rates): Limiter | undefined {
  return points === undefined
    ? undefined
    : database.limiter({ name: "generations", points, seconds: HOUR_SECONDS });
}

function ratesOf(config: Config): Rates {
  const messagesPerSecond = limitOf(config.MESSAGES_PER_SECOND);
  return {
    messagesPerSecond,
    messageBurst: messagesPerSecond && Math.max(messagesPerSecond, config.MESSAGE_BURST),
    generationsPerHour: limitOf(config.GENERATIONS_PER_HOUR),
  };
}
