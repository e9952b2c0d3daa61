import { describe, expect } from "vitest";
import { shopScenario } from "../../site/shop-scenario.js";
import {
  endOf,
  GRID_TIMEOUT_MS,
  gridTest,
  isWithoutJava,
  NEEDS_JAVA,
  startRun,
  untilTold,
} from "../../support/grid-fixtures.js";

const test = gridTest().override("nodes", () => [
  { sessions: 1, browserVersion: "1.0" },
  { sessions: 1, browserVersion: "2.0" },
]);

interface Kept {
  kind: string;
  variant: string | null;
}

const wait = (seconds: number) => [{ action: "wait", duration: seconds }];

describe.skipIf(isWithoutJava)(`runs on a Selenium Grid ${NEEDS_JAVA}`, { timeout: GRID_TIMEOUT_MS }, () => {
  test.for(["cdp", "classic"])("pass over %s", async (protocol, { startOnGrid, site, grid }) => {
    const server = await startOnGrid({ BROWSER_PROTOCOL: protocol });
    const { caseId } = await server.createCase([shopScenario(site.url)]);
    const { status, error_message } = await endOf(server, await startRun(server, caseId));
    expect({ status, error_message }).toEqual({ status: "passed", error_message: null });
    await server.app.close();
    // A server that stops gives all browsers back.
    await expect.poll(() => grid.nodes.flatMap(({ programs }) => programs)).toEqual([]);
  });

  test("compare pictures with the baselines of the browser that they were given", async ({
    startOnGrid,
    site,
  }) => {
    const server = await startOnGrid({ BROWSER: "edge", COMMAND_TIMEOUT: "2" });
    const { caseId } = await server.createCase([
      [
        { action: "navigate", url: `${site.url}/downloads` },
        { action: "verify_screenshot", name: "page" },
      ],
    ]);
    const runId = await startRun(server, caseId, { browser: "chrome" });
    const { status, error_message } = await endOf(server, runId);
    expect(status).toBe("error");
    expect(error_message).toContain("there is no baseline 'page' for chrome-1280x720@1 yet");
    const { items } = await server.get<{ items: Kept[] }>(`/api/runs/${runId}/artifacts`);
    const variants = items.filter(({ kind }) => kind === "screenshot_actual").map(({ variant }) => variant);
    expect(variants).toEqual(["chrome-1280x720@1"]);
  });

  test("choose among the versions of its nodes", async ({ startOnGrid, grid }) => {
    const server = await startOnGrid();
    const { caseId } = await server.createCase([wait(3)]);
    for (const [index, version] of ["1.0", "2.0"].entries()) {
      const runId = await startRun(server, caseId, { browser: "chrome", browser_version: version });
      await untilTold(server, runId, ({ action }) => action === "wait");
      expect(grid.nodes[index]?.programs.length).toBeGreaterThan(0);
      expect((await endOf(server, runId)).status).toBe("passed");
    }
  });

  test("wait in line while it is full, and start as soon as somebody else's session ends", async ({
    startOnGrid,
    grid,
  }) => {
    const foreign = await Promise.all([openSession(grid.url), openSession(grid.url)]);
    const server = await startOnGrid();
    const { caseId } = await server.createCase([wait(0.1)]);
    const runs = [
      await startRun(server, caseId),
      await startRun(server, caseId),
      await startRun(server, caseId),
    ];
    const [atGrid = "", ...others] = runs;
    const first = await untilTold(server, atGrid, ({ type }) => type === "queued");
    expect(first["position"]).toBe(1);
    for (const runId of others) await untilTold(server, runId, ({ type }) => type === "queued");
    await closeSession(grid.url, foreign[0]);
    for (const runId of runs) expect((await endOf(server, runId)).status).toBe("passed");
    await closeSession(grid.url, foreign[1]);
  });
});

async function openSession(grid: string): Promise<string> {
  const capabilities = {
    alwaysMatch: { browserName: "chrome", "goog:chromeOptions": { args: ["--headless=new"] } },
  };
  const response = await fetch(`${grid}/session`, {
    method: "POST",
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({ capabilities }),
  });
  if (!response.ok) throw new Error(await response.text());
  return ((await response.json()) as { value: { sessionId: string } }).value.sessionId;
}

async function closeSession(grid: string, id: string): Promise<void> {
  await fetch(`${grid}/session/${id}`, { method: "DELETE" });
}
