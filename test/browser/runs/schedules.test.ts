import { expect, test } from "vitest";
import { realPool } from "../../support/real-browser.js";
import { startApp } from "../../support/test-app.js";
import { startTinySite } from "../../support/tiny-site.js";

/** Time from making a schedule to its run, in milliseconds. */
const AHEAD_MS = 1_500;

const scheduled = test
  .extend("site", async ({}, { onCleanup }) => {
    const site = await startTinySite({ "/": () => "<h1>Good morning</h1>" });
    onCleanup(() => site.close());
    return site;
  })
  .extend("testApp", async ({}, { onCleanup }) => {
    const testApp = await startApp({ SCREENSHOTS: "off" }, { pool: realPool({ size: 1 }).pool });
    onCleanup(() => testApp.close());
    return testApp;
  });

interface Schedule {
  id: string;
  next_at: string | null;
  last: { at: string; outcome: string; run_id: string } | null;
}

scheduled("a real browser runs a case at the time that a schedule gives", async ({ site, testApp }) => {
  const { caseId } = await testApp.createCase([
    [
      { action: "navigate", url: site.url },
      { action: "verify_text", locator_type: "tag", locator_value: "h1", expected_text: "Good morning" },
    ],
  ]);
  const executeAt = new Date(Date.now() + AHEAD_MS).toISOString();
  const response = await fetch(`http://${testApp.address}/api/schedules`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      name: "Once",
      test_case_id: caseId,
      execute_at: executeAt,
      options: { priority: 9 },
    }),
  });
  expect(response.status).toBe(201);
  const { id, next_at } = (await response.json()) as Schedule;
  expect(next_at).toBe(executeAt);

  const read = () => testApp.get<Schedule>(`/api/schedules/${id}`);
  await expect.poll(async () => (await read()).last?.outcome).toBe("started");

  const { last, next_at: nextAt } = await read();
  expect(last?.at).toBe(executeAt);
  expect(nextAt).toBeNull();
  const run = () => testApp.get<Record<string, unknown>>(`/api/runs/${last?.run_id}`);
  await expect.poll(async () => (await run())["status"]).toBe("passed");
  const { request_id, kind, created_at } = await run();
  expect({ request_id, kind }).toEqual({ request_id: `schedule:${id}`, kind: "case" });
  const lateMs = Date.parse(String(created_at)) - Date.parse(executeAt);
  expect(lateMs).toBeGreaterThanOrEqual(0);
  // The machine may be busy; without the timer the next look would come up to 15 s later.
  expect(lateMs).toBeLessThan(5_000);
});
