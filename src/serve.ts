import type { Logger } from "pino";
import { abortable } from "./async/abortable.js";
import { timeoutSignal } from "./async/timeout-signal.js";
import { buildApp, type App } from "./app.js";
import { removeAbandonedProfiles } from "./browser/setup/profile.js";
import { warnOfNoSandbox } from "./browser/setup/sandbox.js";
import { ConfigError, parseConfig, type Config, type Environment } from "./config.js";
import { seedDemoCase } from "./demo/seed.js";
import { fileHandleLimit, warnOfFewFileHandles } from "./file-handles.js";
import { createLogger } from "./logger.js";
import { checkSurroundings, whyNotListening } from "./start-checks.js";
import type { Tracing } from "./tracing/tracing.js";

/** A stop that takes longer than this is forced, in milliseconds. */
const STOP_DEADLINE_MS = 4_500;

/** Time between two looks at whether the parent process is still there, in milliseconds. */
const PARENT_CHECK_MS = 500;

/**
 * Serves until a signal ends this process, which is the server's own from here on.
 *
 * @throws ConfigError or DatabaseStartError with a message for the operator when it cannot be started.
 */
export async function serve(environment: Environment): Promise<void> {
  const config = parseConfig(environment);
  await checkSurroundings(config, environment);
  const pretty = process.stdout.isTTY && environment["NODE_ENV"] !== "production";
  const tracing = await openTracing(config);
  const moreFields = tracing && (() => tracing.logFields());
  const log = await createLogger({ level: config.LOG_LEVEL, pretty, moreFields });
  tracing?.complainTo(log);

  const removed = await removeAbandonedProfiles();
  if (removed > 0) log.warn({ removed }, "ended browsers that a killed server left behind");
  warnOfSurroundings(config, log);
  const app = await buildApp(config, log, { traces: tracing });
  let isAsked = false;
  const hurry = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      // A second signal comes of somebody who does not want to wait.
      if (isAsked) hurry.abort(new Error("a second signal"));
      isAsked = true;
      log.info({ signal }, "stopping");
      void drain(app, { timeoutMs: config.DRAIN_TIMEOUT * 1000, hurry: hurry.signal, log }).then(() =>
        stop(app, { tracing, log }),
      );
    });
  }
  // npm passes a signal on to its shell only, which dies of it and leaves this process behind.
  if (environment["npm_lifecycle_event"] !== undefined) watchParent(() => void stop(app, { tracing, log }));
  const url = await listen(app, config);
  log.info({ url, docs: `${url}/docs`, webSocket: "/ws/execute-step" }, "listening");
  await tellWhoMayCome(app, config, log);
  if (await seedDemoCase(app.cases)) log.info("a demo test case is in the new database");
  await app.warm();
}

/** Warnings about this machine for the operator, before anything goes wrong. */
function warnOfSurroundings(config: Config, log: Logger): void {
  const maxConnections = config.MAX_CONNECTIONS || undefined;
  const needs = { maxConnections, poolSize: config.BROWSER_POOL_SIZE };
  warnOfFewFileHandles(needs, { limit: fileHandleLimit(), log });
  // Firefox's sandbox works as root too, and that of another machine is not ours.
  if (config.BROWSER !== "firefox" && config.SELENIUM_REMOTE_URL === undefined) warnOfNoSandbox(log);
}

/** Says how to make the first token, and warns of everything that anybody may do until then. */
async function tellWhoMayCome(app: App, { secrets, TRUST_PROXY }: Config, log: Logger): Promise<void> {
  const setupCode = await app.setupCode();
  if (setupCode === undefined) return;
  log.info(
    { setupCode },
    "nobody needs a login until POST /api/tokens makes the first token, with this setup_code",
  );
  if (Object.keys(secrets).length > 0) {
    log.warn("secrets are set: every page that this machine serves may use them until there is a token");
  }
  if (TRUST_PROXY !== undefined) {
    log.warn(
      "TRUST_PROXY is set: everybody whom the proxy lets through may do everything until there is a token",
    );
  }
}

async function listen(app: App, config: Config): Promise<string> {
  try {
    return await app.listen();
  } catch (error) {
    const reason = whyNotListening(error, config);
    throw reason === undefined ? error : new ConfigError(reason);
  }
}

/** Calls back once when the process that started this one has gone. */
function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, PARENT_CHECK_MS);
  timer.unref();
}

interface Draining {
  /** Longest wait; 0 for none. */
  timeoutMs: number;
  /** Ends the wait. */
  hurry: AbortSignal;
  log: Logger;
}

/** Lets the runs end by themselves, for as long as they may. Never rejects. */
async function drain(app: App, { timeoutMs, hurry, log }: Draining): Promise<void> {
  if (timeoutMs === 0 || hurry.aborted) return;
  try {
    await abortable(app.drain(), AbortSignal.any([hurry, timeoutSignal(timeoutMs)]));
    log.info("every run has ended");
  } catch (error) {
    log.warn({ err: error }, "runs that have not ended yet are ended now");
  }
}

/** Loads what sends traces where somebody wants them. */
async function openTracing(config: Config): Promise<Tracing | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: serviceName } = config;
  if (endpoint === undefined) return undefined;
  const { Tracing } = await import("./tracing/tracing.js");
  return new Tracing({ endpoint, serviceName });
}

interface Stopping {
  tracing: Tracing | undefined;
  log: Logger;
}

async function stop(app: App, { tracing, log }: Stopping): Promise<void> {
  setTimeout(() => {
    log.fatal(
      { ending: app.ending },
      "the stop took too long and is cut off; the next start ends what it leaves behind",
    );
    process.exit(1);
  }, STOP_DEADLINE_MS).unref();
  await app.close();
  await tracing?.close();
  process.exit(0);
}
