import { disconnectAtRandom } from "../../support/disconnects.js";
import type { Bench } from "../bench.js";
import { progress } from "../progress.js";
import { startBenchServer } from "../stepwire/bench-server.js";
import { atMost, type Row } from "../table.js";

/** Cuts connections of the client library at random moments during runs. */
export async function measureDisconnects(bench: Bench): Promise<Row[]> {
  const { disconnects } = bench.sizes;
  progress(`${disconnects} disconnects`);
  const environment = { MAX_CONNECTIONS_PER_ADDRESS: "0" };
  const server = await startBenchServer(bench, { screenshots: "url", poolSize: 4, environment });
  const script = [
    { action: "navigate", url: `${bench.site.url}/text` },
    ...Array.from({ length: 10 }, (_, line) => ({ action: "log", message: `Line ${line}` })),
    {
      action: "verify_text",
      locator_type: "id",
      locator_value: "plain",
      expected_text: "Plain visible text",
    },
  ];
  const report = await disconnectAtRandom(server.address, { disconnects, script });
  await server.stop();
  const { cut, runs, events, lost, duplicated, startedTwice } = report;
  return [
    atMost(0, {
      name: "disconnects",
      what: `${cut} disconnects during runs: events lost or duplicated, runs started twice`,
      value: lost + duplicated + startedTwice,
      unit: "",
      digits: 0,
      note: `${lost} lost, ${duplicated} duplicated, ${startedTwice} started twice; ${runs} runs, ${events} events`,
    }),
  ];
}
