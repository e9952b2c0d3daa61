import { TestClient } from "../../../support/client.js";
import { scratchFolder } from "../../../support/scratch-folder.js";
import { FAKE_BROWSERS, ServerProcess } from "../../../support/server-process.js";
import { getJson } from "../../../support/test-app.js";
import { progress } from "../../progress.js";
import { median } from "../../statistics.js";
import { StepClient } from "../../stepwire/step-client.js";
import { atMost, type Row } from "../../table.js";
import { EVENTS_A_RUN, lastRun, storeHistory } from "../long-history.js";
import { newDatabase, type ScaleBench } from "../scale-bench.js";

const LIMIT_RATIO = 1.3;

/** As many as fill a page of a list: an answer without runs would be compared with one that has fifty. */
const FEW = 102;

/** Commands of the run that is timed; with browsers that are fakes most of its time is the database's. */
const COMMANDS = 20;

/** The requests to a server, timed in milliseconds. */
type Questions = Record<"run" | "list" | "subscribe" | "counts", () => Promise<void>>;

/** Cost of a million stored events to those who run, list, subscribe and count, on either kind of database. */
export async function measureLongHistory(bench: ScaleBench): Promise<Row[]> {
  const embedded = await rowsOf(bench, "embedded", (folder) => Promise.resolve(`file:${folder}/stepwire.db`));
  return [...embedded, ...(await rowsOf(bench, "PostgreSQL", () => newDatabase(bench)))];
}

async function rowsOf(
  bench: ScaleBench,
  kind: string,
  databaseIn: (folder: string) => Promise<string>,
): Promise<Row[]> {
  const { historyRuns, historyRequests } = bench.sizes;
  const sides = { many: historyRuns, few: FEW };
  const questions: Partial<Record<keyof typeof sides, Questions>> = {};
  const stops: (() => Promise<void>)[] = [];
  for (const [side, runs] of Object.entries(sides) as [keyof typeof sides, number][]) {
    progress(`history, ${kind}: storing ${runs} runs of ${EVENTS_A_RUN} events`);
    const started = await startWith(bench, { runs, databaseIn });
    questions[side] = started.questions;
    stops.push(started.stop);
  }
  const { many, few } = questions;
  if (many === undefined || few === undefined) throw new Error("A side has not been started.");
  const rows: Row[] = [];
  for (const what of Object.keys(many) as (keyof Questions)[]) {
    progress(`history, ${kind}: ${what}`);
    const [ours, base] = await timesOf([many[what], few[what]], historyRequests);
    rows.push(
      atMost(LIMIT_RATIO, {
        name: "history",
        what: `${kind}, ${what}: ${historyRuns * EVENTS_A_RUN} events of ${historyRuns} runs stored / ${FEW} runs`,
        value: median(ours) / median(base),
        unit: " ×",
        digits: 2,
        note: `${median(ours).toFixed(1)} ms / ${median(base).toFixed(1)} ms`,
      }),
    );
  }
  for (const stop of stops) await stop();
  return rows;
}

/** The times of both by turns, in milliseconds; the first of each warms up. */
async function timesOf(
  [many, few]: readonly [() => Promise<void>, () => Promise<void>],
  requests: number,
): Promise<[number[], number[]]> {
  const times: [number[], number[]] = [[], []];
  for (let request = 0; request <= requests; request++) {
    for (const [side, ask] of [many, few].entries()) {
      const began = performance.now();
      await ask();
      if (request > 0) times[side]?.push(performance.now() - began);
    }
  }
  return times;
}

/** A server whose database has so many runs. */
async function startWith(
  { teardown }: ScaleBench,
  { runs, databaseIn }: { runs: number; databaseIn: (folder: string) => Promise<string> },
): Promise<{ questions: Questions; stop: () => Promise<void> }> {
  const folder = await scratchFolder();
  teardown.defer(() => folder.remove());
  const databaseUrl = await databaseIn(folder.path);
  const environment = { DATABASE_URL: databaseUrl, HTTP_REQUESTS_PER_MINUTE: "0", MESSAGES_PER_SECOND: "0" };
  const server = await ServerProcess.start(
    folder.path,
    { ...environment, SCREENSHOTS: "off" },
    FAKE_BROWSERS,
  );
  const stop = teardown.defer(() => server.stop());
  const { address } = server;
  const client = await StepClient.connect(address, teardown);
  const log = Array.from({ length: COMMANDS }, (_, line) => ({
    action: "log" as const,
    message: `Line ${line}`,
  }));
  const stepId = await client.createStep(log);
  await storeHistory(databaseUrl, runs);
  const watcher = await TestClient.connect(address);
  teardown.defer(async () => {
    watcher.close();
  });
  const questions: Questions = {
    run: async () => {
      await client.run(stepId);
    },
    list: async () => {
      const { items } = await getJson<{ items: unknown[] }>(address, "/api/runs");
      if (items.length < 50) throw new Error("The list has no whole page.");
    },
    subscribe: async () => {
      watcher.received.length = 0;
      watcher.send({ type: "subscribe", run_id: lastRun(runs), after_seq: 0 });
      await watcher.next("subscription_complete");
      if (watcher.received.filter(({ seq }) => seq !== undefined).length !== EVENTS_A_RUN)
        throw new Error("The subscription has lost events.");
    },
    counts: async () => {
      await getJson(address, "/api/stats");
    },
  };
  return { questions, stop };
}
