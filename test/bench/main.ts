import type { Bench } from "./bench.js";
import { describeMachine, loadNow, openGround, runBench } from "./ground.js";
import { readOptions, type Options, type RowName } from "./options.js";
import { measureClientSize } from "./rows/client-size.js";
import { measureCommandLine, measureShortCases } from "./rows/command-line.js";
import { measureDisconnects } from "./rows/disconnects.js";
import { measureEvents } from "./rows/events.js";
import { measureHistory } from "./rows/history.js";
import { measureHostileText } from "./rows/hostile-text.js";
import { measureImport, measureReports } from "./rows/files.js";
import { measureIdleConnections } from "./rows/idle-connections.js";
import { measureKills } from "./rows/kills.js";
import { measureGrowth } from "./rows/memory-growth.js";
import { measureIdleMemory } from "./rows/memory-idle.js";
import { measureOverhead } from "./rows/overhead.js";
import { measureParallel } from "./rows/parallel.js";
import { measurePing } from "./rows/ping.js";
import { measureScenario } from "./rows/scenario.js";
import { measureStartLatency } from "./rows/start-latency.js";
import { measureStalled } from "./rows/stalled.js";
import { measureWatchers } from "./rows/watchers.js";
import { startBenchServer } from "./stepwire/bench-server.js";
import { StepClient } from "./stepwire/step-client.js";
import { formatTable, type Row } from "./table.js";
import type { Teardown } from "./teardown.js";

type RowsOf = (bench: Bench) => Promise<Row[]>;

/** Rows that share no measurement with others, in their order. */
const ALONE: Partial<Record<RowName, RowsOf>> = {
  parallel: measureParallel,
  idle: measureIdleMemory,
  growth: measureGrowth,
  events: measureEvents,
  "idle-connections": measureIdleConnections,
  watchers: measureWatchers,
  stalled: measureStalled,
  ping: measurePing,
  "client-size": measureClientSize,
  "hostile-text": measureHostileText,
  disconnects: measureDisconnects,
  history: measureHistory,
  kills: measureKills,
  cli: measureCommandLine,
  "cli-playwright": measureShortCases,
  reports: measureReports,
  import: measureImport,
};

/** Measures and answers with the text to print. */
async function measure({ rows: wanted, sizes }: Options, teardown: Teardown): Promise<string> {
  const load = loadNow();
  const bench: Bench = { ...(await openGround(teardown)), sizes };

  const rows = await measureScenario(bench, wanted);
  if (wanted.has("start") || wanted.has("overhead")) rows.push(...(await measureOneServer(bench, wanted)));
  for (const [name, measureRow] of Object.entries(ALONE) as [RowName, RowsOf][]) {
    if (wanted.has(name)) rows.push(...(await measureRow(bench)));
  }

  return `${formatTable(rows)}

${describeMachine(bench, load)}
Medians. Counted rounds: ${sizes.rounds} of the 24 commands, ${sizes.overheadRounds} of the overhead, ${sizes.parallelRounds} of ${sizes.parallelRuns} parallel runs, ${sizes.eventRounds} of stored events, ${sizes.watchedRounds} of watched runs, ${sizes.pingRounds} of ${sizes.pings} round trips; before them one that is not counted, in each all sides side by side.
docs/BENCHMARKS.md says what each row means.`;
}

/** The rows about one server without pictures. */
async function measureOneServer(bench: Bench, wanted: Options["rows"]): Promise<Row[]> {
  const server = await startBenchServer(bench, { screenshots: "off" });
  const client = await StepClient.connect(server.address, bench.teardown);
  const rows: Row[] = [];
  if (wanted.has("start")) rows.push(...(await measureStartLatency(bench, client)));
  if (wanted.has("overhead")) rows.push(...(await measureOverhead(bench, client)));
  await server.stop();
  return rows;
}

await runBench((teardown) => measure(readOptions(process.argv.slice(2)), teardown));
