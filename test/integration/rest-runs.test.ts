import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RunEvent } from "../../src/protocol/messages.js";
import { restServer, type RestServer } from "../support/rest-server.js";

let server: RestServer;
let testCaseId: number;
let stepId: number;

beforeEach(async () => {
  server = await restServer();
  const steps = [{ description: "A" }];
  const { json } = await server.request("POST", "/api/test-cases", { name: "case", steps });
  testCaseId = json.id;
  stepId = json.steps[0].id;
  await server.scratch.database.executionStore.createRun({
    id: "run-1",
    kind: "step",
    testCaseId,
    testStepId: stepId,
    onFailure: "stop",
    requestId: "r",
    createdAt: new Date("2026-01-13T10:30:00.000Z"),
  });
});
afterEach(() => server.close());

async function appendEvents(count: number): Promise<RunEvent[]> {
  const events = Array.from({ length: count }, (_, index): RunEvent => {
    const seq = index + 1;
    return { type: "queued", position: seq, run_id: "run-1", seq, ts: new Date(seq).toISOString() };
  });
  await server.scratch.database.executionStore.append({ events, steps: [], runs: [] });
  return events;
}

function lines(text: string): unknown[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
}

async function saveArtifact(kind: "screenshot" | "page_source", bytes: Uint8Array): Promise<string> {
  const mediaType = kind === "screenshot" ? "image/jpeg" : "text/html";
  return server.scratch.database.artifactStore.save({ runId: "run-1", stepId, kind, mediaType, bytes });
}

describe("runs", () => {
  test("are read", async () => {
    expect((await server.request("GET", "/api/runs/run-1")).json).toEqual({
      id: "run-1",
      kind: "step",
      test_case_id: testCaseId,
      test_step_id: stepId,
      status: "queued",
      on_failure: "stop",
      request_id: "r",
      error_message: null,
      created_at: "2026-01-13T10:30:00.000Z",
      started_at: null,
      finished_at: null,
    });
  });

  test("give all their events, one a line, however many there are", async () => {
    const events = await appendEvents(120);

    const answer = await server.request("GET", "/api/runs/run-1/events");

    expect(answer.headers["content-type"]).toBe("application/x-ndjson");
    expect(lines(answer.text)).toEqual(events);
  });

  test("give the events after one", async () => {
    const events = await appendEvents(3);

    const answer = await server.request("GET", "/api/runs/run-1/events?after_seq=2");

    expect(lines(answer.text)).toEqual(events.slice(2));
    expect((await server.request("GET", "/api/runs/run-1/events?after_seq=3")).text).toBe("");
  });
});

describe("artifacts", () => {
  test("are served as they are, with their media type, over a real socket", async () => {
    const address = await server.app.listen({ port: 0, host: "127.0.0.1" });
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256);
    const url = await saveArtifact("screenshot", bytes);

    const response = await fetch(`${address}${url}`);

    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("image/jpeg");
    expect(response.headers.get("content-length")).toBe("100000");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("content-disposition")).toMatch(/^inline; filename="[0-9a-f-]{36}\.jpg"$/);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    expect((await fetch(`${address}${url}`, { method: "HEAD" })).status).toBe(200);
  });

  test("that are pages run in a sandbox, so that their scripts never run on this origin", async () => {
    const url = await saveArtifact("page_source", Buffer.from("<script>alert(1)</script>"));

    const answer = await server.request("GET", url);

    expect(answer.text).toBe("<script>alert(1)</script>");
    expect(answer.headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "x-content-type-options": "nosniff",
      "content-security-policy": expect.stringMatching(/^sandbox;/) as unknown,
    });
    expect(answer.headers["content-security-policy"]).not.toContain("allow-");
  });
});
