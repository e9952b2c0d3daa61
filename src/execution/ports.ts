import type { KeyedRequest, RequestKey } from "../protocol/idempotency.js";
import type { Script } from "../protocol/commands.js";
import type { BrowserName } from "../protocol/browsers.js";
import type { ArtifactKind, OnFailure, RunEvent, RunEventBody, Verdict } from "../protocol/messages.js";
import type { Page, ScriptOutcome, Variables } from "../runner/ports.js";

/** A test step as execution needs it. */
export interface StepRecord {
  id: number;
  testCaseId: number;
  stepNumber: number;
  description: string;
  expectedResult: string;
  /** `selenium_script_json` as stored: text that has yet to be parsed, or nothing. */
  script: string | null;
  /** Name of the environment that its case has. @defaultValue none */
  environment?: string | null;
  /**
   * Time between two keys of a text that its case has, for commands that name none, in milliseconds.
   * @defaultValue the server's own
   */
  typingDelay?: number | null;
}

/** The base URL, variables and secrets that a run is given beside its script. */
export interface RunEnvironment {
  /** Null where the run has variables of its own only. */
  name: string | null;
  /** The address that the paths of `navigate` and `new_window` belong to. */
  baseUrl: string | null;
  /** Values of `${env.NAME}`. */
  variables: Readonly<Record<string, string>>;
  /** Names that the server has secrets under, by the names that scripts have for them; with none, all are reached. */
  secrets: Readonly<Record<string, string>>;
}

/** `generation`: a generator tries what it writes on the open page. */
export type RunKind = "step" | "case" | "generation";

export interface NewRun {
  id: string;
  kind: RunKind;
  /** Null for a generation that is to make a case. */
  testCaseId: number | null;
  /** The step of a run of kind `step`, or that a generation writes the script of. */
  testStepId: number | null;
  onFailure: OnFailure;
  requestId: string | null;
  /** Who started it. @defaultValue nobody in particular */
  principal?: string | null;
  /** Name of its environment. @defaultValue none */
  environment?: string | null;
  /** The browser that is asked for, and its version. @defaultValue the server's own, in any version */
  browser?: BrowserName | null;
  browserVersion?: string | null;
  /** The request, when it has a key, so that it does not start a second run. */
  once?: KeyedRequest | undefined;
  createdAt: Date;
}

/** A run that was started by a request with a key, and that request's content. */
export interface KeyedRun {
  id: string;
  asked: string;
}

export type { RequestKey };

export interface StepResult {
  stepId: number;
  verdict: Verdict;
  executionTimeMs: number;
  errorMessage: string | null;
  /** Set only when the step passed; otherwise the stored actual result stays as it is. */
  actualResult: string | null;
  executedAt: Date;
}

export interface RunResult {
  runId: string;
  verdict: Verdict;
  errorMessage: string | null;
  /** The number of times that the run was carried out. */
  attempts: number;
  /** True when the run passed, but not at the first attempt. */
  flaky: boolean;
  finishedAt: Date;
}

/** Events in the order in which they are numbered, of one or more runs, with the verdicts that they announce. */
export interface EventBatch {
  events: RunEvent[];
  steps: StepResult[];
  runs: RunResult[];
}

/**
 * Time for which a run belongs to a server after each renewal of its lease, in milliseconds. It is longer than a write
 * waits for another process's lock (15 s) and a renewal is late because of it. Until it is over, nobody gives a verdict
 * to the run of a server that died.
 */
export const LEASE_MS = 30_000;

/**
 * Another server has a run, or may have it, or it was deleted: nothing more can be written about it here. This is no
 * AppError, because the database's client takes any error with a `code` for one of its own.
 */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";
  readonly runId: string;

  constructor(runId: string, message = "Another server has taken the run over, or it was deleted.") {
    super(message);
    this.runId = runId;
  }
}

/** A run that a stopped server left behind. */
export interface UnfinishedRun {
  id: string;
  kind: RunKind;
  testCaseId: number | null;
  testStepId: number | null;
  requestId: string | null;
  /** Every event stored so far, in order. */
  events: RunEvent[];
}

/**
 * Reads and saves for execution, on behalf of one server. Every method rejects only when the database does. It writes
 * about a run only while this server has the run's lease, which the statement that writes finds out.
 */
