import { setTimeout as delay } from "node:timers/promises";
import { shopScenario } from "../../site/shop-scenario.js";
import type { Bench } from "../bench.js";
import { residentBytes } from "../process-figures.js";
import { progress } from "../progress.js";
import { Side } from "../rounds.js";
import { startBenchServer } from "../stepwire/bench-server.js";
import { StepClient } from "../stepwire/step-client.js";
import { atMost, type Row } from "../table.js";

const LIMIT_MB = 150;
/** After which a server that was started, or that has run something, counts as idle, in milliseconds. */
const IDLE_MS = 5_000;

/** Resident memory of the server's own process with default settings, before it has run anything and after. */
export async function measureIdleMemory(bench: Bench): Promise<Row[]> {
  const runs = bench.sizes.idleRuns;
  progress(`memory: idle, ${runs} runs, idle`);
  const server = await startBenchServer(bench, { screenshots: "inline" });
  await delay(IDLE_MS);
  const before = await residentBytes(server.pid);
  const client = await StepClient.connect(server.address, bench.teardown);
  const stepId = await client.createStep(shopScenario(bench.site.url));
  const side = new Side("24 commands on the server whose memory is measured", () => client.run(stepId));
  for (let run = 0; run < runs; run++) await side.run({ counts: false });
  await delay(IDLE_MS);
  const after = await residentBytes(server.pid);
  await server.stop();
  return [
    row("resident memory of the idle server, warm browser", before),
    row(`resident memory of the idle server, after ${runs} runs`, after),
  ];
}

function row(what: string, bytes: number | undefined): Row {
  if (bytes === undefined) return { name: "idle", what, measured: "only on Linux" };
  return atMost(LIMIT_MB, { name: "idle", what, value: bytes / 1e6, unit: " MB", digits: 0 });
}
