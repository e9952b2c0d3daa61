import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import WebSocket from "ws";
import { connect, type Run, type RunEvent } from "../../src/client/index.js";
import { flakyNetwork, type FlakyNetwork } from "./flaky-network.js";
import { createCase, getJson, storedEvents } from "./test-app.js";

/** Clients that have runs carried out at the same time, each over a network of its own. */
const CLIENTS = 8;
/** Pause between two cuts of a client's network: at least, and at most so much more, in milliseconds. */
const PAUSE_MS = 5;
const SPREAD_MS = 70;

export interface DisconnectsReport {
  /** Connections that were cut while their client waited for events of a run. */
  cut: number;
  runs: number;
  events: number;
  /** Events that are stored and that the client's program did not get, or got otherwise. */
  lost: number;
  /** Events that the client's program got again. */
  duplicated: number;
  /** Runs that the server has beside those that were asked for. */
  startedTwice: number;
}

/** Cuts the connections of clients at random moments during their runs, until so many are cut. */
export async function disconnectAtRandom(
  address: string,
  { disconnects, script }: { disconnects: number; script: object[] },
): Promise<DisconnectsReport> {
  const { stepIds } = await createCase(address, [script]);
  const report = { cut: 0, runs: 0, events: 0, lost: 0, duplicated: 0, startedTwice: 0 };
  const before = await storedRuns(address);
  const work = async () => {
    const network = await flakyNetwork(address);
    const url = `http://${network.address}`;
    const client = await connect({ url, WebSocket, minDelayMs: 5, maxDelayMs: 20 });
    while (report.cut < disconnects) {
      report.runs++;
      const run = client.executeStep(stepIds[0] ?? 0);
      const over = new AbortController();
      const cutting = cutAtRandom(network, over.signal);
      const events = await eventsOf(run);
      over.abort();
      report.cut += await cutting;
      compare(events, await storedEvents<RunEvent>(address, await run.accepted), report);
    }
    client.close();
    await network.close();
  };
  await Promise.all(Array.from({ length: CLIENTS }, work));
  report.startedTwice = (await storedRuns(address)) - before - report.runs;
  return report;
}

/** @returns how many connections were cut */
async function cutAtRandom(network: FlakyNetwork, over: AbortSignal): Promise<number> {
  for (let cuts = 0; ; cuts += network.cut()) {
    await delay(PAUSE_MS + Math.random() * SPREAD_MS);
    if (over.aborted) return cuts;
  }
}

async function eventsOf(run: Run): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}

function compare(events: RunEvent[], stored: RunEvent[], report: DisconnectsReport): void {
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  report.events += events.length;
  report.duplicated += events.length - bySeq.size;
  report.lost += stored.filter((event) => !isDeepStrictEqual(bySeq.get(event.seq), event)).length;
}

async function storedRuns(address: string): Promise<number> {
  const { runs } = await getJson<{ runs: { total: number } }>(address, "/api/stats");
  return runs.total;
}
