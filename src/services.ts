import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { Logger } from "pino";
import { closeBrowsers, type Browsers, type ManagedPool } from "./browsers.js";
import type { ArtifactReader } from "./cases/ports.js";
import { CaseService } from "./cases/service.js";
import { limitOf, type Config } from "./config.js";
import { isBucket, withReliefOf, type Database } from "./db/index.js";
import { DiskWatch } from "./disk/disk-watch.js";
import { Reserve } from "./disk/reserve.js";
import { RunControls } from "./execution/controls.js";
import { Feed } from "./execution/feed.js";
import type { RunControl } from "./execution/ports.js";
import type { ReadPicture } from "./execution/relay.js";
import { InProcessQueue, type QueueLimits, type RunQueue } from "./execution/queue/queue.js";
import { SharedQueue } from "./execution/queue/shared-queue.js";
import { ExecutionService } from "./execution/service.js";
import { Sweeper } from "./execution/sweeper.js";
import { UNWATCHED, type Watch } from "./metrics/ports.js";
import { UNTRACED, type Traces } from "./tracing/ports.js";
import { performScript } from "./runner/perform-script.js";
import { pictureTakers } from "./runner/secrets/pictures.js";
import { RunVariables } from "./runner/variables.js";
import { WebmWriter } from "./video/webm.js";

/** Most runs that may wait for a browser. */
const QUEUE_CAPACITY = 1_000;

/** Everything that keeps and runs test cases, without a way in from outside. */
export interface Services {
  database: Database;
  cases: CaseService;
  execution: ExecutionService;
  controls: RunControls;
  feed: Feed;
  disk: DiskWatch;
  /** Gives the runs that a killed server left behind their verdicts, and looks after the disk from then on. */
  start(): Promise<void>;
  /** Ends every run; whoever watches one has been told its verdict then. */
  endRuns(): Promise<void>;
  closeBrowsers(): Promise<void>;
  closeDatabase(): Promise<void>;
}

interface ServiceParts {
  opened: Database;
  browsers: Browsers;
  /** As in the settings of runs. */
  commandDelayMs?: number | undefined;
  /** @defaultValue nobody looks on */
  watch?: Watch;
  /** @defaultValue nobody follows */
  traces?: Traces;
  log: Logger;
}

/** Puts the services together. Their parts are closed in the order of the methods that close them. */
export function createServices(
  config: Config,
  { opened, browsers, commandDelayMs, watch = UNWATCHED, traces = UNTRACED, log }: ServiceParts,
): Services {
  const disk = createDiskWatch(config, opened, log);
  const database = withReliefOf(opened, disk);
  const { pool } = browsers;
  const { runReader: reader, wakes, artifactStore } = database;
  const feed = new Feed({ reader, wakes, readPicture: pictureReader(artifactStore) });
  const execution = createExecution(config, {
    database,
    pool,
    disk,
    feed,
    forward: (control, runId) => controls.forward(control, runId),
    commandDelayMs,
    watch,
    traces,
    log,
  });
  const controls: RunControls = new RunControls({ execution, store: database.controlStore, wakes, log });
  disk.onShortage = (reason) => execution.endUnderWay(reason);
  const sweeper = createSweeper(config, database, log);
  return {
    database,
    cases: new CaseService(database.testCaseStore),
    execution,
    controls,
    feed,
    disk,
    start: async () => {
      await execution.recover();
      controls.start();
      sweeper.start();
      disk.start();
    },
    endRuns: async () => {
      await Promise.all([execution.stop(), controls.stop(), sweeper.stop()]);
      await feed.settled();
    },
    closeBrowsers: () => closeBrowsers(browsers),
    closeDatabase: async () => {
      feed.stop();
      await disk.stop();
      await database.close();
    },
  };
}

/** Reads the pictures of events of other servers' runs, by their addresses. */
function pictureReader(artifacts: Pick<ArtifactReader, "openArtifact">): ReadPicture {
  return async (url) => {
    const content = await artifacts.openArtifact(basename(url));
    return content && (await buffer(content.read()));
  };
}

function megabytes(value: number): number | undefined {
  return value === 0 ? undefined : value * 1_000_000;
}

