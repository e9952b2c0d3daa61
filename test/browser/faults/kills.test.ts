import { expect, test } from "vitest";
import { startSite } from "../../site/server.js";
import { killAtRandom } from "../../support/kills.js";
import { scratchFolder } from "../../support/scratch-folder.js";
import { ServerProcess } from "../../support/server-process.js";

/** The benchmark `kills` does the same more often. */
const KILLS = 8;

test(
  `a server that is killed ${KILLS} times during runs has every event that it told, and one verdict for each run`,
  { timeout: 180_000 },
  async () => {
    const [site, folder] = [await startSite(), await scratchFolder()];
    const start = () => ServerProcess.start(folder.path, { SCREENSHOTS: "url", BROWSER_POOL_SIZE: "2" });
    const report = await killAtRandom({ kills: KILLS, siteUrl: site.url, start });
    await folder.remove();
    await site.close();
    expect(report.problems).toEqual([]);
    expect(report.interrupted).toBeGreaterThanOrEqual(KILLS);
    expect(report.events).toBeGreaterThan(report.runs);
  },
);
