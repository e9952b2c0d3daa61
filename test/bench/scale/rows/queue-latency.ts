import { startTimes } from "../../rows/start-latency.js";
import { median, percentile } from "../../statistics.js";
import { StepClient } from "../../stepwire/step-client.js";
import { atMost, informs, type Row } from "../../table.js";
import { addressOf, Fleet } from "../fleet.js";
import type { ScaleBench } from "../scale-bench.js";

const MEDIAN_LIMIT_MS = 40;

/** A user's wait at a server until an idle worker starts the first command: through the queue and back as an event. */
export async function measureQueueLatency(bench: ScaleBench): Promise<Row[]> {
  const samples = bench.sizes.startSamples;
  const fleet = await Fleet.start(bench, { server: "server", worker: "worker" });
  const client = await StepClient.connect(addressOf(fleet), bench.teardown);
  const times = await startTimes(bench, client, samples);
  await fleet.stop();
  const row = (which: string, value: number) => ({
    name: "queue-latency" as const,
    what: `execute_step at a server to the first command at an idle worker, ${samples} samples, ${which}`,
    value,
    unit: " ms",
    digits: 1,
  });
  return [
    atMost(MEDIAN_LIMIT_MS, row("median", median(times))),
    informs(row("p95", percentile(times, 0.95))),
  ];
}
