import { expect } from "vitest";
import { severalServersTest as test } from "../../../support/several-servers.js";
import { createCase, getJson } from "../../../support/test-app.js";

// Servers as processes of their own on one database.

const TIMEOUT_MS = 90_000;

/** Time from making schedules to their runs, in milliseconds. */
const AHEAD_MS = 3_000;

interface Schedule {
  id: string;
  next_at: string | null;
  last: { outcome: string; run_id: string } | null;
}

interface Run {
  id: string;
  status: string;
  request_id: string;
}

test(
  "schedules have one run each for their time, although one of the servers is killed at it",
  { timeout: TIMEOUT_MS },
  async ({ start }) => {
    const [server, other] = await Promise.all([
      start({ ROLE: "server" }),
      start({ ROLE: "server" }),
      start({ ROLE: "worker" }),
    ]);
    const { caseId } = await createCase(server.address, [[{ action: "wait", duration: 0.01 }]]);
    const executeAt = new Date(Date.now() + AHEAD_MS).toISOString();
    const made = Array.from({ length: 8 }, async (_, index) => {
      const body = { name: `Once ${index}`, test_case_id: caseId, execute_at: executeAt };
      const response = await fetch(`http://${server.address}/api/schedules`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return ((await response.json()) as Schedule).id;
    });
    const ids = await Promise.all(made);
    const schedules = async (address: string) =>
      (await getJson<{ items: Schedule[] }>(address, "/api/schedules")).items;
    await expect
      .poll(async () => (await schedules(server.address)).filter(({ last }) => last).length, { interval: 20 })
      .toBeGreaterThan(0);

    await server.end("SIGKILL");

    const timeout = TIMEOUT_MS / 2;
    const outcomes = async () => (await schedules(other.address)).map(({ last }) => last?.outcome);
    await expect.poll(outcomes, { timeout }).toEqual(ids.map(() => "started"));
    const runs = async () => (await getJson<{ items: Run[] }>(other.address, "/api/runs?limit=200")).items;
    await expect
      .poll(async () => (await runs()).map(({ status }) => status), { timeout })
      .toEqual(ids.map(() => "passed"));
    expect((await runs()).map(({ request_id }) => request_id).toSorted()).toEqual(
      ids.map((id) => `schedule:${id}`).toSorted(),
    );
    const noted = (await schedules(other.address)).map(({ last }) => last?.run_id);
    expect(noted.toSorted()).toEqual((await runs()).map(({ id }) => id).toSorted());
  },
);
