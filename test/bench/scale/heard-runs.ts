import { isDeepStrictEqual } from "node:util";
import WebSocket from "ws";
import { atMost } from "../../../src/async/at-most.js";
import { connect, type Run, type StepwireClient } from "../../../src/client/index.js";
import type { Message } from "../../support/client.js";
import { getJson, storedEvents } from "../../support/test-app.js";
import { problemsOf } from "../../support/told-runs.js";
import type { Teardown } from "../teardown.js";

/** Longest time for a run, those in which its server is killed and its lease has to be over among them, in milliseconds. */
const RUN_TIMEOUT_MS = 180_000;

/** A run that a program has asked for, and everything that it heard of the run. */
export interface HeardRun {
  /** Undefined when it was never accepted. */
  runId: string | undefined;
  events: readonly Message[];
  /** The program's trouble in place of the run's end, in words. */
  failure: string | undefined;
}

/** The client library, which connects again quickly when its connection is lost, for ever if nobody closes it. */
export async function connectTo(address: string, teardown: Teardown): Promise<StepwireClient> {
  const client = await connect({ url: `http://${address}`, WebSocket, minDelayMs: 50, maxDelayMs: 500 });
  teardown.defer(async () => {
    client.close();
  });
  return client;
}

/** Hears a run to its end. Never rejects. */
export async function hear(run: Run): Promise<HeardRun> {
  const events: Message[] = [];
  const listening = async () => {
    for await (const event of run) events.push({ ...event });
    return undefined;
  };
  const failure = await atMost(RUN_TIMEOUT_MS, listening(), "it has not ended in time").catch(
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return { runId: run.id, events, failure };
}

/** Resolves when the first command of a run has begun. @throws the run's own error when it cannot run */
export async function untilFirstCommand(run: Run): Promise<void> {
  for await (const { type } of run) if (type === "progress") return;
}

/**
 * Looks whether each run that was asked for is stored once, with all that was told of it and one verdict, and whether
 * everything that is stored of it was heard.
 *
 * @param runs all that the database has
 * @returns losses and faults, in words
 */
export async function problemsOfAll(address: string, runs: readonly HeardRun[]): Promise<string[]> {
  const problems: string[] = [];
  for (const { runId, events: told, failure } of runs) {
    if (failure !== undefined) problems.push(`run ${runId ?? "that was never accepted"}: ${failure}`);
    if (runId === undefined) continue;
    const stored = await storedEvents<Message>(address, runId);
    problems.push(...(await problemsOf({ address, runId, told, stored })));
    if (failure === undefined && !isDeepStrictEqual(told, stored))
      problems.push(
        `run ${runId}: ${told.length} of its ${stored.length} events were heard, each once and in order`,
      );
  }
  const { runs: counted } = await getJson<{ runs: { total: number } }>(address, "/api/stats");
  if (counted.total !== runs.length)
    problems.push(`${runs.length} runs were asked for, and ${counted.total} are there`);
  return problems;
}