function createDiskWatch(config: Config, { file }: Database, log: Logger): DiskWatch {
  const artifacts = isBucket(config.ARTIFACTS_DIR) ? undefined : config.ARTIFACTS_DIR;
  const isBusyHere = config.SELENIUM_REMOTE_URL === undefined || artifacts === undefined;
  const places = [
    ...(file === undefined ? [] : [{ name: "the database (DATABASE_URL)", folder: dirname(file) }]),
    ...(artifacts === undefined ? [] : [{ name: "the artifacts (ARTIFACTS_DIR)", folder: artifacts }]),
    // Profiles of browsers are there, and videos until a bucket has them.
    ...(isBusyHere ? [{ name: "temporary files (TMPDIR)", folder: tmpdir() }] : []),
  ];
  const minFreeBytes = config.DISK_MIN_FREE * 1_000_000;
  return new DiskWatch({
    places,
    minFreeBytes,
    reserve: new Reserve(`${file ?? join(artifacts ?? tmpdir(), "stepwire")}-reserve`),
    log,
  });
}

interface ExecutionParts {
  database: Database;
  pool: ManagedPool;
  disk: DiskWatch;
  feed: Feed;
  /** Hands a control on to the server that has taken a run over. */
  forward: (control: RunControl, runId: string) => void;
  commandDelayMs: number | undefined;
  watch: Watch;
  traces: Traces;
  log: Logger;
}

/** The queue of this process alone, or of all servers, which starts jobs as places for their browsers come free. */
function createQueue(
  limits: QueueLimits,
  { pool, database: { jobStore: jobs, wakes }, log }: Pick<ExecutionParts, "pool" | "database" | "log">,
): { queue: RunQueue; shared: SharedQueue | undefined } {
  const withPlaces = { ...limits, places: pool.places };
  if (jobs !== undefined) {
    const shared = new SharedQueue({ ...withPlaces, jobs, wakes, log });
    pool.onPlaces = () => {
      shared.look();
    };
    return { queue: shared, shared };
  }
  const queue = new InProcessQueue(withPlaces);
  pool.onPlaces = () => {
    queue.placesChanged();
  };
  return { queue, shared: undefined };
}

function createExecution(
  config: Config,
  { database, pool, disk, feed, forward, commandDelayMs, watch, traces, log }: ExecutionParts,
): ExecutionService {
  const pauseHoldMs = limitOf(config.PAUSE_HOLD * 1000);
  const requireSpace = () => disk.requireSpace();
  const { takePicture, takeVideoFrame } = pictureTakers({
    blackenUnknown: config.SECRETS_BLACKEN === "unknown",
  });
  const watched = watch.pool(pool);
  const limits = {
    concurrency: config.ROLE === "server" ? 0 : pool.size,
    capacity: QUEUE_CAPACITY,
    runningPerPrincipal: limitOf(config.MAX_RUNNING_RUNS_PER_PRINCIPAL),
    waitingPerPrincipal: limitOf(config.MAX_QUEUED_RUNS_PER_PRINCIPAL),
    pauseHoldMs,
  };
  const { queue, shared } = createQueue(limits, { pool, database, log });
  return new ExecutionService({
    store: watch.store(database.executionStore),
    artifacts: database.artifactStore,
    baselines: { reader: database.baselineStore, browser: config.BROWSER },
    pool: {
      size: pool.size,
      acquire: (signal, options) => requireSpace().then(() => watched.acquire(signal, options)),
    },
    admit: requireSpace,
    ownBrowser: config.SELENIUM_REMOTE_URL === undefined ? config.BROWSER : undefined,
    queue: watch.queue(queue),
    shared,
    forward: (control, runId) => {
      forward(control, runId);
    },
    traces,
    feed,
    performScript: watch.scripts(performScript),
    takePicture,
    takeFrame: takeVideoFrame,
    newVideo: (write) => new WebmWriter(write),
    newVariables: (environment) =>
      new RunVariables({
        env: { ...config.scriptEnv, ...environment?.variables },
        secrets: config.secrets,
        secretHosts: config.secretHosts,
        secretNames: environment?.secrets,
      }),
    settings: {
      screenshots: config.SCREENSHOTS,
      video: config.VIDEO,
      commandTimeoutMs: config.COMMAND_TIMEOUT * 1000,
      readyTimeoutMs: config.READY_TIMEOUT * 1000,
      keyDelayMs: config.TYPING_DELAY,
      commandDelayMs,
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

function createSweeper(config: Config, database: Database, log: Logger): Sweeper {
  return new Sweeper({
    artifacts: database.artifactStore,
    runs: database.oldRunStore,
    limits: {
      artifactDays: limitOf(config.ARTIFACTS_MAX_AGE),
      artifactBytes: megabytes(config.ARTIFACTS_MAX_SIZE),
      runDays: limitOf(config.RUNS_KEEP_DAYS),
      runsPerCase: limitOf(config.RUNS_KEEP_PER_CASE),
    },
    now: () => new Date(),
    log,
  });
}
