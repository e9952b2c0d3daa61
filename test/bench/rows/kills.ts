import { killAtRandom } from "../../support/kills.js";
import { scratchFolder } from "../../support/scratch-folder.js";
import type { Bench } from "../bench.js";
import { progress } from "../progress.js";
import { startServerIn } from "../stepwire/bench-server.js";
import { atMost, type Row } from "../table.js";

/** Kills the server at random moments during runs: what it had told is stored, and every run is judged once. */
export async function measureKills(bench: Bench): Promise<Row[]> {
  const { kills } = bench.sizes;
  const folder = await scratchFolder();
  bench.teardown.defer(() => folder.remove());
  const { runs, interrupted, events, problems } = await killAtRandom({
    kills,
    siteUrl: bench.site.url,
    start: async () => {
      const server = await startServerIn(folder.path, bench, { screenshots: "url" });
      bench.teardown.defer(() => server.stop());
      return server;
    },
    onKill: (number) => {
      if (number % 10 === 1) progress(`kill ${number} of ${kills}`);
    },
  });
  for (const problem of problems) progress(problem);
  return [
    atMost(0, {
      name: "kills",
      what: `${kills} × kill -9 during runs: events lost, runs without exactly one verdict`,
      value: problems.length,
      unit: "",
      digits: 0,
      note: `${runs} runs, ${interrupted} of them interrupted, ${events} events received`,
    }),
  ];
}
