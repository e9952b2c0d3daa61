import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { startChildProcess } from "../child-process.js";
import type { Teardown } from "../teardown.js";

const CHILD = new URL("crowd-child.ts", import.meta.url);

/** Longest time for anything that the crowd is asked, in milliseconds. */
const ANSWER_TIMEOUT_MS = 120_000;

/** Requests to the crowd. Each is answered when it is done. */
export type CrowdRequest =
  /** Opens so many connections more; `hello` says how pictures are to come. */
  | { ask: "connect"; address: string; count: number; screenshots: "inline" | "url" }
  /** Everybody subscribes to a run, and has all its events so far. */
  | { ask: "watch"; runId: string }
  /** So many stop reading. */
  | { ask: "stall"; count: number }
  /** Waits until everybody who reads has every event of the run, and answers with {@link Deliveries}. */
  | { ask: "deliveries" };

/** Times of events from their time stamp until a watcher had them, in milliseconds. */
export interface Deliveries {
  count: number;
  p50: number;
  p99: number;
  longest: number;
}

export type CrowdAnswer = { done: Deliveries | null } | { failed: string };

/** Many clients in a process of their own, so that neither the server nor the bench does their work. */
export class Crowd {
  readonly stop: () => Promise<void>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, stop: () => Promise<void>) {
    this.#child = child;
    this.stop = stop;
  }

  /** @param teardown ends the crowd at the latest */
  static async start(
    { teardown }: { teardown: Teardown },
    connections: Omit<Extract<CrowdRequest, { ask: "connect" }>, "ask">,
  ): Promise<Crowd> {
    const { child, stop } = await startChildProcess<CrowdAnswer>(CHILD, teardown);
    const crowd = new Crowd(child, stop);
    await crowd.#ask({ ask: "connect", ...connections });
    return crowd;
  }

  /** Resolves once everybody watches a run and has its events so far. */
  async watch(runId: string): Promise<void> {
    await this.#ask({ ask: "watch", runId });
  }

  /** Lets so many of those who read stop reading. */
  async stall(count: number): Promise<void> {
    await this.#ask({ ask: "stall", count });
  }

  /** Resolves once everybody who reads knows that the run is over. */
  async deliveries(): Promise<Deliveries> {
    const deliveries = await this.#ask({ ask: "deliveries" });
    if (deliveries === null) throw new Error("The crowd has watched nothing.");
    return deliveries;
  }

  async #ask(request: CrowdRequest): Promise<Deliveries | null> {
    this.#child.send(request);
    // The child sends nothing but answers.
    const [answer] = (await once(this.#child, "message", {
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    })) as [CrowdAnswer];
    if ("failed" in answer) throw new Error(`The crowd could not ${request.ask}: ${answer.failed}`);
    return answer.done;
  }
}
