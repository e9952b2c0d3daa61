import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { CaseService } from "./cases/service.js";
import { StepScripts } from "./cases/step-scripts.js";
import { launchBrowser } from "./browser/launch.js";
import { findBrowser } from "./browser/setup/discovery.js";
import { BrowserNetwork } from "./browser/setup/network.js";
import { WarmBrowserPool } from "./browser/pool/pool.js";
import { checkRemote } from "./browser/setup/remote-status.js";
import { AuditTrail } from "./auth/audit-trail.js";
import { Authenticator } from "./auth/authenticator.js";
import { FailedLogins } from "./auth/failed-logins.js";
import { jwtVerifier } from "./auth/jwt.js";
import type { Login, VerifyJwt, WatchCredentials } from "./auth/ports.js";
import { Sessions } from "./auth/sessions.js";
import { SetupCode } from "./auth/setup-code.js";
import { Tokens } from "./auth/tokens.js";
import { CredentialWatch } from "./auth/watch.js";
import { ConfigError, limitOf, type Config } from "./config.js";
import { Admission } from "./connection/admission.js";
import { ConnectionManager } from "./connection/connection-manager.js";
import { Router } from "./connection/router.js";
import { RateLimits, type Rates } from "./connection/rate-limits.js";
import { createServer } from "./entrance.js";
import { openDatabase, withReliefOf, type Database } from "./db/index.js";
import { DiskWatch } from "./disk/disk-watch.js";
import { Reserve } from "./disk/reserve.js";
import { ArtifactSweeper } from "./execution/artifact-sweeper.js";
import type { BrowserPool } from "./execution/ports.js";
import { Feed } from "./execution/feed.js";
import { InProcessQueue } from "./execution/queue/queue.js";
import { ExecutionService } from "./execution/service.js";
import { createGenerator } from "./generation/create-generator.js";
import type { Generator } from "./generation/ports.js";
import { GenerationService } from "./generation/service.js";
import { executionHandlers } from "./handlers/execution.js";
import { generationHandlers } from "./handlers/generation.js";
import { sessionHandlers } from "./handlers/session.js";
import { Subscriptions } from "./handlers/subscriptions.js";
import { isLoopback } from "./hosts/addresses.js";
import { registerHttp } from "./http/index.js";
import { CloseCode } from "./protocol/close-codes.js";
import { AppError } from "./protocol/errors.js";
import { describeCommand } from "./runner/describe-command.js";
import { performScript } from "./runner/perform-script.js";
import { pictureTakers } from "./runner/secrets/pictures.js";
import { RunVariables } from "./runner/variables.js";
import { WebmWriter } from "./video/webm.js";

/** Most runs that may wait for a browser. */
const QUEUE_CAPACITY = 1_000;

