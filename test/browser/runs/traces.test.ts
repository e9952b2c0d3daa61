import { afterAll, beforeAll, expect, test } from "vitest";
import { TestClient } from "../../support/client.js";
import { scratchFolder, type ScratchFolder } from "../../support/scratch-folder.js";
import { ServerProcess } from "../../support/server-process.js";
import { createCase } from "../../support/test-app.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";
import {
  startTraceCollector,
  type CollectedSpan,
  type TraceCollector,
} from "../../support/trace-collector.js";

const SECRET = "correct horse battery staple";
const TYPED = "typed-by-a-person";
const SHOWN = "shown-by-the-page";

let site: TinySite;
let folder: ScratchFolder;
let collector: TraceCollector;
beforeAll(async () => {
  site = await startTinySite({ "/": () => `<h1>${SHOWN}</h1><label>Name <input id=name></label>` });
  folder = await scratchFolder();
  collector = await startTraceCollector();
});
afterAll(async () => {
  await collector.close();
  await folder.remove();
  await site.close();
});

const input = (text: string) => ({ action: "input", locator_type: "id", locator_value: "name", text });
const heading = (expected_text: string) => ({
  action: "verify_text",
  locator_type: "tag",
  locator_value: "h1",
  expected_text,
  timeout: 0.2,
});

/** The spans of the trace that begins with one of this name, each with the names of those below it. */
function traceOf(name: string) {
  const root = collector.spans.find((span) => span.name === name);
  const inTrace = collector.spans.filter(({ traceId }) => traceId === root?.traceId);
  const below = (parent: CollectedSpan | undefined) =>
    inTrace.filter(({ parentSpanId }) => parentSpanId === parent?.spanId);
  return { root, inTrace, below };
}

test("a case's run is told from the message to each command, without any text or value", async () => {
  const server = await ServerProcess.start(folder.path, {
    OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.endpoint}/`,
    OTEL_SERVICE_NAME: "stepwire-test",
    SECRET_NAME: SECRET,
    COMMAND_TIMEOUT: "5",
  });
  const client = await TestClient.connect(server.address);
  const { caseId, stepIds } = await createCase(server.address, [
    [{ action: "navigate", url: site.url }, input("${secret.NAME}"), input(TYPED)],
    [heading(SHOWN), heading("something else")],
  ]);
  client.send({ type: "execute_all", test_case_id: caseId });
  const { run_id: runId } = await client.next("all_steps_complete");
  client.close();
  expect((await server.end("SIGTERM")).code).toBe(0);

  const { root, inTrace, below } = traceOf("message execute_all");
  expect(root).toMatchObject({ parentSpanId: "", service: "stepwire-test" });
  const run = below(root)[0];
  expect(run).toMatchObject({
    name: "run case",
    status: 2,
    attributes: { "stepwire.run.id": runId, "stepwire.test_case.id": caseId, "stepwire.verdict": "failed" },
  });
  expect(below(run).map(({ name }) => name)).toEqual(expect.arrayContaining(["queue", "attempt"]));
  const attempt = below(run).find(({ name }) => name === "attempt");
  const steps = below(attempt);
  expect(steps.map(({ attributes }) => attributes)).toMatchObject([
    { "stepwire.step.id": stepIds[0], "stepwire.step.number": 1, "stepwire.verdict": "passed" },
    { "stepwire.step.id": stepIds[1], "stepwire.step.number": 2, "stepwire.verdict": "failed" },
  ]);
  const commands = steps.map((step) =>
    below(step).map(({ name, attributes, status }) => [name, attributes["stepwire.command.number"], status]),
  );
  expect(commands).toEqual([
    [
      ["command navigate", 1, 0],
      ["command input", 2, 0],
      ["command input", 3, 0],
    ],
    [
      ["command verify_text", 1, 0],
      ["command verify_text", 2, 2],
    ],
  ]);
  const [, failed] = below(steps[1]);
  expect(failed?.ms).toBeGreaterThan(150);
  expect(inTrace).toHaveLength(1 + 1 + 2 + 2 + 5);
  for (const text of [SECRET, TYPED, SHOWN, "something else", site.url, "secret.NAME"])
    expect(collector.raw()).not.toContain(text);

  // A line of the log names the trace that it belongs to.
  const lines = server
    .output()
    .split("\n")
    .filter((line) => line.includes(`"runId":"${String(runId)}"`));
  const ended = lines.find((line) => line.includes(`"msg":"run ended"`));
  expect(JSON.parse(ended ?? "{}")).toMatchObject({ trace_id: root?.traceId, span_id: run?.spanId });
});