export interface ExecutionStore {
  /** True when the database's own lock proves, for as long as this process lives, that it has no other server. */
  readonly isSole: boolean;
  findStep(stepId: number): Promise<StepRecord | undefined>;
  /** The steps of a case in the order of their numbers; `undefined` when there is no such case. */
  findSteps(testCaseId: number): Promise<StepRecord[] | undefined>;
  findEnvironment(name: string): Promise<RunEnvironment | undefined>;
  /** The run that was started with a principal's idempotency key in the last 24 hours. */
  findRunByKey(request: RequestKey): Promise<KeyedRun | undefined>;
  /**
   * Saves a run as this server's, with a lease from `createdAt`, unless its principal has another with its idempotency
   * key.
   *
   * @returns whether it was saved
   */
  createRun(run: NewRun): Promise<boolean>;
  /** @throws LeaseLostError when another server has the run */
  startRun(runId: string, startedAt: Date): Promise<void>;
  /** Sets a step's `execution_status` to `running`, unless another server has the run. */
  startStep(stepId: number, runId: string): Promise<void>;
  /**
   * Saves events, and the verdicts they announce, in one transaction; resolves once they are durable.
   *
   * @throws LeaseLostError when another server has one of the runs; nothing of the batch is saved then.
   */
  append(batch: EventBatch): Promise<void>;
  /**
   * Renews the leases of all runs of this server that have no verdict, from a time on.
   *
   * @returns ids of the runs that another server has taken over
   */
  renewLeases(now: Date): Promise<string[]>;
  /**
   * Takes over runs without a verdict whose owners are gone, each for one server only: their leases are over, or they
   * never had one. At the start of a sole server, the owners of all other runs count as gone.
   *
   * @returns those that are to be ended, oldest first
   */
  takeAbandonedRuns(when: "start" | "later", now: Date): Promise<UnfinishedRun[]>;
  /**
   * Gives this server's own runs a new lease, so that nothing that was on its way about them is written any more.
   *
   * @returns those of the runs that are still this server's and have no verdict
   */
  takeBackRuns(runIds: readonly string[], now: Date): Promise<UnfinishedRun[]>;
}

/** A client's control of a run that waits or is under way. */
export type RunControl = "cancel" | "pause" | "resume" | "step";

/** The outcome of a control: done, or the code of the error. */
export type ControlOutcome = "done" | "run_not_found" | "run_not_paused";

export interface ControlRequest {
  id: string;
  runId: string;
  control: RunControl;
}

/** Requests of servers that a run be controlled which another server has. Every method rejects only when the database does. */
export interface ControlStore {
  /** Finds a run that has no verdict yet. */
  findUnfinished(runId: string): Promise<{ principal: string | null } | undefined>;
  /** Saves a request for whichever server has the run. @returns false when the run has been deleted */
  request(request: ControlRequest): Promise<boolean>;
  /** Takes the requests about runs that this server has, each once, oldest first. */
  takeRequests(): Promise<ControlRequest[]>;
  answer(id: string, outcome: ControlOutcome): Promise<void>;
  /** @returns nothing while there is no answer, or once the request was deleted */
  findOutcome(id: string): Promise<ControlOutcome | undefined>;
  /** Deletes a request. @returns whether no server had taken it, so that it is not carried out */
  withdraw(id: string): Promise<boolean>;
}

/** A new run, as whichever server takes it can carry it out. */
export interface RunJob {
  /** All that its performing needs beside the run itself; what JSON can hold. */
  content: object;
  /** Its place among the waiting runs of its principal: the highest gets the principal's next turn. */
  priority: number;
  /** True for one that no other server than this one can carry out. */
  isOwn: boolean;
  /** Runs that this server carries out at the same time: one for which it has room just now waits only for a moment. */
  places: number;
  /** Runs that may wait beside those, of all principals and of this one. */
  mostWaiting: number;
  mostWaitingOfPrincipal: number;
}

/** The fate of a new run: `asked_before` is one that its principal has started with the same idempotency key. */
export type Enqueued = "queued" | "asked_before" | "full" | "full_for_principal";

/** A run whose turn has come, on the server that has taken it. */
export interface TakenRun {
  run: NewRun;
  content: unknown;
  /** Number of the last event that it has already. */
  lastSeq: number;
}

