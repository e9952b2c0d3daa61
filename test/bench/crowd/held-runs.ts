import type { Command } from "../../../src/protocol/commands.js";
import { TestClient, type Message } from "../../support/client.js";
import { createCase } from "../../support/test-app.js";
import type { Teardown } from "../teardown.js";

/** Runs that are held before their first command until everybody who is to watch them does. */
export class HeldRuns {
  readonly #client: TestClient;
  readonly #stepId: number;

  private constructor(client: TestClient, stepId: number) {
    this.#client = client;
    this.#stepId = stepId;
  }

  static async prepare(
    { address }: { address: string },
    commands: readonly Command[],
    teardown: Teardown,
  ): Promise<HeldRuns> {
    const { stepIds } = await createCase(address, [[{ action: "pause" }, ...commands]]);
    const client = await TestClient.connect(address);
    teardown.defer(() => {
      client.close();
      return Promise.resolve();
    });
    client.send({ type: "hello", protocol: 1, screenshots: "url" });
    await client.next("welcome");
    return new HeldRuns(client, stepIds[0] ?? 0);
  }

  /** @returns the id of a run that is held */
  async start(): Promise<string> {
    this.#client.received.length = 0;
    this.#client.send({ type: "execute_step", step_id: this.#stepId });
    return String((await this.#next("paused"))["run_id"]);
  }

  /**
   * Lets the run go.
   *
   * @returns how long it took from then on, in milliseconds
   * @throws Error when it did not pass
   */
  async finish(runId: string): Promise<number> {
    const started = performance.now();
    this.#client.send({ type: "resume", run_id: runId });
    const complete = await this.#next("execution_complete");
    const ended = performance.now();
    if (complete["status"] !== "passed") throw new Error(JSON.stringify(complete));
    return ended - started;
  }

  #next(type: string): Promise<Message> {
    return this.#client.next((message) => {
      if (message.type === "execution_error") throw new Error(JSON.stringify(message));
      return message.type === type;
    });
  }
}
