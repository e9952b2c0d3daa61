import type { Bench } from "../bench.js";
import type { Ground } from "../ground.js";
import { interleave, Side } from "../rounds.js";
import { median, percentile } from "../statistics.js";
import type { StepClient } from "../stepwire/step-client.js";
import { atMost, type Row } from "../table.js";

const MEDIAN_LIMIT_MS = 60;
const P95_LIMIT_MS = 100;

/** A user's wait until the first command starts, with a browser context ready. */
export async function measureStartLatency(bench: Bench, client: StepClient): Promise<Row[]> {
  const samples = bench.sizes.startSamples;
  const times = await startTimes(bench, client, samples);
  const row = (which: string, value: number) => ({
    name: "start" as const,
    what: `execute_step to the first command, ${samples} samples, ${which}`,
    value,
    unit: " ms",
    digits: 1,
  });
  return [
    atMost(MEDIAN_LIMIT_MS, row("median", median(times))),
    atMost(P95_LIMIT_MS, row("p95", percentile(times, 0.95))),
  ];
}

/** Times from the `execute_step` frame of a step to its first command, one run after the other, in milliseconds. */
export async function startTimes(
  { site }: Pick<Ground, "site">,
  client: StepClient,
  samples: number,
): Promise<number[]> {
  const stepId = await client.createStep([{ action: "navigate", url: `${site.url}/text` }]);
  const side = new Side("A step of one command", async () => {
    const { untilFirstCommand } = await client.run(stepId);
    return untilFirstCommand;
  });
  await interleave("start of a run", [side], samples);
  return side.samples;
}
