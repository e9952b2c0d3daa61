import { test } from "vitest";
import { startSite } from "../site/server.js";
import type { Message } from "./client.js";
import { SeleniumGrid, hasJava, type GridNodeOptions } from "./selenium-grid.js";
import { startApp, storedEvents, type TestApp } from "./test-app.js";

/** The end of a name of tests that need Java to run a Selenium server. */
export const NEEDS_JAVA = "(needs Java)";

/** Longest start of a Grid on a machine with other work, in milliseconds. */
export const GRID_TIMEOUT_MS = 240_000;

export const isWithoutJava = !(await hasJava());

/** One Grid, with the site of the tests, for all tests of a file, which may name other nodes. */
export const gridTest = () =>
  test
    .extend("nodes", { scope: "file" }, (): readonly GridNodeOptions[] => [{}, {}])
    .extend("grid", { scope: "file" }, async ({ nodes }, { onCleanup }) => {
      const grid = await SeleniumGrid.start(nodes);
      onCleanup(() => grid.stop());
      return grid;
    })
    .extend("site", { scope: "file" }, async ({}, { onCleanup }) => {
      const site = await startSite();
      onCleanup(() => site.close());
      return site;
    })
    .extend("servers", ({}, { onCleanup }) => {
      const servers: TestApp[] = [];
      onCleanup(async () => {
        for (const server of servers) await server.close();
      });
      return servers;
    })
    .extend("startOnGrid", ({ grid, servers }) => async (environment: Record<string, string> = {}) => {
      const server = await startApp({ SELENIUM_REMOTE_URL: grid.url, SCREENSHOTS: "off", ...environment });
      servers.push(server);
      // As a server does that has just begun to listen.
      await server.app.warm();
      return server;
    });

/** Starts a run of a case over REST. @returns its id */
export async function startRun(
  { address }: TestApp,
  caseId: number,
  options: Record<string, unknown> = {},
): Promise<string> {
  const response = await fetch(`http://${address}/api/test-cases/${caseId}/run`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(options),
  });
  if (!response.ok) throw new Error(await response.text());
  return ((await response.json()) as { id: string }).id;
}

export interface EndedRun {
  status: string;
  error_message: string | null;
  attempts: number;
  flaky: boolean;
}

/** Waits for a run's verdict. */
export async function endOf(testApp: TestApp, runId: string, deadlineMs = 120_000): Promise<EndedRun> {
  const late = performance.now() + deadlineMs;
  for (;;) {
    const run = await testApp.get<EndedRun>(`/api/runs/${runId}`);
    if (!["queued", "running"].includes(run.status)) return run;
    if (performance.now() > late) throw new Error(`the run is still ${run.status} after ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Resolves when a run has told an event that fits. */
export async function untilTold(
  { address }: TestApp,
  runId: string,
  fits: (event: Message) => boolean,
): Promise<Message> {
  const late = performance.now() + 50_000;
  for (;;) {
    const events = await storedEvents<Message>(address, runId).catch(() => []);
    const event = events.find(fits);
    if (event !== undefined) return event;
    if (performance.now() > late) throw new Error(`not told in: ${JSON.stringify(events)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
