import type { Bench } from "../bench.js";
import { cheapCommands } from "../cheap-commands.js";
import { interleave, Side } from "../rounds.js";
import { median } from "../statistics.js";
import { runAlone, startPool } from "../stepwire/runner.js";
import type { StepClient } from "../stepwire/step-client.js";
import { atMost, type Row } from "../table.js";

const LIMIT_MS = 3;

/** Time that the server adds to a command, against the runner alone in this process. */
export async function measureOverhead(bench: Bench, client: StepClient): Promise<Row[]> {
  const commands = cheapCommands(bench.site.url);
  const stepId = await client.createStep(commands);
  const { pool, stop } = await startPool(bench);
  const alone = new Side("The runner alone", async () => {
    const session = await pool.acquire(AbortSignal.timeout(20_000));
    try {
      return await runAlone(commands, session);
    } finally {
      await session.close();
    }
  });
  const server = new Side("The server", () => client.run(stepId));
  await interleave(`${commands.length} cheap commands`, [alone, server], bench.sizes.overheadRounds);
  await stop();
  const base = median(alone.samples);
  const row = (clock: string, totals: number[]) => {
    const total = median(totals);
    return atMost(LIMIT_MS, {
      name: "overhead",
      what: `server's overhead a command, ${clock}`,
      value: (total - base) / commands.length,
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
