import type { Command } from "../../../src/protocol/commands.js";
import type { Bench } from "../bench.js";
import { Crowd, type Deliveries } from "../crowd/crowd.js";
import { HeldRuns } from "../crowd/held-runs.js";
import { residentBytes } from "../process-figures.js";
import { interleave, Side } from "../rounds.js";
import { median } from "../statistics.js";
import { startBenchServer } from "../stepwire/bench-server.js";
import { atMost, informs, type Row } from "../table.js";

const READERS = 99;
const LIMIT = 1.2;
/** The server's buffer for the client that does not read; small, so that it is full well before the end of a run. */
const SEND_BUFFER_BYTES = 1024 * 1024;
/** Commands of a run, each with a picture. */
const COMMANDS = 60;

/** Cost of one watcher that never reads to 99 others, who get every picture. */
export async function measureStalled(bench: Bench): Promise<Row[]> {
  const environment = { MAX_CONNECTIONS_PER_ADDRESS: "0", SEND_BUFFER_BYTES: String(SEND_BUFFER_BYTES) };
  const server = await startBenchServer(bench, { screenshots: "inline", environment });
  const runs = await HeldRuns.prepare(server, pictures(bench.site.url), bench.teardown);
  const watchers = { address: server.address, screenshots: "inline" } as const;
  const readers = await Crowd.start(bench, { ...watchers, count: READERS });
  const growth: number[] = [];
  const run = async (crowds: readonly Crowd[]): Promise<Deliveries> => {
    const runId = await runs.start();
    await Promise.all(crowds.map((crowd) => crowd.watch(runId)));
    for (const crowd of crowds) if (crowd !== readers) await crowd.stall(1);
    await runs.finish(runId);
    return await readers.deliveries();
  };
  const without = new Side("A run without one who does not read", () => run([readers]));
  const beside = new Side("A run with one who does not read", async ({ counts }) => {
    // A new one each time: it has to fill the network's buffers and the server's own.
    const stalled = await Crowd.start(bench, { ...watchers, count: 1 });
    const before = await residentBytes(server.pid);
    const delivered = await run([readers, stalled]);
    const after = await residentBytes(server.pid);
    if (counts && before !== undefined && after !== undefined) growth.push((after - before) / 1e6);
    await stalled.stop();
    return delivered;
  });
  await interleave("a run with one who does not read", [without, beside], bench.sizes.watchedRounds);
  await Promise.all([readers.stop(), server.stop()]);
  const [p99, base] = [beside, without].map(({ samples }) => median(samples.map((sample) => sample.p99)));
  if (p99 === undefined || base === undefined) throw new Error("A side has not been measured.");
  const rows = [
    atMost(LIMIT, {
      name: "stalled",
      what: `event to each of ${READERS} watchers, p99: beside one who does not read / without`,
      value: p99 / base,
      unit: " ×",
      digits: 2,
      note: `${p99.toFixed(1)} ms / ${base.toFixed(1)} ms`,
    }),
  ];
  if (growth.length > 0) {
    rows.push(
      informs({
        name: "stalled",
        what: `growth of the server's memory in a run with one who does not read`,
        value: median(growth),
        unit: " MB",
        digits: 1,
        note: `its buffer is bounded to ${SEND_BUFFER_BYTES / 1024 / 1024} MiB`,
      }),
    );
  }
  return rows;
}

/** Cheap commands on a page that makes a large picture. */
function pictures(siteUrl: string): Command[] {
  const check: Command = { action: "verify_element_present", locator_type: "tag", locator_value: "body" };
  return [
    { action: "navigate", url: `${siteUrl}/shop` },
    ...Array.from({ length: COMMANDS - 1 }, () => check),
  ];
}