/** The runs in line of which a server takes the next one. */
export interface TakeOptions {
  /** Runs of one principal that may be carried out at the same time, on all servers. @defaultValue any number */
  runningPerPrincipal?: number | undefined;
  /** True where nothing but runs is wanted that no other server can carry out. */
  onlyOwn: boolean;
  /** The browsers that the run may ask for. @defaultValue any */
  browsers?: TakenBrowsers;
}

type AskedBrowser = RequestedBrowser | undefined;

export interface TakenBrowsers {
  free: readonly AskedBrowser[];
  /** Those of runs that have waited for so long, in milliseconds, or that no other server can carry out. */
  later: readonly AskedBrowser[];
  laterMs: number;
}

/** A run that waits. */
export interface WaitingRun {
  runId: string;
  principal: string;
  /** Time of the request that brought its turn: its own, or one of its principal's that it goes before. */
  queuedAt: Date;
  /** False while its principal has as many running as it may. */
  mayStart: boolean;
}

/**
 * The runs that wait for whichever server has room, in turns of their principals. Every method rejects only when the
 * database does.
 */
export interface JobStore {
  /**
   * Saves a run as this server's, and puts it in line, in one transaction. It gets the first turn that its principal has
   * given to a run of a lower priority, which get the turns behind.
   */
  createRun(run: NewRun, job: RunJob): Promise<Enqueued>;
  /** Takes the next run over from whichever server has it, each for one server only. */
  take(now: Date, options: TakeOptions): Promise<TakenRun | undefined>;
  /** The browsers that runs in line ask for, each once. */
  listBrowsers(): Promise<AskedBrowser[]>;
  /** Takes a run out of the line. @returns whether no server had taken it */
  remove(runId: string): Promise<boolean>;
  /** Makes a run the next one, whoever's turn it is. */
  putFirst(runId: string): Promise<void>;
  /** Everything that waits, in the order in which it is taken. */
  listWaiting(options: { runningPerPrincipal?: number | undefined }): Promise<WaitingRun[]>;
  /** Renews the lease of a run of this server no more. */
  forget(runId: string): void;
}

export type MediaType =
  "image/jpeg" | "image/png" | "video/webm" | "text/html" | "application/json" | "application/octet-stream";

/** The description of an artifact, without its content. */
interface ArtifactDescription {
  /** Null for one of a generation, whose steps are not saved yet. */
  stepId: number | null;
  kind: ArtifactKind;
  /** A name for people, or that of a downloaded file or of a baseline. */
  name?: string | undefined;
  /** Of a picture that is compared with a baseline; see {@link BaselineKey}. */
  variant?: string | undefined;
}

/** Something kept from a run. */
export type NewArtifact = ArtifactDescription & { runId: string; mediaType: MediaType } & (
    | { bytes: Uint8Array }
    /** @param file path of a file of this machine, which is copied */
    | { file: string }
  );

/** Writes bytes at a place of a file. */
export type WriteBytes = (bytes: Uint8Array, position: number) => Promise<void>;

/** A file that is written bit by bit. Nobody can see it until it is kept. */
export interface ArtifactFile {
  write: WriteBytes;
  /** Makes an artifact of it. @returns the path that serves it */
  keep(description: ArtifactDescription): Promise<string>;
  discard(): Promise<void>;
}

/** The limits beyond which artifacts are deleted: each by itself, `undefined` for none. */
export interface Retention {
  /** Artifacts from before are deleted. */
  before: Date | undefined;
  /** Bytes that all artifacts may take; the oldest go first. */
  maxBytes: number | undefined;
  /** Aborted when the server stops; what was deleted by then stays deleted. */
  signal: AbortSignal;
}

/** The work of a sweep, in files and rows. */
export interface Swept {
  /** Artifacts deleted, because they were too old or too many. */
  deleted: number;
  /** Files without a row, put into the trash. */
  trashed: number;
  /** Rows that have been marked: their files are gone. */
  missing: number;
  /** Rows whose files are there again. */
  found: number;
  /** Files deleted that had been in the trash for long enough. */
  emptied: number;
}

/**
 * The limits beyond which runs are deleted: each by itself, `undefined` for none. Whatever they say, a run stays while it
 * has no verdict, is flaky, is the last that passed of its case, or of its step by itself, or is still needed: for a
 * webhook that has not been told of it, or so that its idempotency key starts no other.
 */
