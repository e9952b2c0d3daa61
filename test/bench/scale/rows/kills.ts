import { setTimeout as delay } from "node:timers/promises";
import { balancer } from "../../../support/flaky-network.js";
import { createShortCases } from "../../../support/told-runs.js";
import { progress } from "../../progress.js";
import { atMost, informs, type Row } from "../../table.js";
import { addressOf, Fleet } from "../fleet.js";
import { connectTo, hear, problemsOfAll, type HeardRun } from "../heard-runs.js";
import type { ScaleBench } from "../scale-bench.js";

/** Clients that have runs carried out, more than there are browsers: some runs wait when a process is killed. */
const CLIENTS = 8;

/** A run as its client heard it, over connections that may have gone to one server after the other. */
interface KilledRun extends HeardRun {
  /** True when the client went on with the run at another server than it began at. */
  hasMoved: boolean;
}

/** Kills a random one of four processes again and again while they carry out runs. */
export async function measureFleetKills(bench: ScaleBench): Promise<Row[]> {
  const { killedRuns, killEveryMs } = bench.sizes;
  const roles = {
    "server 1": "server",
    "server 2": "server",
    "worker 1": "worker",
    "worker 2": "worker",
  } as const;
  const fleet = await Fleet.start(bench, roles, { screenshots: "url" });
  const targets = await createShortCases(addressOf(fleet), bench.site.url);
  const over = new AbortController();
  const killing = killAtRandom(fleet, { everyMs: killEveryMs, over: over.signal });
  let asked = 0;
  const mayAsk = () => asked < killedRuns && ++asked > 0;
  const clients = Array.from({ length: CLIENTS }, (_, number) =>
    work(bench, fleet, { targets, number, mayAsk }),
  );
  const runs = (await Promise.all(clients)).flat();
  over.abort();
  const kills = await killing;

  const problems = await problemsOfAll(addressOf(fleet), runs);
  for (const problem of problems) progress(problem);
  await fleet.stop();
  const events = runs.reduce((sum, run) => sum + run.events.length, 0);
  const interrupted = runs.filter(({ events: told }) => told.at(-1)?.["status"] === "error").length;
  const row = { name: "kills" as const, unit: "", digits: 0 };
  return [
    atMost(0, {
      ...row,
      what: `${kills} × kill -9 of one of 2 servers and 2 workers: events lost, runs without exactly one verdict`,
      value: problems.length,
      note: `${runs.length} runs, ${interrupted} of them interrupted, ${events} events received`,
    }),
    informs({
      ...row,
      what: "runs with which clients went on at the other server",
      value: runs.filter(({ hasMoved }) => hasMoved).length,
    }),
  ];
}

/** @returns the number of kills, once every process is alive again */
async function killAtRandom(
  fleet: Fleet,
  { everyMs, over }: { everyMs: number; over: AbortSignal },
): Promise<number> {
  for (let kills = 0; ; kills++) {
    await delay(everyMs, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) return kills;
    const { names } = fleet;
    const name = names[Math.floor(Math.random() * names.length)] ?? "";
    progress(`kill ${kills + 1}: ${name}`);
    await fleet.endOne(name, "SIGKILL");
    await fleet.startOne(name);
  }
}

interface Work {
  targets: { stepId: number; caseId: number };
  number: number;
  /** Asked before each run. */
  mayAsk: () => boolean;
}

/** A client that has one run after the other carried out, by whichever server takes its connection. */
async function work(
  { teardown }: ScaleBench,
  fleet: Fleet,
  { targets: { stepId, caseId }, number, mayAsk }: Work,
): Promise<KilledRun[]> {
  const network = await balancer(() => fleet.servers);
  const close = teardown.defer(() => network.close());
  const client = await connectTo(network.address, teardown);
  const runs: KilledRun[] = [];
  while (mayAsk()) {
    const connection = network.chosen.length - 1;
    const run = number % 2 === 0 ? client.executeStep(stepId) : client.executeAll(caseId);
    const heard = await hear(run);
    runs.push({ ...heard, hasMoved: new Set(network.chosen.slice(connection)).size > 1 });
  }
  client.close();
  await close();
  return runs;
}
