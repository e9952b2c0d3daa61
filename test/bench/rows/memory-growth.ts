import type { Command } from "../../../src/protocol/commands.js";
import type { Bench } from "../bench.js";
import { serverMemory, type ServerMemory } from "../process-figures.js";
import { progress } from "../progress.js";
import { Side } from "../rounds.js";
import { median } from "../statistics.js";
import { startBenchServer } from "../stepwire/bench-server.js";
import { StepClient } from "../stepwire/step-client.js";
import { atMost, type Row } from "../table.js";

/** Runs after which a server has everything that it keeps. */
const SETTLED_AFTER = 50;
/** Readings for one figure, after as many runs in a row: their median is none of a garbage collection's moods. */
const READINGS = 10;
const LIMIT_PERCENT = 10;

/** Growth of a server's memory from its first fifty short runs on one pool to many. */
export async function measureGrowth(bench: Bench): Promise<Row[]> {
  const { growthRuns } = bench.sizes;
  const what = `growth of server and driver memory, runs ${SETTLED_AFTER} to ${growthRuns}`;
  const server = await startBenchServer(bench, { screenshots: "inline" });
  const client = await StepClient.connect(server.address, bench.teardown);
  const stepId = await client.createStep(shortScript(bench.site.url));
  const side = new Side("6 commands on the server whose memory is measured", () => client.run(stepId));
  const settled: ServerMemory[] = [];
  const grown: ServerMemory[] = [];
  for (let run = 1; run <= growthRuns; run++) {
    if (run % SETTLED_AFTER === 1) progress(`memory: run ${run} of ${growthRuns}`);
    await side.run({ counts: false });
    const readings = isLast(run, SETTLED_AFTER) ? settled : isLast(run, growthRuns) ? grown : undefined;
    if (readings === undefined) continue;
    const memory = await serverMemory(server.pid, bench.browser.driver);
    if (memory === undefined) return [{ name: "growth", what, measured: "only on Linux" }];
    readings.push(memory);
  }
  await server.stop();
  const [before, after] = [middle(settled), middle(grown)];
  return [
    atMost(LIMIT_PERCENT, {
      name: "growth",
      what,
      value: ((after.server + after.drivers) / (before.server + before.drivers) - 1) * 100,
      unit: " %",
      digits: 1,
      note: (["server", "drivers", "browsers"] as const)
        .map((part) => `${part} ${(before[part] / 1e6).toFixed(0)} to ${(after[part] / 1e6).toFixed(0)} MB`)
        .join(", "),
    }),
  ];
}

/** True for one of the last runs before this many are done. */
function isLast(run: number, runs: number): boolean {
  return run > runs - READINGS && run <= runs;
}

function middle(readings: readonly ServerMemory[]): ServerMemory {
  const of = (part: keyof ServerMemory) => median(readings.map((reading) => reading[part]));
  return { server: of("server"), drivers: of("drivers"), browsers: of("browsers") };
}

function shortScript(siteUrl: string): Command[] {
  const byId = (id: string) => ({ locator_type: "id", locator_value: id }) as const;
  return [
    { action: "navigate", url: `${siteUrl}/shop` },
    { action: "verify_element_present", ...byId("results") },
    { action: "input", ...byId("q"), text: "rain" },
    { action: "click", ...byId("find") },
    { action: "verify_text", ...byId("status"), expected_text: "2 products found" },
    { action: "verify_text", ...byId("results"), expected_text: "Rain boots" },
  ];
}
