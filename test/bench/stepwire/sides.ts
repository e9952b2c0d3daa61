import { shopScenario } from "../../site/shop-scenario.js";
import type { Bench } from "../bench.js";
import { Side } from "../rounds.js";
import { FORGET } from "../shop.js";
import type { StartedSide } from "../started-side.js";
import { startBenchServer } from "./bench-server.js";
import { runAlone, startPool } from "./runner.js";
import { StepClient } from "./step-client.js";

/** One browser session for all runs, and the runner without the server around it. */
export async function startRunner(bench: Bench): Promise<StartedSide<number>> {
  const { pool, stop } = await startPool(bench);
  const { page, lost } = await pool.acquire(AbortSignal.timeout(20_000));
  const commands = shopScenario(bench.site.url);
  const side = new Side("Stepwire's runner, one tab", async () => {
    const time = await runAlone(commands, { page, lost });
    await page.call(FORGET, "", lost);
    return time;
  });
  return { side, stop };
}

/** The whole server, from `execute_step` to `execution_complete`; it gives each run a fresh context. */
export async function startServer(bench: Bench, screenshots: "off" | "inline"): Promise<StartedSide<number>> {
  const { address, stop } = await startBenchServer(bench, { screenshots });
  const client = await StepClient.connect(address, bench.teardown);
  const stepId = await client.createStep(shopScenario(bench.site.url));
  const side = new Side(`Stepwire's server, SCREENSHOTS=${screenshots}`, async () => {
    const { total } = await client.run(stepId);
    return total;
  });
  return { side, stop };
}
