import { expect } from "vitest";
import type { Message, TestClient } from "./client.js";
import { getJson, storedEvents } from "./test-app.js";

interface PassedRuns {
  address: string;
  /** Watches the runs, which it has started. */
  client: TestClient;
  requestIds: readonly string[];
  /** Steps of each run. */
  steps: number;
}

/** Waits for runs, which pass: each has its status, the numbers of its events without gaps, and a verdict for each step. */
export async function requirePassed({ address, client, requestIds, steps }: PassedRuns): Promise<void> {
  const ends = await Promise.all(
    requestIds.map((id) =>
      client.next(({ type, request_id }) => type === "all_steps_complete" && request_id === id),
    ),
  );
  expect(ends.map(({ status }) => status)).toEqual(requestIds.map(() => "passed"));
  for (const { run_id } of ends) {
    const runId = String(run_id);
    expect(await getJson(address, `/api/runs/${runId}`)).toMatchObject({ status: "passed" });
    const events = await storedEvents<Message>(address, runId);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
    expect(events.filter(({ type }) => type === "execution_complete")).toHaveLength(steps);
  }
}