export interface RunRetention {
  /** Runs that ended before are deleted. */
  before: Date | undefined;
  /** Newest runs of each test case that stay; older ones are deleted. */
  perCase: number | undefined;
  /** Aborted when the server stops; what was deleted by then stays deleted. */
  signal: AbortSignal;
}

/** Numbers of rows that are gone. */
export interface DeletedRuns {
  runs: number;
  events: number;
  artifacts: number;
}

export interface OldRunStore {
  /**
   * Deletes runs with their events and artifacts, little by little, so that nobody has to wait for it.
   *
   * @throws Error when the files there may be somebody else's; nothing is touched then.
   */
  deleteOldRuns(retention: RunRetention): Promise<DeletedRuns>;
}

export interface ArtifactStore {
  /** Stores an artifact and answers with the path that serves it, such as `/api/artifacts/…`. */
  save(artifact: NewArtifact): Promise<string>;
  /** Begins a file, which has to be kept or discarded. One that a killed server leaves behind goes to the trash. */
  create(artifact: Pick<NewArtifact, "runId" | "mediaType">): Promise<ArtifactFile>;
  /**
   * Deletes artifacts that are too old or too many. Unknown files go to a trash for some days, and a row that has lost
   * its file is marked. Never touches a run that waits or is under way.
   *
   * @throws Error when the files there may be somebody else's; nothing is touched then.
   */
  sweep(retention: Retention): Promise<Swept>;
}

/** A baseline by its test case, its name there, and the browser, viewport and scale that it is of. */
export interface BaselineKey {
  testCaseId: number;
  name: string;
  variant: string;
}

export interface BaselineReader {
  /**
   * Reads a picture that was accepted.
   *
   * @returns its PNG; nothing when none was accepted
   * @throws Error with the remedy when its file is gone
   */
  readBaseline(key: BaselineKey): Promise<Uint8Array | undefined>;
}

/** The space that a browser takes on the disk of this machine, in bytes. */
export interface DiskUse {
  downloads: number;
  /** Everything else, such as caches, storage and logs: with DevTools, of every run that shares the browser. */
  profile: number;
}

/** One isolated browser context, held by one run. */
export interface BrowserSession {
  readonly page: Page;
  /**
   * Name of the browser that it is in, as the baselines of its pictures have it: `chrome`, `edge`, `firefox`.
   * @defaultValue the server's own, which all sessions have
   */
  readonly browser?: string | undefined;
  /** Aborted, with an error that says why, when the browser is gone. */
  readonly lost: AbortSignal;
  /**
   * Destroys the context. Never rejects and takes at most a few seconds, whatever the page does; closing it
   * again waits for the same.
   */
  close(): Promise<void>;
  /** Looks at the space that it takes on the disk now; missing where the browser is on another machine. */
  diskUse?: (() => Promise<DiskUse>) | undefined;
}

/** The browser that a run asks for; a pool of one browser has no other. */
export interface RequestedBrowser {
  /** @defaultValue the server's own */
  browser?: BrowserName | undefined;
  /** @defaultValue any */
  version?: string | undefined;
}

export interface AcquireOptions {
  browser?: RequestedBrowser | undefined;
  /** Called with the place in a queue of others, where one has to be waited in, and whenever that gets better. */
  onQueued?: ((position: number) => void) | undefined;
}

export interface BrowserPool {
  /** Most sessions that may be held at the same time. */
  readonly size: number;
  /**
   * Takes a fresh session.
   *
   * @throws Error whose message is written for users, with the remedy, when no browser can be had.
   */
  acquire(signal: AbortSignal, options?: AcquireOptions): Promise<BrowserSession>;
}

/** The work of a generation on the open page: it writes, tries and saves. */
export interface GenerationTask {
  /**
   * @returns the end of its run, once everything is saved
   * @throws AppError with the reason that nothing was saved, or the reason of the run's or a session's signal
   */
  perform(run: GenerationRun): Promise<GenerationEnd>;
  /** The reason that nothing was saved, in a sentence for people. */
  explain(reason: string): string;
}

export interface GenerationEnd {
  event: Extract<RunEventBody, { type: "generation_complete" | "step_script_generated" }>;
  verdict: Verdict;
  /** Why the verdict is not `passed`. */
  errorMessage: string | null;
}

type GenerationProgressBody = Extract<RunEventBody, { type: "generation_progress" }>;

