import { shopScenario } from "../../site/shop-scenario.js";
import type { Bench } from "../bench.js";
import { startPlaywrightBrowser } from "../playwright/browser.js";
import { buyInFreshContext } from "../playwright/sides.js";
import { interleave, Side } from "../rounds.js";
import type { StartedSide } from "../started-side.js";
import { median, range } from "../statistics.js";
import { startBenchServer } from "../stepwire/bench-server.js";
import { StepClient } from "../stepwire/step-client.js";
import { atLeast, type Row } from "../table.js";

/** Runs under way at the same time. */
const WORKERS = 4;
const LEAST_RATIO = 1.6;

/** Runs of the shop that each side finishes in a minute, each in a fresh context. */
export async function measureParallel(bench: Bench): Promise<Row[]> {
  const ours = await startServerSide(bench);
  const theirs = await startPlaywrightSide(bench);
  const { parallelRounds, parallelRuns } = bench.sizes;
  await interleave(`${parallelRuns} runs, ${WORKERS} at a time`, [ours.side, theirs.side], parallelRounds);
  await Promise.all([ours.stop(), theirs.stop()]);
  const [measured, base] = [ours.side.samples, theirs.side.samples];
  return [
    atLeast(LEAST_RATIO, {
      name: "parallel",
      what: `runs a minute, ${WORKERS} at a time: ${ours.side.name} / ${theirs.side.name}`,
      value: median(measured) / median(base),
      unit: " ×",
      digits: 2,
      note: `${describe(measured)} / ${describe(base)}`,
    }),
  ];
}

async function startServerSide(bench: Bench): Promise<StartedSide<number>> {
  const { address, stop } = await startBenchServer(bench, { screenshots: "off", poolSize: WORKERS });
  const workers = await Promise.all(
    Array.from({ length: WORKERS }, async () => {
      const client = await StepClient.connect(address, bench.teardown);
      return { client, stepId: await client.createStep(shopScenario(bench.site.url)) };
    }),
  );
  const jobs = workers.map(
    ({ client, stepId }) =>
      () =>
        client.run(stepId),
  );
  return { side: throughput("Stepwire's server", bench, jobs), stop };
}

/** All in one browser, which is the quickest way that Playwright has to fresh contexts. */
async function startPlaywrightSide(bench: Bench): Promise<StartedSide<number>> {
  const { browser, stop } = await startPlaywrightBrowser(bench);
  const jobs = Array.from({ length: WORKERS }, () => () => buyInFreshContext(browser, bench.site.url));
  return { side: throughput("Playwright", bench, jobs), stop };
}

/** A side whose samples are runs a minute. */
function throughput(
  name: string,
  { sizes }: Bench,
  workers: readonly (() => Promise<unknown>)[],
): Side<number> {
  return new Side(name, async ({ counts }) => {
    // One run of each worker warms up as well as many.
    const runs = counts ? sizes.parallelRuns : workers.length;
    let left = runs;
    const started = performance.now();
    await Promise.all(
      workers.map(async (run) => {
        while (left-- > 0) await run();
      }),
    );
    return runs / ((performance.now() - started) / 60_000);
  });
}

function describe(samples: readonly number[]): string {
  return `${median(samples).toFixed(0)} a minute, ${range(samples)}`;
}
