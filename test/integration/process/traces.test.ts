import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { TestClient } from "../../support/client.js";
import { closedPort } from "../../support/closed-port.js";
import { saysWithUsage, startFakeOpenAi } from "../../support/fake-openai.js";
import { folderTest } from "../../support/scratch-fixtures.js";
import { ServerProcess } from "../../support/server-process.js";
import { getJson } from "../../support/test-app.js";
import { startTraceCollector } from "../../support/trace-collector.js";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";

const test = folderTest
  .extend("collector", async ({}, { onCleanup }) => {
    const collector = await startTraceCollector();
    onCleanup(() => collector.close());
    return collector;
  })
  .extend("start", async ({ folder }, { onCleanup }) => {
    const servers: ServerProcess[] = [];
    onCleanup(async () => {
      for (const server of servers) await server.stop();
    });
    return async (environment: Record<string, string>) => {
      const server = await ServerProcess.start(folder, environment);
      servers.push(server);
      return server;
    };
  });

test("a request goes on with the trace of whoever makes it, by its route and not by its address", async ({
  collector,
  start,
}) => {
  const server = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint });
  const headers = { traceparent: `00-${TRACE}-${PARENT}-01` };
  await fetch(`http://${server.address}/api/test-cases?search=typed-by-a-person`, { headers });
  await fetch(`http://${server.address}/healthz`);
  await fetch(`http://${server.address}/no/such/route`);
  await server.end("SIGTERM");

  expect(collector.spans).toMatchObject([
    {
      name: "GET /api/test-cases",
      traceId: TRACE,
      parentSpanId: PARENT,
      service: "stepwire",
      attributes: {
        "http.request.method": "GET",
        "http.route": "/api/test-cases",
        "http.response.status_code": 200,
      },
    },
  ]);
  expect(collector.raw()).not.toContain("typed-by-a-person");
});

test("a call of a language model belongs to the message that asks for it, with its tokens and no word of it", async ({
  collector,
  start,
}) => {
  const answer = JSON.stringify({ refusal: null, name: "Opening", steps: [] });
  const model = await startFakeOpenAi(...Array.from({ length: 5 }, () => saysWithUsage(answer, 1_234, 56)));
  const server = await start({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    OPENAI_API_KEY: "sk-of-the-test",
    OPENAI_BASE_URL: model.baseURL,
    OPENAI_MODEL: "small-model",
  });
  const client = await TestClient.connect(server.address);
  client.send({ type: "generate_test_case", description: "Open the page of flowers" });
  await client.next((message) => /^generation_(error|complete)$/.test(message.type));
  client.close();
  await server.end("SIGTERM");
  await model.close();

  const message = collector.spans.find(({ name }) => name === "message generate_test_case");
  const calls = collector.spans.filter(({ name }) => name === "chat small-model");
  expect(calls.length).toBeGreaterThan(0);
  expect(calls[0]).toMatchObject({
    traceId: message?.traceId,
    parentSpanId: message?.spanId,
    attributes: {
      "gen_ai.request.model": "small-model",
      "gen_ai.usage.input_tokens": 1_234,
      "gen_ai.usage.output_tokens": 56,
    },
  });
  expect(collector.raw()).not.toMatch(/flowers|Opening|sk-of-the-test/);
});

test("a collector that does not answer is told in the log, and holds neither work nor the stop up", async ({
  start,
}) => {
  const endpoint = `http://127.0.0.1:${await closedPort()}`;
  const server = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_BSP_SCHEDULE_DELAY: "50" });
  await getJson(server.address, "/api/test-cases");
  await expect.poll(() => server.output()).toContain("traces could not be sent");
  const { code, ms } = await server.end("SIGTERM");
  expect(code).toBe(0);
  expect(ms).toBeLessThan(4_000);
});

test(
  "the SDK of OpenTelemetry is not loaded without a collector",
  { timeout: 60_000 },
  async ({ folder, start }) => {
    const loaded = async (name: string, environment: Record<string, string>) => {
      // At its end a process writes there the address of each script that it has run.
      const coverage = join(folder, name);
      const server = await start({ NODE_V8_COVERAGE: coverage, ...environment });
      await server.end("SIGTERM");
      const files = await readdir(coverage);
      const scripts = await Promise.all(files.map((file) => readFile(join(coverage, file), "utf8")));
      expect(scripts.join("")).toContain("/node_modules/fastify/");
      return scripts.join("").includes("/node_modules/@opentelemetry/sdk-trace-base/");
    };
    expect(await loaded("without", {})).toBe(false);
    const endpoint = `http://127.0.0.1:${await closedPort()}`;
    expect(await loaded("with", { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })).toBe(true);
  },
);
