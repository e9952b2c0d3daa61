import type {
  ExecuteAll,
  ExecuteStep,
  GenerateStepScript,
  GenerateTestCase,
  GenerationComplete,
  GenerationProgress,
  RunEvent,
  ServerMessage,
  StepScriptGenerated,
  Welcome,
} from "./protocol-types.js";
import type { BackoffOptions } from "./backoff.js";
import { RequestError, type ClosedError } from "./errors.js";
import { Link, type ConnectionState, type WebSocketClass } from "./link.js";
import { StepwireRest } from "./rest.js";
import { Run, type CaseResult, type PageGenerationResult, type RunResult, type StepResult } from "./run.js";

export interface ConnectOptions extends BackoffOptions {
  /** Of the server, such as `http://localhost:8000`, or of its WebSocket. */
  url: string;
  /** An API token or JWT, or what gives one for each new connection; it is never put into a URL. */
  token?: string | (() => string | Promise<string>) | undefined;
  /** The form of pictures in live events. @defaultValue "url" */
  screenshots?: "inline" | "url" | "off" | undefined;
  /** @defaultValue the global WebSocket of browsers and Node 22; Node 20 needs the one of the package `ws` */
  WebSocket?: WebSocketClass | undefined;
  /** Longest time to connect and be welcomed, in milliseconds. @defaultValue 10 000 */
  connectTimeoutMs?: number | undefined;
  /** Called with each change of the connection's state, and at once with `connecting`. */
  onState?: ((state: ConnectionState) => void) | undefined;
}

const CONNECT_TIMEOUT_MS = 10_000;

type Options<M> = Omit<
  M,
  "type" | "request_id" | "idempotency_key" | "step_id" | "test_case_id" | "description"
>;
/** Options of a generation on the open page. */
export type PageOptions = Omit<Options<GenerateTestCase>, "start_url">;
export type StepScriptOptions = Options<GenerateStepScript>;
export type RunOptions = Options<ExecuteStep>;
export type CaseOptions = Options<ExecuteAll>;

export type GenerationResult = GenerationComplete;
export type GenerationStage = GenerationProgress;
export type StepScriptResult = StepScriptGenerated;

/** A request whose answer is outstanding, to be sent again on a new connection. */
interface Outstanding {
  message: object;
  receive(message: ServerMessage): void;
  fail(error: Error): void;
}

/**
 * A connection to a Stepwire server that survives the network: it connects again, is authenticated again, goes on
 * with every open run after the last event it has seen, and never starts anything twice.
 */
export class StepwireClient {
  /** Resolves once the server has welcomed this client; rejects when it never will. */
  readonly ready: Promise<Welcome>;
  /** Test cases, runs and artifacts of the same server. */
  readonly rest: StepwireRest;
  readonly #link: Link;
  /** By the `request_id` that each answer repeats. */
  readonly #outstanding = new Map<string, Outstanding>();
  readonly #runs = new Map<string, Run>();
  /** Runs that are being subscribed to, by the `request_id` of that. */
  readonly #subscribing = new Map<string, Run>();
  #ended: ClosedError | undefined;
  #requests = 0;
  readonly #name = randomName();

