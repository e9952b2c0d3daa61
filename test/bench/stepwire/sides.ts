import { shopScenario } from "../../site/shop-scenario.js";
import type { Bench } from "../bench.js";
import { Side } from "../rounds.js";
import { SeleniumGrid } from "../../support/selenium-grid.js";
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
export async function startServer(
  bench: Bench,
  screenshots: "off" | "inline",
  { remoteUrl }: { remoteUrl?: string } = {},
): Promise<StartedSide<number>> {
  const environment = remoteUrl === undefined ? {} : { SELENIUM_REMOTE_URL: remoteUrl };
  const { address, stop } = await startBenchServer(bench, { screenshots, environment });
  const client = await StepClient.connect(address, bench.teardown);
  const stepId = await client.createStep(shopScenario(bench.site.url));
  const where = remoteUrl === undefined ? "" : ", browsers of a Grid";
  const side = new Side(`Stepwire's server, SCREENSHOTS=${screenshots}${where}`, async () => {
    const { total } = await client.run(stepId);
    return total;
  });
  return { side, stop };
}

/** The same with the browsers of a Selenium Grid on this machine, a hub and one node. */
export async function startServerOnGrid(bench: Bench): Promise<StartedSide<number>> {
  const grid = await SeleniumGrid.start([{ sessions: 2 }]);
  const stopGrid = bench.teardown.defer(() => grid.stop());
  const { side, stop } = await startServer(bench, "off", { remoteUrl: grid.url });
  return { side, stop: () => stop().then(stopGrid) };
}
