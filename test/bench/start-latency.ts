import type { Bench } from "./bench.js";
import { interleave, Side } from "./rounds.js";
import { median, percentile } from "./statistics.js";
import type { StepClient } from "./step-client.js";
import { atMost, type Row } from "./table.js";

const SAMPLES = 20;
const LIMIT_MS = 100;

/** How long a user waits until the first command starts, with a browser context ready. */
export async function measureStartLatency({ site }: Bench, client: StepClient): Promise<Row[]> {
  const stepId = await client.createStep([{ action: "navigate", url: `${site.url}/text` }]);
  const side = new Side("A step of one command", async () => {
    const { untilFirstCommand } = await client.run(stepId);
    return untilFirstCommand;
  });
  await interleave("start of a run", [side], SAMPLES);
  const what = `execute_step to the first command, ${SAMPLES} samples`;
  const aim = { limit: LIMIT_MS, unit: " ms", digits: 1 };
  return [
    atMost({ what: `${what}, median`, value: median(side.samples), ...aim }),
    atMost({ what: `${what}, p95`, value: percentile(side.samples, 0.95), ...aim }),
  ];
}
