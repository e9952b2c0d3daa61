import { describe, expect } from "vitest";
import { sharedAppTest } from "../../support/app-fixtures.js";
import { createToken } from "../../support/logins.js";

const SCRAPER = "a-token-for-metrics-and-nothing-else";

const test = sharedAppTest()
  .override("environment", { METRICS: "true", METRICS_TOKEN: SCRAPER })
  .extend("ask", ({ testApp }) => async (path: string, token?: string) => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`http://${testApp.address}${path}`, { headers });
    return {
      status: response.status,
      type: response.headers.get("content-type"),
      text: await response.text(),
    };
  });

/** The value of a metric, by its name and labels as Prometheus reads them. */
function valueOf(text: string, metric: string): number | undefined {
  const line = text.split("\n").find((each) => each.startsWith(`${metric} `));
  return line === undefined ? undefined : Number(line.slice(metric.length + 1));
}

describe("GET /metrics", () => {
  test("tells of runs, commands, queue, store and clients in the format of Prometheus", async ({
    testApp,
    connect,
    ask,
  }) => {
    const fails = { action: "verify_variable", variable: "total", expected_value: "3" };
    const { caseId } = await testApp.createCase([[{ action: "log", message: "Hello" }], [fails]]);
    const client = await connect();
    const before = (await ask("/metrics")).text;
    expect(valueOf(before, 'stepwire_runs_total{verdict="passed"}')).toBe(0);
    client.send({ type: "execute_all", test_case_id: caseId });
    await client.next("all_steps_complete");

    const { status, type, text } = await ask("/metrics");

    expect([status, type]).toEqual([200, expect.stringContaining("text/plain; version=0.0.4")]);
    expect(valueOf(text, 'stepwire_runs_total{verdict="failed"}')).toBe(1);
    expect(valueOf(text, 'stepwire_command_duration_seconds_count{action="log"}')).toBe(1);
    expect(valueOf(text, 'stepwire_command_failures_total{action="verify_variable",verdict="failed"}')).toBe(
      1,
    );
    expect(valueOf(text, "stepwire_queue_wait_seconds_count")).toBe(1);
    expect(valueOf(text, "stepwire_queue_depth")).toBe(0);
    expect(valueOf(text, "stepwire_browser_sessions_limit")).toBe(1);
    expect(valueOf(text, "stepwire_connections")).toBe(1);
    expect(valueOf(text, "stepwire_events_stored_total")).toBeGreaterThan(5);
    expect(valueOf(text, "stepwire_store_lag_seconds_count")).toBeGreaterThan(0);
    expect(valueOf(text, "process_resident_memory_bytes")).toBeGreaterThan(1_000_000);
    expect(text).toContain("nodejs_eventloop_lag_p99_seconds");
  });

  // Last in the file: from the first token on everybody needs a login.
  test("is for tokens that may read, and for METRICS_TOKEN, which opens nothing else", async ({
    testApp,
    ask,
  }) => {
    const { token } = await createToken(testApp, ["read"]);
    expect((await ask("/metrics")).status).toBe(401);
    expect((await ask("/metrics", `${SCRAPER}x`)).status).toBe(401);
    expect((await ask("/metrics", token)).status).toBe(200);
    expect((await ask("/metrics", SCRAPER)).status).toBe(200);
    expect((await ask("/api/test-cases", SCRAPER)).status).toBe(401);
  });
});
