import { setTimeout as delay } from "node:timers/promises";
import { shopScenario } from "../site/shop-scenario.js";
import type { Bench } from "./bench.js";
import { BenchServer } from "./bench-server.js";
import { progress } from "./progress.js";
import { Side } from "./rounds.js";
import { StepClient } from "./step-client.js";
import { atMost, type Row } from "./table.js";

const RUNS = 20;
const LIMIT_MB = 150;
/** After which a server that was started, or that has run something, counts as idle, in milliseconds. */
const IDLE_MS = 5_000;

/** Resident memory of the server's own process with default settings, before it has run anything and after. */
export async function measureMemory({ browser, site, teardown }: Bench): Promise<Row[]> {
  progress(`memory: idle, ${RUNS} runs, idle`);
  const server = await BenchServer.start({ browser, screenshots: "inline" }, teardown);
  await delay(IDLE_MS);
  const before = await server.residentBytes();
  const client = await StepClient.connect(server.address, teardown);
  const stepId = await client.createStep(shopScenario(site.url));
  const side = new Side("24 commands on the server whose memory is measured", () => client.run(stepId));
  for (let run = 0; run < RUNS; run++) await side.run({ counts: false });
  await delay(IDLE_MS);
  const after = await server.residentBytes();
  await server.stop();
  return [
    row("resident memory of the idle server, warm browser", before),
    row(`resident memory of the idle server, after ${RUNS} runs`, after),
  ];
}

function row(what: string, bytes: number | undefined): Row {
  if (bytes === undefined) return { what, measured: "only on Linux" };
  return atMost({ what, value: bytes / 1e6, limit: LIMIT_MB, unit: " MB", digits: 0 });
}
