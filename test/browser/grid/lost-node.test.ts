import { describe, expect } from "vitest";
import type { GridNode, SeleniumGrid } from "../../support/selenium-grid.js";
import {
  endOf,
  GRID_TIMEOUT_MS,
  gridTest,
  isWithoutJava,
  NEEDS_JAVA,
  startRun,
  untilTold,
} from "../../support/grid-fixtures.js";

/** One browser a node, so that it is known which run goes on where; a node is lost in each test. */
const test = gridTest().override("nodes", () => [
  { sessions: 1, browserVersion: "1.0" },
  { sessions: 1, browserVersion: "2.0" },
  { sessions: 1, browserVersion: "2.0" },
  { sessions: 1, browserVersion: "3.0" },
  { sessions: 1, browserVersion: "4.0" },
]);

const on = (version: string) => ({ browser: "chrome", browser_version: version });

describe.skipIf(isWithoutJava)(
  `a node of a Selenium Grid that is lost in the middle of runs ${NEEDS_JAVA}`,
  { timeout: GRID_TIMEOUT_MS },
  () => {
    test("leaves its run to be tried again on another", async ({ startOnGrid, grid, site }) => {
      // Nothing is kept ready of a browser that no node has.
      const server = await startOnGrid({ BROWSER: "firefox" });
      const { caseId } = await server.createCase([
        [
          { action: "navigate", url: site.url },
          { action: "wait", duration: 4 },
          // A wait by itself needs no browser, and may be over before the loss is seen.
          { action: "verify_url", expected_url: site.url },
        ],
      ]);
      const runId = await startRun(server, caseId, { retries: 1, ...on("2.0") });
      await untilTold(server, runId, ({ action }) => action === "wait");
      await busyNode(grid).kill();
      await expect(endOf(server, runId)).resolves.toMatchObject({
        status: "passed",
        attempts: 2,
        flaky: true,
      });
    });

    test.for([
      ["loses its power", "cdp", "2.0", (node: GridNode) => node.kill()],
      ["loses its power", "classic", "3.0", (node: GridNode) => node.kill()],
      ["stops to answer", "cdp", "4.0", (node: GridNode) => node.freeze()],
    ] as const)(
      "ends its run as an error when it %s (%s), and no other",
      async ([, protocol, version, lose], { startOnGrid, grid }) => {
        // Nothing is kept ready of a browser that no node has.
        const server = await startOnGrid({ BROWSER_PROTOCOL: protocol, BROWSER: "firefox" });
        const { caseId } = await server.createCase([
          [
            { action: "wait", duration: 4 },
            { action: "verify_url", expected_url: "nowhere", timeout: 60 },
          ],
        ]);
        const { caseId: otherId } = await server.createCase([[{ action: "wait", duration: 20 }]]);
        const runId = await startRun(server, caseId, on(version));
        const otherRun = await startRun(server, otherId, on("1.0"));
        for (const id of [runId, otherRun]) await untilTold(server, id, ({ action }) => action === "wait");

        const lostAt = performance.now();
        await lose(busyNode(grid, grid.nodes[0]));

        const run = await endOf(server, runId);
        expect(run.status).toBe("error");
        expect(run.error_message).toMatch(/could not be finished: The browser is gone: /);
        expect(performance.now() - lostAt).toBeLessThan(20_000);
        expect((await endOf(server, otherRun)).status).toBe("passed");
      },
    );
  },
);

/** The node that has browsers, of those that answer. @param but one that has some, too */
function busyNode(grid: SeleniumGrid, but?: GridNode): GridNode {
  const [node, ...others] = grid.nodes.filter(
    (each) => each !== but && !each.isFrozen && each.programs.length > 0,
  );
  if (node === undefined || others.length > 0) throw new Error("not just one node is busy");
  return node;
}
