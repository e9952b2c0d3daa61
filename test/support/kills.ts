import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { TestClient, type Message } from "./client.js";
import type { ServerProcess } from "./server-process.js";
import { storedEvents } from "./test-app.js";
import { createShortCases, openRuns, problemsOf } from "./told-runs.js";

/** Clients that have runs carried out, more than browsers: some runs wait in the queue when the server dies. */
const CLIENTS = 4;
/** A kill comes within this time after the first event, in milliseconds: some runs have ended, others have begun. */
const SPREAD_MS = 1_500;

export interface KillsOptions {
  kills: number;
  /** Address of the site that the runs open. */
  siteUrl: string;
  /** Starts the server, each time with the same database. */
  start: () => Promise<ServerProcess>;
  /** Told of each kill, from 1. */
  onKill?: (number: number) => void;
}

export interface KillsReport {
  /** Runs that clients heard of. */
  runs: number;
  /** Runs that a kill ended. */
  interrupted: number;
  /** Events that clients received. */
  events: number;
  /** Losses and faults, in words. */
  problems: string[];
}

/** Kills a server again and again while it carries out runs, and compares what it has stored with what it told. */
export async function killAtRandom(options: KillsOptions): Promise<KillsReport> {
  const told = new Map<string, Message[]>();
  const problems: string[] = [];
  let server = await options.start();
  try {
    const targets = await createTargets(server.address, options.siteUrl);
    for (let kill = 1; kill <= options.kills; kill++) {
      options.onKill?.(kill);
      for (const event of await eventsUntilKilled(server, targets, kill % 2 === 0)) {
        told.set(String(event["run_id"]), [...(told.get(String(event["run_id"])) ?? []), event]);
      }
      server = await options.start();
      const open = await openRuns(server.address);
      if (open > 0) problems.push(`${open} runs have no verdict after kill ${kill}`);
    }
    let interrupted = 0;
    for (const [runId, events] of told) {
      const stored = await storedEvents<Message>(server.address, runId);
      if (JSON.stringify(stored).includes('"Server restarted"')) interrupted++;
      problems.push(...(await problemsOf({ address: server.address, runId, told: events, stored })));
    }
    const events = [...told.values()].flat().length;
    return { runs: told.size, interrupted, events, problems };
  } finally {
    await server.stop();
  }
}

/** A request for a step of several commands, and one for a case of several steps. */
async function createTargets(address: string, siteUrl: string): Promise<object[]> {
  const { stepId, caseId } = await createShortCases(address, siteUrl);
  return [
    { type: "execute_step", step_id: stepId },
    { type: "execute_all", test_case_id: caseId },
  ];
}

/**
 * Keeps the server busy until it is killed.
 *
 * @param atMessage whether it is killed as soon as a client has a message, when what was told but not stored would be lost
 * @returns the events that the clients have received
 */
async function eventsUntilKilled(
  server: ServerProcess,
  targets: object[],
  atMessage: boolean,
): Promise<Message[]> {
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, () => TestClient.connect(server.address, {})),
  );
  const working = clients.map((client, number) => work(client, targets[number % targets.length] ?? {}));
  await Promise.race(clients.map((client) => client.next("execution_started")));
  await delay(Math.random() * SPREAD_MS);
  if (atMessage) await Promise.race(clients.map(({ socket }) => once(socket, "message")));
  await server.end("SIGKILL");
  await Promise.all(working);
  return clients.flatMap(({ received }) => received.filter(({ seq }) => seq !== undefined));
}

/** Has one run after the other carried out until the connection is gone. */
async function work(client: TestClient, request: object): Promise<void> {
  const lastType = "test_case_id" in request ? "all_steps_complete" : "execution_complete";
  for (let run = 1; client.closed === undefined; run++) {
    const id = `run-${run}`;
    client.send({ ...request, request_id: id });
    const ended = client.next(({ type, request_id }) => type === lastType && request_id === id);
    await ended.catch(() => client.untilClosed());
  }
}
