import { findPostgres, PostgresServer } from "../../support/postgres-server.js";
import { describeMachine, loadNow, openGround, runBench } from "../ground.js";
import { formatTable, type Row } from "../table.js";
import type { Teardown } from "../teardown.js";
import { readOptions, type ScaleOptions, type ScaleRowName } from "./options.js";
import { measureDatabaseRestart } from "./rows/database-restart.js";
import { measureEventRate } from "./rows/events.js";
import { measureLongHistory } from "./rows/history.js";
import { measureFleetKills } from "./rows/kills.js";
import { measureQueueLatency } from "./rows/queue-latency.js";
import { measureSecondServer } from "./rows/second-server.js";
import type { ScaleBench } from "./scale-bench.js";

const MEASUREMENTS: Record<ScaleRowName, (bench: ScaleBench) => Promise<Row[]>> = {
  "queue-latency": measureQueueLatency,
  kills: measureFleetKills,
  "second-server": measureSecondServer,
  "database-restart": measureDatabaseRestart,
  events: measureEventRate,
  history: measureLongHistory,
};

/** A database as its users have one: the fixture of the tests alone does without waiting for the disk. */
const DURABLE = ["fsync=on", "full_page_writes=on", "synchronous_commit=on"];

async function measure({ rows: wanted, sizes }: ScaleOptions, teardown: Teardown): Promise<string> {
  const load = loadNow();
  const bin = await findPostgres();
  if (bin === undefined)
    throw new Error("There is no PostgreSQL here. Install it, such as with: apt-get install postgresql");
  const ground = await openGround(teardown);
  const postgres = await PostgresServer.start({ bin, settings: DURABLE });
  teardown.defer(() => postgres.stop());
  const bench: ScaleBench = { ...ground, sizes, postgres };

  const rows: Row[] = [];
  for (const [name, measureRow] of Object.entries(MEASUREMENTS) as [
    ScaleRowName,
    (typeof MEASUREMENTS)[ScaleRowName],
  ][]) {
    if (wanted.has(name)) rows.push(...(await measureRow(bench)));
  }

  return `${formatTable(rows)}

${describeMachine(bench, load)}
docs/BENCHMARKS.md says what each row means.`;
}

await runBench((teardown) => measure(readOptions(process.argv.slice(2)), teardown));
