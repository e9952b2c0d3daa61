import type { Command } from "../../../src/protocol/commands.js";
import { TestClient, type Message } from "../../support/client.js";
import { createCase } from "../../support/test-app.js";
import type { Teardown } from "../teardown.js";

/** Longest time that one run may take before the bench gives up, in milliseconds. */
const RUN_TIMEOUT_MS = 120_000;

/** One run by the client's clock, in milliseconds. */
export interface RunTimes {
  /** From the `execute_step` frame to the `progress` of the first command. */
  untilFirstCommand: number;
  /** From the `progress` of the first command to `execution_complete`. */
  fromFirstCommand: number;
  /** From the `execute_step` frame to `execution_complete`. */
  total: number;
  /** The server's `execution_time_ms`. */
  byServer: number;
}

/** Runs steps on a server through its WebSocket, as the frontend does. */
export class StepClient {
  readonly #address: string;
  readonly #client: TestClient;

  private constructor(address: string, client: TestClient) {
    this.#address = address;
    this.#client = client;
  }

  static async connect(address: string, teardown: Teardown): Promise<StepClient> {
    const client = await TestClient.connect(address);
    teardown.defer(() => {
      client.close();
      return Promise.resolve();
    });
    return new StepClient(address, client);
  }

  /** Saves a step of a case of its own, so that no login runs before it, and answers with its id. */
  async createStep(commands: Command[]): Promise<number> {
    const { stepIds } = await createCase(this.#address, [commands]);
    const [stepId] = stepIds;
    if (stepId === undefined) throw new Error("The server created a case without its step.");
    return stepId;
  }

  /** @throws Error with the server's words when the step does not pass. */
  async run(stepId: number): Promise<RunTimes> {
    this.#client.received.length = 0;
    const started = performance.now();
    this.#client.send({ type: "execute_step", step_id: stepId });
    await this.#next((message) => isFirstCommand(message) || isEnd(message));
    const firstCommand = performance.now();
    const complete = await this.#next(isEnd);
    const ended = performance.now();
    if (complete["status"] !== "passed") throw new Error(JSON.stringify(complete));
    return {
      untilFirstCommand: firstCommand - started,
      fromFirstCommand: ended - firstCommand,
      total: ended - started,
      byServer: Number(complete["execution_time_ms"]),
    };
  }

  async #next(fits: (message: Message) => boolean): Promise<Message> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`the run did not end within ${RUN_TIMEOUT_MS / 1000} s`));
      }, RUN_TIMEOUT_MS);
    });
    try {
      return await Promise.race([this.#client.next(fits), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function isFirstCommand({ type, step }: Message): boolean {
  return type === "progress" && step === 1;
}

function isEnd({ type }: Message): boolean {
  return type === "execution_complete" || type === "execution_error";
}
