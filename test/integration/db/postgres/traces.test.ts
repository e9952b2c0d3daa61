import { expect } from "vitest";
import { ServerProcess } from "../../../support/server-process.js";
import { severalServersTest } from "../../../support/several-servers.js";
import { createCase } from "../../../support/test-app.js";
import { startTraceCollector } from "../../../support/trace-collector.js";
import { requirePassed } from "../../../support/whole-runs.js";

const test = severalServersTest.extend("collector", async ({}, { onCleanup }) => {
  const collector = await startTraceCollector();
  onCleanup(() => collector.close());
  return collector;
});

test(
  "a server that took the request of a run ends its spans when another one carries the run out",
  { timeout: 120_000 },
  async ({ folder, databaseUrl, collector, start, connect, onTestFinished }) => {
    const server = await ServerProcess.start(folder, {
      DATABASE_URL: databaseUrl,
      ROLE: "server",
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    });
    onTestFinished(() => server.stop());
    const { caseId } = await createCase(server.address, [[{ action: "log", message: "Hello" }]]);
    const client = await connect(server);
    client.send({ type: "execute_all", test_case_id: caseId, request_id: "a" });
    await start({ ROLE: "worker" });
    await requirePassed({ address: server.address, client, requestIds: ["a"], steps: 1 });

    await server.end("SIGTERM");

    const run = collector.spans.find(({ name }) => name === "run case");
    const message = collector.spans.find(({ name }) => name === "message execute_all");
    expect(run).toMatchObject({
      traceId: message?.traceId,
      parentSpanId: message?.spanId,
      status: 0,
      attributes: { "stepwire.run.moved": true },
    });
    expect(collector.spans.find(({ name }) => name === "queue")).toMatchObject({ parentSpanId: run?.spanId });
  },
);
