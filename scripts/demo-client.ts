import WebSocket from "ws";
import type { DemoCase } from "../src/demo/demo-case.js";
import { oneLine } from "../src/one-line.js";
import type { ClientMessage, ServerMessage } from "../src/protocol/messages.js";
import type { StepOutcome, StepView } from "./demo-terminal.js";

/** Longest time that the server may say nothing, in milliseconds. */
const SILENCE_MS = 60_000;

const LOGIN_NEEDED =
  "This database has API tokens, and the demo does not log in. Give it a database and a folder of its own: DATABASE_URL=file:./data/demo.db ARTIFACTS_DIR=./data/demo-artifacts npm run demo";

export interface StoredCase {
  id: number;
  name: string;
  steps: { id: number; step_number: number; description: string }[];
}

export interface EndedRun {
  runId: string;
  outcomes: StepOutcome[];
}

type Complete = Extract<ServerMessage, { type: "execution_complete" }>;

/** A frontend in the terminal: speaks the protocol and shows what it hears. */
export class DemoClient {
  readonly #url: string;
  readonly #socket: WebSocket;
  readonly #view: StepView;

  private constructor(url: string, socket: WebSocket, view: StepView) {
    this.#url = url;
    this.#socket = socket;
    this.#view = view;
  }

  static async connect(url: string, view: StepView): Promise<DemoClient> {
    const socket = new WebSocket(`${url.replace("http", "ws")}/ws/execute-step`);
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    return new DemoClient(url, socket, view);
  }

  /** The stored case of this name, or a new one: a second demo must not fill the database with copies. */
  async findOrCreateCase(testCase: DemoCase, siteUrl: string): Promise<StoredCase> {
    const { items } = await this.#http<{ items: { id: number; name: string }[] }>(
      "/api/test-cases?limit=200",
    );
    for (const { id } of items.filter(({ name }) => name === testCase.name)) {
      const known = await this.#http<StoredCase>(`/api/test-cases/${id}`);
      // One from a demo on another DEMO_PORT is about another site.
      if (JSON.stringify(known).includes(`${siteUrl}/`)) return known;
    }
    return await this.#http<StoredCase>("/api/test-cases", testCase);
  }

  async generate(description: string): Promise<StoredCase> {
    this.#send({ type: "generate_test_case", description });
    for await (const message of this.#messages()) {
      if (message.type === "generation_progress") this.#view.generating(message.progress, message.message);
      if (message.type === "generation_error") throw new Error(oneLine(message.error));
      if (message.type !== "generation_complete") continue;
      this.#view.generated(message.test_case_name, message.steps_count);
      return await this.#http<StoredCase>(`/api/test-cases/${message.test_case_id}`);
    }
    throw new Error("the server closed the connection");
  }

  async runCase(run: string, testCase: StoredCase): Promise<EndedRun> {
    this.#send({ type: "execute_all", test_case_id: testCase.id });
    return await this.#follow(run, testCase, "all_steps_complete");
  }

  async runStep(run: string, testCase: StoredCase, number: number): Promise<EndedRun> {
    const step = testCase.steps.find(({ step_number }) => step_number === number);
    if (!step) throw new Error(`the case has no step ${number}`);
    this.#send({ type: "execute_step", step_id: step.id });
    return await this.#follow(run, testCase, "execution_complete");
  }

  close(): void {
    this.#socket.close();
  }

  async #follow(run: string, testCase: StoredCase, last: ServerMessage["type"]): Promise<EndedRun> {
    const outcomes: StepOutcome[] = [];
    let commands = 0;
    let screenshots = 0;
    for await (const message of this.#messages()) {
      if (message.type === "execution_error") throw new Error(oneLine(message.error));
      if (message.type === "status_update") this.#view.started(message.message);
      if (message.type === "screenshot") screenshots++;
      if (message.type === "progress") {
        commands = message.step;
        this.#view.progress(message);
      }
      if (message.type === "execution_complete") {
        const outcome = { ...outcomeOf(run, testCase, message), commands, screenshots };
        this.#view.completed(outcome);
        outcomes.push(outcome);
        commands = screenshots = 0;
      }
      if (message.type === last && "run_id" in message) return { outcomes, runId: message.run_id ?? "" };
    }
    throw new Error("the server closed the connection");
  }

  #send(message: ClientMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** Each message as it comes; throws when the server says nothing for too long. */
  async *#messages(): AsyncGenerator<ServerMessage> {
    const queue: ServerMessage[] = [];
    let wake: () => void = () => undefined;
    const onMessage = (data: Buffer) => {
      queue.push(JSON.parse(data.toString()) as ServerMessage);
      wake();
    };
    this.#socket.on("message", onMessage);
    try {
      for (;;) {
        const message = queue.shift();
        if (message) yield message;
        else await withinSilence(new Promise<void>((resolve) => (wake = resolve)));
      }
    } finally {
      this.#socket.off("message", onMessage);
    }
  }

  async #http<T>(path: string, body?: object): Promise<T> {
    const request = body && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    };
    const response = await fetch(this.#url + path, { ...request, signal: AbortSignal.timeout(SILENCE_MS) });
    if (response.status === 401) throw new Error(LOGIN_NEEDED);
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return (await response.json()) as T;
  }
}

function outcomeOf(run: string, { steps }: StoredCase, message: Complete) {
  const step = steps.find(({ id }) => id === message.step_id);
  return {
    run,
    number: step?.step_number ?? 0,
    description: step?.description ?? "",
    status: message.status,
    ms: message.execution_time_ms,
    error: message.error_message,
  };
}

async function withinSilence(next: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`the server said nothing for ${SILENCE_MS / 1000} s`));
    }, SILENCE_MS);
  });
  try {
    await Promise.race([next, silence]);
  } finally {
    clearTimeout(timer);
  }
}