/** A pool that the app starts and ends. */
interface ManagedPool extends BrowserPool {
  warm(): Promise<void>;
  check(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Replacements for parts at the edge of the system, for tests. */
export interface Overrides {
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
  const opened = await openDatabase({ url: config.DATABASE_URL, artifactsDir: config.ARTIFACTS_DIR, log });
  const disk = createDiskWatch(config, opened, log);
  const database = withReliefOf(opened, disk);
  const access = createAccess(config, database, log);
  if (!isLoopback(config.HOST) && !(await access.isConfigured())) {
    await database.close();
    throw new ConfigError(
      `HOST: ${config.HOST} can be reached by others, and nobody needs a login yet. Make a token with "npm run stepwire -- tokens create --name admin --scopes admin", set AUTH_JWT_SECRET or AUTH_JWKS_URL, or leave HOST at 127.0.0.1.`,
    );
  }
  const { audit, watch } = access;
  const network = await openNetwork(config, log);
  const pool = overrides.pool ?? createPool(config, network, log);
  const feed = new Feed(database.runReader);
  const execution = createExecution(config, { database, pool, disk, feed, log });
  disk.onShortage = (reason) => execution.endUnderWay(reason);
  const sweeper = createSweeper(config, database, log);
  const stopping = new AbortController();
  const cases = new CaseService(database.testCaseStore);
  const generation = await createGeneration(config, { cases, generator: overrides.generator, log });
  const rates = ratesOf(config);
  const subscriptions = new Subscriptions({ feed, findRun: (id) => database.runReader.findRun(id) });
  const handlers = {
    ...sessionHandlers(rates),
    ...subscriptions.handlers,
    ...executionHandlers(execution, subscriptions),
    ...generationHandlers(generation, stopping.signal),
  };
  const limits = new RateLimits(rates);
  const router = new Router({ handlers, limits, audit });
  const connections = new ConnectionManager({
    onFrame: (text, connection) => void router.route(text, connection),
    screenshots: config.SCREENSHOTS,
    sendBufferBytes: config.SEND_BUFFER_BYTES,
    maxConnections: limitOf(config.MAX_CONNECTIONS),
    maxPerAddress: limitOf(config.MAX_CONNECTIONS_PER_ADDRESS),
    log,
    ...(overrides.heartbeatMs !== undefined && { heartbeatMs: overrides.heartbeatMs }),
  });
  const login: Login = (credentials) => access.authenticator.login(credentials);
  const watchCredentials: WatchCredentials = (identity, onEnd) => watch.add(identity, onEnd);
  const admission = new Admission({ connections, login, watch: watchCredentials, log });
  const server = await createServer(config, { admission, login, watch: watchCredentials, audit });
  await registerHttp(server, {
    cases,
    stepScripts: new StepScripts({ cases, generator: generation }),
    stats: database.statsReader,
    runs: database.runReader,
    feed,
    execution,
    artifacts: database.artifactStore,
    describeCommand,
    generation,
    readiness: {
      database: () => database.ping(),
      browser: (signal) => pool.check(signal),
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
    log,
  });
  let ending: string | undefined;
  const close = async () => {
    stopping.abort(new AppError("server_stopping", "The server is stopping; nothing was saved."));
    ending = "runs";
    await Promise.all([execution.stop(), sweeper.stop()]);
    // A client that watches a run hears its verdict before the goodbye.
    await feed.settled();
    ending = "connections";
    await connections.closeAll(CloseCode.GoingAway);
    ending = "browsers";
    await Promise.all([server.close(), pool.close()]);
    await network.close();
    ending = "database";
    await Promise.all([watch.stop(), audit.stop(), disk.stop()]);
    await database.close();
  };
  const listen = async () => {
    await server.listen({ host: config.HOST, port: config.PORT });
    network.policy.refusePort((server.server.address() as AddressInfo).port);
    database.announce(originOf(server, config.HOST));
    await execution.recover();
    sweeper.start();
    audit.start();
    disk.start();
    return originOf(server, config.HOST);
  };
  let closing: Promise<void> | undefined;
  return {
    database,
    cases,
    connections,
    server,
    listen,
    warm: () => pool.warm(),
    setupCode: async () =>
      (await access.authenticator.isLoginNeeded()) ? undefined : access.setupCode.value,
    close: () => (closing ??= close()),
    get ending() {
      return ending;
    },
  };
}

function originOf(server: FastifyInstance, host: string): string {
  // A server that listens on a port has an address with one; PORT=0 asks for any that is free.
  const { port } = server.server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Logins of the server, and the record of their use. */
function createAccess(config: Config, database: Database, log: Logger) {
  const { credentialStore: store, auditStore } = database;
  const now = () => new Date();
  const days = config.AUDIT_MAX_AGE;
  const maxAgeMs = days === 0 ? undefined : days * 24 * 60 * 60 * 1000;
  const audit = new AuditTrail({ store: auditStore, maxAgeMs, now, log });
  const tokens = new Tokens({ store, now, onChange: (): Promise<void> => watch.check() });
  const sessions = new Sessions({ store, now, onEnd: (): Promise<void> => watch.check() });
  const verifyJwt = createJwtVerifier(config);
  const authenticator = new Authenticator({
    tokens,
    sessions,
    store,
    verifyJwt,
    isLocal: isLoopback(config.HOST),
    failedLogins: new FailedLogins(limitOf(config.FAILED_LOGINS_PER_MINUTE)),
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
  const isConfigured = async () => verifyJwt !== undefined || (await store.hasTokens());
  return { audit, tokens, sessions, authenticator, watch, isConfigured, setupCode: new SetupCode() };
}

function createJwtVerifier(config: Config): VerifyJwt | undefined {
  const { AUTH_JWT_SECRET: secret, AUTH_JWKS_URL: jwksUrl } = config;
  const claims = { issuer: config.AUTH_JWT_ISSUER, audience: config.AUTH_JWT_AUDIENCE };
  if (secret !== undefined) return jwtVerifier({ keys: { secret }, ...claims });
  return jwksUrl === undefined ? undefined : jwtVerifier({ keys: { jwksUrl }, ...claims });
}

function openNetwork(config: Config, log: Logger): Promise<BrowserNetwork> {
  const { ALLOWED_HOSTS: allowedHosts, BROWSER_PORTS: ports, BROWSER_PROXY: url } = config;
  const upstream = url === undefined ? undefined : { url, bypass: config.BROWSER_PROXY_BYPASS };
  return BrowserNetwork.open({ allowedHosts, ports, upstream, log });
}

function createPool(config: Config, network: BrowserNetwork, log: Logger): WarmBrowserPool {
  const find = (signal: AbortSignal) =>
    findBrowser({
      browser: config.BROWSER,
      browserBinary: config.BROWSER_BINARY,
      browserDriver: config.BROWSER_DRIVER,
      install: false,
      environment: config.BROWSER_ENV,
      log: (line) => {
        log.debug(line);
      },
      signal,
    });
  const { SELENIUM_REMOTE_URL: remoteUrl } = config;
  const options = {
    kind: config.BROWSER,
    protocol: config.BROWSER_PROTOCOL,
    headless: config.BROWSER_HEADLESS,
    allowedHosts: config.ALLOWED_HOSTS,
    network,
    ignoreCertificateErrors: config.IGNORE_CERTIFICATE_ERRORS,
    directWebRtc: config.BROWSER_WEBRTC === "direct",
    ...(remoteUrl !== undefined && { remoteUrl }),
    environment: config.BROWSER_ENV,
    find,
    log,
  };
  const launch = (signal: AbortSignal) => launchBrowser(options, signal);
  const check = remoteUrl === undefined ? find : (signal: AbortSignal) => checkRemote(remoteUrl, signal);
  return new WarmBrowserPool({ size: config.BROWSER_POOL_SIZE, launch, check, log });
}

function megabytes(value: number): number | undefined {
  return value === 0 ? undefined : value * 1_000_000;
}

function ratesOf(config: Config): Rates {
  const messagesPerSecond = limitOf(config.MESSAGES_PER_SECOND);
  return {
    messagesPerSecond,
    messageBurst: messagesPerSecond && Math.max(messagesPerSecond, config.MESSAGE_BURST),
    generationsPerHour: limitOf(config.GENERATIONS_PER_HOUR),
  };
}

function createDiskWatch(config: Config, { file }: Database, log: Logger): DiskWatch {
  const places = [
    ...(file === undefined ? [] : [{ name: "the database (DATABASE_URL)", folder: dirname(file) }]),
    { name: "the artifacts (ARTIFACTS_DIR)", folder: config.ARTIFACTS_DIR },
    ...(config.SELENIUM_REMOTE_URL === undefined
      ? [{ name: "temporary files (TMPDIR)", folder: tmpdir() }]
      : []),
  ];
  const minFreeBytes = config.DISK_MIN_FREE * 1_000_000;
  return new DiskWatch({
    places,
    minFreeBytes,
    reserve: new Reserve(`${file ?? join(config.ARTIFACTS_DIR, "stepwire")}-reserve`),
    log,
  });
}

interface ExecutionParts {
  database: Database;
  pool: BrowserPool;
  disk: DiskWatch;
  feed: Feed;
  log: Logger;
}

function createExecution(
  config: Config,
  { database, pool, disk, feed, log }: ExecutionParts,
): ExecutionService {
  const pauseHoldMs = limitOf(config.PAUSE_HOLD * 1000);
  const requireSpace = () => disk.requireSpace();
  const { takePicture, takeVideoFrame } = pictureTakers({
    blackenUnknown: config.SECRETS_BLACKEN === "unknown",
  });
  return new ExecutionService({
    store: database.executionStore,
    artifacts: database.artifactStore,
    pool: { size: pool.size, acquire: (signal) => requireSpace().then(() => pool.acquire(signal)) },
    admit: requireSpace,
    queue: new InProcessQueue({
      concurrency: pool.size,
      capacity: QUEUE_CAPACITY,
      runningPerPrincipal: limitOf(config.MAX_RUNNING_RUNS_PER_PRINCIPAL),
      waitingPerPrincipal: limitOf(config.MAX_QUEUED_RUNS_PER_PRINCIPAL),
      pauseHoldMs,
    }),
    feed,
    performScript,
    takePicture,
    takeFrame: takeVideoFrame,
    newVideo: (write) => new WebmWriter(write),
    newVariables: () =>
      new RunVariables({
        env: config.scriptEnv,
        secrets: config.secrets,
        secretHosts: config.secretHosts,
      }),
    settings: {
      screenshots: config.SCREENSHOTS,
      video: config.VIDEO,
      commandTimeoutMs: config.COMMAND_TIMEOUT * 1000,
      readyTimeoutMs: config.READY_TIMEOUT * 1000,
      keyDelayMs: config.TYPING_DELAY,
      dialogs: config.DIALOGS,
      navigationGraceMs: config.NAVIGATION_GRACE * 1000,
      strictLocators: config.STRICT_LOCATORS,
      pauseHoldMs,
      stepTimeoutMs: config.STEP_TIMEOUT * 1000,
      runTimeoutMs: config.RUN_TIMEOUT * 1000,
      allowedHosts: config.ALLOWED_HOSTS,
      uploadsDir: config.UPLOADS_DIR,
      runMaxDiskBytes: megabytes(config.RUN_MAX_DISK),
    },
    log,
  });
}

function createSweeper(config: Config, database: Database, log: Logger): ArtifactSweeper {
  const { ARTIFACTS_MAX_AGE: days, ARTIFACTS_MAX_SIZE: size } = config;
  return new ArtifactSweeper({
    artifacts: database.artifactStore,
    maxAgeMs: days === 0 ? undefined : days * 24 * 60 * 60 * 1000,
    maxBytes: megabytes(size),
    now: () => new Date(),
    log,
  });
}

interface GenerationParts {
  cases: CaseService;
  /** A test's own generator. */
  generator: Generator | undefined;
  log: Logger;
}

async function createGeneration(
  config: Config,
  { cases, generator, log }: GenerationParts,
): Promise<GenerationService> {
  const openai =
    config.OPENAI_API_KEY === undefined
      ? undefined
      : {
          apiKey: config.OPENAI_API_KEY,
          baseURL: config.OPENAI_BASE_URL,
          model: config.OPENAI_MODEL,
          requestTimeoutMs: config.OPENAI_TIMEOUT * 1000,
          idleTimeoutMs: config.OPENAI_IDLE_TIMEOUT * 1000,
        };
  return new GenerationService({
    generator: generator ?? (await createGenerator({ openai })),
    cases,
    now: () => new Date(),
    log,
  });
}