/** The run of a generation, whose events tell how far it has come. */
export interface GenerationRun {
  readonly runId: string;
  /** Aborted when the run is to end, for whatever reason. */
  readonly signal: AbortSignal;
  /** @defaultValue the run has none */
  readonly environment?: Pick<RunEnvironment, "name" | "baseUrl"> | undefined;
  /**
   * Works in a fresh browser session with variables of its own, after the session before is closed.
   *
   * @throws the work's own errors; the reason of the session's signal once it is aborted
   */
  inSession<T>(work: (session: GenerationSession) => Promise<T>): Promise<T>;
  /** Tells of a stage, or of a sentence. */
  tell(event: GenerationProgressBody, picture?: TakenPicture): void;
  /** Resolves when everything that was told is stored. @throws the database's error */
  flush(): Promise<void>;
}

/** A browser session of a generation, in which it performs commands as a run does. */
export interface GenerationSession extends Pick<GenerationRun, "runId" | "environment" | "tell"> {
  readonly page: Page;
  /** Aborted when the run is to end or the browser session is lost. */
  readonly signal: AbortSignal;
  readonly variables: Variables;
  /**
   * Works on one step, within the deadline of a step.
   *
   * @throws StepTimeoutError when the step has taken too long; the work's own errors
   */
  step<T>(work: (step: GenerationStep) => Promise<T>): Promise<T>;
}

/** A step that a generation works on. */
export interface GenerationStep {
  /** Aborted when the run is to end, or the step has taken too long. */
  readonly signal: AbortSignal;
  /**
   * Performs commands, and passes the run's gate before each of them.
   *
   * @param hosts the only ones that may be opened; empty: every host
   * @throws the signal's reason once it is aborted
   */
  perform(commands: Script, hosts: readonly string[]): Promise<ScriptOutcome>;
  /** Takes and keeps a picture of the page, unless none can be had. */
  takePicture(): Promise<TakenPicture | undefined>;
}

export interface TakenPicture {
  /** The path that serves it. */
  url: string;
  bytes: Uint8Array;
}

/** A step of a generation has taken longer than it may; the generation goes on. */
export class StepTimeoutError extends Error {
  override readonly name = "StepTimeoutError";
}

/** An event on its way to everybody who watches its run. */
export interface FeedEvent {
  readonly seq: number;
  readonly type: RunEvent["type"];
  /** True while {@link json} can enclose a picture: only while the event is new. */
  readonly hasPicture: boolean;
  /**
   * The event as JSON in UTF-8, put into text once however many watch.
   *
   * @param picture whether the picture of a screenshot is enclosed, in Base64
   */
  json(picture: boolean): Uint8Array;
}

/** Somebody who watches a run. */
export interface FeedWatcher {
  /** Number of the last event that the watcher has already. */
  afterSeq: number;
  /**
   * True for one that shows the pictures of events; those of a run of another server are read for it.
   * @defaultValue false
   */
  wantsPictures?: boolean;
  /** Takes events: each once, in order, without gaps. */
  onEvents(events: readonly FeedEvent[]): void;
  /** Awaited before each stored event, so that a slow reader gets them at its own speed. */
  ready(): Promise<void>;
  /** Ends the watching. */
  signal: AbortSignal;
}

/** The end of the events: the run is over, its events could no longer be stored, or the watcher's signal aborted. */
export type FeedEnd = "over" | "broken" | "stopped";

/** Every run's events, from any of them on: those stored, then those to come. */
export interface RunFeed {
  /** Tells if a run is known here to wait or to be under way; of runs of other servers only those that are watched here. */
  isLive(runId: string): boolean;
  /**
   * Hands a run's events to a watcher until there are no more.
   *
   * @throws the database's error, or the watcher's own.
   */
  watch(runId: string, watcher: FeedWatcher): Promise<FeedEnd>;
}

/** Makes a video of pictures, which it writes as they come. */
export interface VideoWriter {
  /**
   * Adds a picture, which is shown until the next one.
   *
   * @param atMs when, in milliseconds since the video began; later than the one before
   * @throws Error when no video can be made of the picture, or none can be written; the video is lost then.
   */
  add(picture: Uint8Array, atMs: number): Promise<void>;
  /** Writes the rest of the video. @param atMs when the video ends */
  finish(atMs: number): Promise<void>;
}
