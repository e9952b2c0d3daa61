import { shopScenario } from "../../site/shop-scenario.js";
import type { Bench } from "../bench.js";
import { Crowd, type Deliveries } from "../crowd/crowd.js";
import { HeldRuns } from "../crowd/held-runs.js";
import { interleave, Side } from "../rounds.js";
import { median, range } from "../statistics.js";
import { startBenchServer } from "../stepwire/bench-server.js";
import { atMost, type Row } from "../table.js";

const DELIVERY_LIMIT_MS = 100;
const RUN_TIME_LIMIT = 1.1;

/** One run watched by many, against the same run with nobody but who started it. */
export async function measureWatchers(bench: Bench): Promise<Row[]> {
  const { watchers, watchedRounds } = bench.sizes;
  const environment = { MAX_CONNECTIONS_PER_ADDRESS: "0" };
  const server = await startBenchServer(bench, { screenshots: "inline", environment });
  const runs = await HeldRuns.prepare(server, shopScenario(bench.site.url), bench.teardown);
  // Pictures as URLs, which is what the client library asks for; the server takes them all the same.
  const crowd = await Crowd.start(bench, { address: server.address, count: watchers, screenshots: "url" });
  const deliveries: Deliveries[] = [];
  const unwatched = new Side("A run that nobody watches", async () => runs.finish(await runs.start()));
  const watched = new Side(`A run that ${watchers} watch`, async ({ counts }) => {
    const runId = await runs.start();
    await crowd.watch(runId);
    const time = await runs.finish(runId);
    const delivered = await crowd.deliveries();
    if (counts) deliveries.push(delivered);
    return time;
  });
  await interleave(`a run with ${watchers} watchers`, [unwatched, watched], watchedRounds);
  await Promise.all([crowd.stop(), server.stop()]);
  const events = deliveries.reduce((sum, { count }) => sum + count, 0);
  return [
    atMost(DELIVERY_LIMIT_MS, {
      name: "watchers",
      what: `event to each of ${watchers} watchers, p99`,
      value: median(deliveries.map(({ p99 }) => p99)),
      unit: " ms",
      digits: 1,
      note: `p50 ${median(deliveries.map(({ p50 }) => p50)).toFixed(1)} ms, longest ${Math.max(...deliveries.map(({ longest }) => longest)).toFixed(0)} ms, ${events} deliveries`,
    }),
    atMost(RUN_TIME_LIMIT, {
      name: "watchers",
      what: `run time: with ${watchers} watchers / with none`,
      value: median(watched.samples) / median(unwatched.samples),
      unit: " ×",
      digits: 3,
      note: [watched, unwatched].map(({ samples }) => describe(samples)).join(" / "),
    }),
  ];
}

function describe(samples: readonly number[]): string {
  return `${median(samples).toFixed(0)} ms, ${range(samples)}`;
}