  constructor(options: ConnectOptions) {
    const WebSocket = options.WebSocket ?? (globalThis as { WebSocket?: WebSocketClass }).WebSocket;
    if (WebSocket === undefined) {
      throw new Error(
        "There is no WebSocket here; pass the one of the package `ws` as the option WebSocket.",
      );
    }
    this.rest = new StepwireRest(options);
    let welcome: (message: Welcome) => void = () => undefined;
    let refuse: (error: Error) => void = () => undefined;
    this.ready = new Promise((resolve, reject) => {
      welcome = resolve;
      refuse = reject;
    });
    this.ready.catch(() => undefined);
    const { onState = () => undefined } = options;
    onState("connecting");
    this.#link = new Link({
      ...options,
      onState,
      url: webSocketUrl(options.url),
      WebSocket,
      connectTimeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      hello: { type: "hello", protocol: 1, screenshots: options.screenshots ?? "url" },
      onOpen: () => {
        this.#goOn();
      },
      onMessage: (message) => {
        // The link has parsed what the server sent; its schema is the protocol's.
        const known = message as ServerMessage;
        if (known.type === "welcome") welcome(known);
        this.#receive(known);
      },
      onEnd: (error) => {
        this.#ended = error;
        refuse(error);
        this.#failAll(error);
      },
    });
  }

  /** See {@link connect}. */
  static async connect(options: ConnectOptions): Promise<StepwireClient> {
    const client = new StepwireClient(options);
    const timer = setTimeout(() => {
      client.#link.giveUp();
    }, options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS);
    try {
      await client.ready;
    } finally {
      clearTimeout(timer);
    }
    return client;
  }

  /** Runs one step, with the login of its case before it. */
  executeStep(stepId: number, options: RunOptions = {}): Run<StepResult> {
    return this.#start<StepResult>(["execution_complete"], {
      type: "execute_step",
      step_id: stepId,
      ...options,
    });
  }

  /** Runs every step of a case. */
  executeAll(testCaseId: number, options: CaseOptions = {}): Run<CaseResult> {
    const message = { type: "execute_all", test_case_id: testCaseId, ...options };
    return this.#start<CaseResult>(["all_steps_complete"], message);
  }

  /**
   * Writes a test case from a description in plain English.
   *
   * @throws RequestError when nothing was saved, ClosedError when the connection is closed for good.
   */
  generateTestCase(
    description: string,
    onProgress: (stage: GenerationStage) => void = () => undefined,
  ): Promise<GenerationResult> {
    return this.#request({ type: "generate_test_case", description, ...this.#key() }, (message) => {
      if (message.type === "generation_progress") onProgress(message);
      return message.type === "generation_complete" ? message : undefined;
    });
  }

  /**
   * Writes a test case and tries each of its sentences on a page, which is opened first: a run of its own kind.
   *
   * @param startUrl - the page
   */
  generateOnPage(
    description: string,
    startUrl: string,
    options: PageOptions = {},
  ): Run<PageGenerationResult> {
    const message = { type: "generate_test_case", description, start_url: startUrl, ...options };
    return this.#start<PageGenerationResult>(["generation_complete", "generation_error"], message);
  }

  /**
   * Writes the script of a step anew, after the steps before it were run where they open a page.
   *
   * @throws RequestError when nothing was saved, ClosedError when the connection is closed for good.
   */
  generateStepScript(
    stepId: number,
    options: StepScriptOptions = {},
    onProgress: (stage: GenerationStage) => void = () => undefined,
  ): Promise<StepScriptResult> {
    const message = { type: "generate_step_script", step_id: stepId, ...options, ...this.#key() };
    return this.#request(message, (answer) => {
      if (answer.type === "generation_progress") onProgress(answer);
      // The last event of a run that has saved nothing.
      if (answer.type === "generation_error") throw new RequestError(answer.code, answer.error);
      return answer.type === "step_script_generated" ? answer : undefined;
    });
  }

  /** Watches a run that someone else has started, from its first event or after a number. */
  watch(runId: string, afterSeq = 0): Run {
    const run = new Run(this.#control);
    run.known(runId, afterSeq);
    if (this.#refuses(run)) return run;
    this.#runs.set(runId, run);
    this.#subscribe(run);
    return run;
  }

  /** Asks the server to stop a run, whoever started it; its events tell when it has ended. */
  cancel(runId: string): Promise<void> {
    return this.#control.control("cancel", runId);
  }

  /** Closes the connection. Runs go on without it. */
  close(): void {
    this.#link.close();
  }

  readonly #control = {
    control: async (type: "cancel" | "pause" | "resume" | "step", runId: string): Promise<void> => {
      await this.#request({ type, run_id: runId }, (message) =>
        message.type === `${type}_accepted` ? message : undefined,
      );
    },
  };

  #start<Result extends RunResult>(lastEvents: readonly Result["type"][], request: object): Run<Result> {
    const run = new Run<Result>(this.#control, lastEvents);
    if (this.#refuses(run)) return run;
    const id = this.#nextId();
    const message = { ...request, ...this.#key(), request_id: id };
    this.#outstanding.set(id, {
      message,
      receive: (answer) => {
        if (!isRunEvent(answer)) return;
        // From here on the run is known by its id, and a lost connection is a matter of subscribing again.
        this.#outstanding.delete(id);
        this.#runs.set(answer.run_id, run);
        this.#take(run, answer);
      },
      fail: (error) => {
        run.fail(error);
      },
    });
    this.#link.send(message);
    return run;
  }

  #request<T>(request: object, answerOf: (message: ServerMessage) => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(this.#ended);
        return;
      }
      const id = this.#nextId();
      const message = { ...request, request_id: id };
      const receive = (received: ServerMessage) => {
        try {
          const answer = answerOf(received);
          if (answer === undefined) return;
          resolve(answer);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
        this.#outstanding.delete(id);
      };
      this.#outstanding.set(id, { message, receive, fail: reject });
      this.#link.send(message);
    });
  }

  #receive(message: ServerMessage): void {
    const requestId = ("request_id" in message && message.request_id) || "";
    const run =
      "run_id" in message && message.run_id !== undefined ? this.#runs.get(message.run_id) : undefined;
    if (isRunEvent(message)) {
      if (run) this.#take(run, message);
      else this.#outstanding.get(requestId)?.receive(message);
    } else if (message.type === "behind") {
      if (run) this.#subscribe(run);
    } else if (message.type === "subscription_complete") {
      this.#runs.delete(message.run_id);
      run?.complete();
    } else if (isError(message)) this.#refused(message, requestId, run);
    else this.#outstanding.get(requestId)?.receive(message);
  }

  #refused(
    message: Extract<ServerMessage, { error: string }>,
    requestId: string,
    run: Run | undefined,
  ): void {
    const retryAfterMs = "retry_after_ms" in message ? message.retry_after_ms : undefined;
    const error = new RequestError(message.code, message.error, { retryAfterMs });
    const outstanding = this.#outstanding.get(requestId);
    this.#outstanding.delete(requestId);
    if (outstanding) outstanding.fail(error);
    else (this.#subscribing.get(requestId) ?? run)?.fail(error);
  }

  #take(run: Run, event: RunEvent): void {
    if (run.receive(event)) this.#subscribe(run);
    if (run.isOver) this.#runs.delete(event.run_id);
    // Not asked for again: everything up to here has come.
    for (const [id, subscribing] of this.#subscribing) if (subscribing === run) this.#subscribing.delete(id);
  }

  /** A new connection knows nothing of the one before. */
  #goOn(): void {
    this.#subscribing.clear();
    for (const { message } of this.#outstanding.values()) this.#link.send(message);
    for (const run of this.#runs.values()) this.#subscribe(run);
  }

  #subscribe(run: Run): void {
    const id = this.#nextId();
    this.#subscribing.set(id, run);
    this.#link.send({ type: "subscribe", run_id: run.id, after_seq: run.lastSeq, request_id: id });
  }

  #refuses(run: { fail(error: Error): void }): boolean {
    if (this.#ended) run.fail(this.#ended);
    return this.#ended !== undefined;
  }

  #failAll(error: Error): void {
    for (const { fail } of this.#outstanding.values()) fail(error);
    for (const run of this.#runs.values()) run.fail(error);
    this.#outstanding.clear();
    this.#runs.clear();
  }

  #nextId(): string {
    return `${this.#name}-${++this.#requests}`;
  }

  /** A request that is sent again carries the same key, so that the server does not carry it out again. */
  #key(): { idempotency_key: string } {
    return { idempotency_key: randomName() };
  }
}

/**
 * Connects and resolves once the server has welcomed this client. Until `connectTimeoutMs` it tries again where the
 * server cannot be reached, so that one which is just starting is waited for.
 *
 * @throws ClosedError when the server refuses for good, as for a token that is not valid, when there is another server
 *   or none at all, with the reason of the last attempt.
 */
export async function connect(options: ConnectOptions): Promise<StepwireClient> {
  return await StepwireClient.connect(options);
}

function isRunEvent(message: ServerMessage): message is RunEvent {
  return "seq" in message;
}

function isError(message: ServerMessage): message is Extract<ServerMessage, { error: string }> {
  return "error" in message && "code" in message;
}

function webSocketUrl(given: string): string {
  const url = new URL(given);
  url.protocol = url.protocol.replace(/^http/, "ws");
  if (url.pathname === "/") url.pathname = "/ws/execute-step";
  return url.href;
}

/** 128 random bits; `crypto.randomUUID` is missing on pages that are not served over HTTPS. */
function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
