import { setTimeout as delay } from "node:timers/promises";
import { createCase } from "../../../support/test-app.js";
import { progress } from "../../progress.js";
import { atMost, type Row } from "../../table.js";
import { addressOf, Fleet } from "../fleet.js";
import { connectTo, hear, problemsOfAll, untilFirstCommand, type HeardRun } from "../heard-runs.js";
import type { ScaleBench } from "../scale-bench.js";

const LIMIT_SECONDS = 5;

/** More than the two that are carried out: the others wait. */
const RUNS = 4;
/** Longest time until every process is ready again, in milliseconds. */
const RECOVERY_TIMEOUT_MS = 60_000;
/** Time for which PostgreSQL is gone, in milliseconds: some statements begin meanwhile. */
const AWAY_MS = 2_000;

/** Stops PostgreSQL as its operator would, and as a crash does, while runs are under way and wait. */
export async function measureDatabaseRestart(bench: ScaleBench): Promise<Row[]> {
  const fleet = await Fleet.start(bench, { server: "server", worker: "worker" }, { screenshots: "url" });
  const script = Array.from({ length: bench.sizes.restartCommands }, () => ({
    action: "wait",
    duration: 0.2,
  }));
  const { stepIds } = await createCase(addressOf(fleet), [script]);
  const runs: HeardRun[] = [];
  const problems: string[] = [];
  const recoveries: number[] = [];
  for (const mode of ["fast", "immediate"] as const) {
    progress(`database-restart: pg_ctl stop --mode=${mode}`);
    const restarted = await restartUnder(bench, { fleet, mode, stepId: stepIds[0] ?? 0 });
    runs.push(...restarted.runs);
    problems.push(...restarted.problems);
    recoveries.push(restarted.recoverySeconds);
  }
  problems.push(...(await problemsOfAll(addressOf(fleet), runs)));
  for (const { runId, events } of runs) {
    if (events.at(-1)?.["status"] !== "passed") problems.push(`run ${runId ?? ""} did not pass`);
  }
  for (const problem of problems) progress(problem);
  await fleet.stop();
  const row = { name: "database-restart" as const };
  return [
    atMost(0, {
      ...row,
      what: "PostgreSQL stopped and killed under runs: runs and events lost, /readyz that says ready meanwhile",
      value: problems.length,
      unit: "",
      digits: 0,
      note: `${runs.length} runs, ${runs.reduce((sum, { events }) => sum + events.length, 0)} events`,
    }),
    atMost(LIMIT_SECONDS, {
      ...row,
      what: "from PostgreSQL's start until a server and a worker are ready and a run has its next event, the longer of both",
      value: Math.max(...recoveries),
      unit: " s",
      digits: 2,
    }),
  ];
}

interface Restarted {
  runs: HeardRun[];
  recoverySeconds: number;
  problems: string[];
}

async function restartUnder(
  { postgres, teardown }: ScaleBench,
  { fleet, mode, stepId }: { fleet: Fleet; mode: "fast" | "immediate"; stepId: number },
): Promise<Restarted> {
  const problems: string[] = [];
  const client = await connectTo(addressOf(fleet), teardown);
  const asked = Array.from({ length: RUNS }, () => client.executeStep(stepId));
  const hearing = asked.map(hear);
  // A request that is just being saved is refused, as one of which nobody knows whether it was.
  await Promise.all([...asked.map(({ accepted }) => accepted), Promise.race(asked.map(untilFirstCommand))]);

  await postgres.halt(mode);
  const late = client.executeStep(stepId);
  hearing.push(hear(late));
  const heardBefore = asked.map(({ lastSeq }) => lastSeq);
  const until = performance.now() + AWAY_MS;
  while (performance.now() < until) {
    const ready = await readyOf(fleet);
    if (ready.length > 0) problems.push(`${ready.join(", ")} said to be ready while PostgreSQL was gone`);
    await delay(100);
  }
  await postgres.start();
  const started = performance.now();
  const isBack = async () =>
    (await readyOf(fleet)).length === fleet.addresses.length &&
    asked.some(({ lastSeq }, index) => lastSeq > (heardBefore[index] ?? 0));
  while (!(await isBack())) {
    if (performance.now() - started > RECOVERY_TIMEOUT_MS) throw new Error("The servers did not recover.");
    await delay(20);
  }
  const recoverySeconds = (performance.now() - started) / 1000;
  const runs = await Promise.all(hearing);
  client.close();
  return { runs, recoverySeconds, problems };
}

/** Those processes that say that they are ready. */
async function readyOf({ addresses }: Fleet): Promise<string[]> {
  const answers = await Promise.all(
    addresses.map(async (address) => {
      const { ok } = await fetch(`http://${address}/readyz`, { signal: AbortSignal.timeout(10_000) });
      return ok ? [address] : [];
    }),
  );
  return answers.flat();
}
