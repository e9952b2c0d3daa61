import { Browser } from "../../src/browser/browser.js";
import { WarmBrowserPool } from "../../src/browser/pool.js";
import type { Command } from "../../src/protocol/commands.js";
import { runScript } from "../../src/runner/run-script.js";
import { silentLog } from "../support/silent-log.js";
import type { Bench } from "./bench.js";
import { interleave, Side } from "./rounds.js";
import { median } from "./statistics.js";
import type { StepClient } from "./step-client.js";
import { atMost, type Row } from "./table.js";

/** Many commands that cost little themselves, so that what the server adds shows. */
const CHECKS = 60;
const LIMIT_MS = 3;

/** What the server adds to a command, against the runner alone in this process. */
export async function measureOverhead(bench: Bench, client: StepClient, rounds: number): Promise<Row[]> {
  const commands = cheapCommands(bench.site.url);
  const stepId = await client.createStep(commands);
  const pool = await warmPool(bench);
  const alone = new Side("The runner alone", () => timeAlone(pool, commands));
  const server = new Side("The server", () => client.run(stepId));
  await interleave(`${commands.length} cheap commands`, [alone, server], rounds);
  const base = median(alone.samples);
  const row = (clock: string, totals: number[]) => {
    const total = median(totals);
    return atMost({
      what: `server's overhead a command, ${clock}`,
      value: (total - base) / commands.length,
      limit: LIMIT_MS,
      unit: " ms",
      digits: 2,
      note: `${total.toFixed(0)} − ${base.toFixed(0)} ms alone, over ${commands.length}`,
    });
  };
  return [
    row(
      "by execution_time_ms",
      server.samples.map(({ byServer }) => byServer),
    ),
    row(
      "by the client's clock",
      server.samples.map(({ fromFirstCommand }) => fromFirstCommand),
    ),
  ];
}

function cheapCommands(siteUrl: string): Command[] {
  const check: Command = {
    action: "verify_text",
    locator_type: "id",
    locator_value: "plain",
    expected_text: "Plain visible text",
  };
  return [{ action: "navigate", url: `${siteUrl}/text` }, ...Array.from({ length: CHECKS }, () => check)];
}

async function warmPool({ browser, teardown }: Bench): Promise<WarmBrowserPool> {
  const find = () => Promise.resolve(browser);
  const launch = () =>
    Browser.launch({ kind: "chrome", headless: true, allowedHosts: [], find, log: silentLog });
  const pool = new WarmBrowserPool({ size: 1, launch, find, log: silentLog });
  teardown.defer(() => pool.close());
  await pool.warm();
  return pool;
}

async function timeAlone(pool: WarmBrowserPool, commands: readonly Command[]): Promise<number> {
  const session = await pool.acquire(AbortSignal.timeout(20_000));
  try {
    const started = performance.now();
    const outcome = await runScript(commands, {
      page: session.page,
      signal: session.lost,
      commandTimeoutMs: 10_000,
      allowedHosts: [],
      onCommand: () => undefined,
      onCommandPassed: () => undefined,
    });
    const ended = performance.now();
    if (outcome.verdict !== "passed") throw new Error(outcome.message);
    return ended - started;
  } finally {
    await session.close();
  }
}
