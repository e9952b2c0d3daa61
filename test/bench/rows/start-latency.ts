import type { Bench } from "../bench.js";
import { interleave, Side } from "../rounds.js";
import { median, percentile } from "../statistics.js";
import type { StepClient } from "../stepwire/step-client.js";
import { atMost, type Row } from "../table.js";

const MEDIAN_LIMIT_MS = 60;
const P95_LIMIT_MS = 100;

/** A user's wait until the first command starts, with a browser context ready. */
export async function measureStartLatency({ site, sizes }: Bench, client: StepClient): Promise<Row[]> {
  const stepId = await client.createStep([{ action: "navigate", url: `${site.url}/text` }]);
  const side = new Side("A step of one command", async () => {
    const { untilFirstCommand } = await client.run(stepId);
    return untilFirstCommand;
  });
  await interleave("start of a run", [side], sizes.startSamples);
  const row = (which: string, value: number) => ({
    name: "start" as const,
    what: `execute_step to the first command, ${sizes.startSamples} samples, ${which}`,
    value,
    unit: " ms",
    digits: 1,
  });
  return [
    atMost(MEDIAN_LIMIT_MS, row("median", median(side.samples))),
    atMost(P95_LIMIT_MS, row("p95", percentile(side.samples, 0.95))),
  ];
}
