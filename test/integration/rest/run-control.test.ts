import { describe, expect } from "vitest";
import { createToken } from "../../support/logins.js";
import { sharedAppTest } from "../../support/app-fixtures.js";
import { storedEvents } from "../../support/test-app.js";

const say = (message: string) => ({ action: "log", message });

interface Answer {
  status: number;
  location: string | null;
  body: Record<string, unknown> & { id: string };
}

// The fake stands at the browser's port; runs in Chromium begin the same way over the WebSocket.
const test = sharedAppTest()
  .extend("post", ({ testApp }) => async (path: string, body?: object, headers = {}): Promise<Answer> => {
    const response = await fetch(`http://${testApp.address}${path}`, {
      method: "POST",
      headers: { ...(body && { "content-type": "application/json" }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const json = (await response.json()) as Answer["body"];
    return { status: response.status, location: response.headers.get("location"), body: json };
  })
  .extend("ended", ({ testApp }) => async (runId: string) => {
    const response = await fetch(`http://${testApp.address}/api/runs/${runId}/events`, {
      headers: { accept: "text/event-stream" },
    });
    // The stream ends with the run.
    await response.text();
    return await testApp.get<Record<string, unknown>>(`/api/runs/${runId}`);
  });

describe("over REST", () => {
  test("a step is run: 202, the run, and where to read of it", async ({ testApp, post, ended }) => {
    const { stepIds, caseId } = await testApp.createCase([[say("one")]]);
    const { status, location, body } = await post(`/api/test-steps/${stepIds[0]}/run`, { retries: 1 });
    expect(status).toBe(202);
    expect(location).toBe(`/api/runs/${body.id}`);
    expect(body).toMatchObject({ kind: "step", test_case_id: caseId, test_step_id: stepIds[0] });
    expect(await ended(body.id)).toMatchObject({ status: "passed", attempts: 1 });
  });

  test("a case is run, on after a failure where that is asked for", async ({ testApp, post, ended }) => {
    const fails = { action: "verify_variable", variable: "missing", expected_value: "x" };
    const { caseId, stepIds } = await testApp.createCase([[say("one")], [fails], [say("three")]]);
    const { body } = await post(`/api/test-cases/${caseId}/run`, { on_failure: "continue" });
    expect(await ended(body.id)).toMatchObject({ kind: "case", status: "failed", on_failure: "continue" });
    const events = await storedEvents<Record<string, unknown>>(testApp.address, body.id);
    const verdicts = events.filter(({ type }) => type === "execution_complete");
    expect(verdicts).toMatchObject(stepIds.map((step_id) => ({ step_id })));
  });

  test("a run needs no body, and a field that is none is named", async ({ testApp, post, ended }) => {
    const { caseId } = await testApp.createCase([[say("one")]]);
    const { status, body } = await post(`/api/test-cases/${caseId}/run`);
    expect(status).toBe(202);
    expect(await ended(body.id)).toMatchObject({ status: "passed" });
    const refused = await post(`/api/test-cases/${caseId}/run`, { retry: 1 });
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body)).toContain("retry");
  });

  test("the same key starts one run only", async ({ testApp, post }) => {
    const { caseId } = await testApp.createCase([[say("one")]]);
    const asked = { idempotency_key: "0123456789abcdef0123" };
    const first = await post(`/api/test-cases/${caseId}/run`, asked);
    const second = await post(`/api/test-cases/${caseId}/run`, asked);
    expect(second.body.id).toBe(first.body.id);
  });

  test("a run is paused, stepped, resumed and cancelled", async ({ testApp, connect, post, ended }) => {
    const { stepIds } = await testApp.createCase([
      [{ action: "pause" }, say("one"), { action: "wait", duration: 30 }],
    ]);
    const { body } = await post(`/api/test-steps/${stepIds[0]}/run`);
    const watcher = await connect();
    watcher.send({ type: "subscribe", run_id: body.id, after_seq: 0 });
    await watcher.next("paused");
    expect(await post(`/api/runs/${body.id}/step`)).toMatchObject({ status: 202, body: { accepted: true } });
    await watcher.next(({ type, step }) => type === "paused" && step === 2);
    expect((await post(`/api/runs/${body.id}/resume`)).status).toBe(202);
    await watcher.next(({ type, action }) => type === "progress" && action === "wait");
    expect((await post(`/api/runs/${body.id}/resume`)).status).toBe(409);
    expect((await post(`/api/runs/${body.id}/cancel`)).status).toBe(202);
    expect(await ended(body.id)).toMatchObject({ status: "error", error_message: "Step 1: Cancelled" });
  });

  test("what does not exist, has ended or has no steps starts nothing", async ({ testApp, post }) => {
    expect((await post("/api/test-steps/4711/run")).status).toBe(404);
    expect((await post("/api/runs/none/cancel")).status).toBe(404);
    const { caseId } = await testApp.createCase([]);
    expect((await post(`/api/test-cases/${caseId}/run`)).status).toBe(422);
  });
});

describe("with logins", () => {
  test("somebody else's run is theirs alone, and the list tells whose it is", async ({ testApp, post }) => {
    const mine = await createToken(testApp, ["run", "author"]);
    const theirs = await createToken(testApp, ["run"]);
    const reads = await createToken(testApp, ["read"]);
    const script = [{ action: "wait", duration: 30 }];
    const steps = [{ description: "Waits", selenium_script_json: script }];
    const { body: made } = await post("/api/test-cases", { name: "Mine", steps }, mine.headers);
    const path = `/api/test-cases/${made.id}/run`;
    expect((await post(path, {}, reads.headers)).status).toBe(403);
    const { body: run } = await post(path, {}, mine.headers);
    expect((await post(`/api/runs/${run.id}/cancel`, undefined, theirs.headers)).status).toBe(403);
    const response = await fetch(
      `http://${testApp.address}/api/runs?principal=${encodeURIComponent(String(run["principal"]))}`,
      { headers: reads.headers },
    );
    expect(await response.json()).toMatchObject({ items: [{ id: run.id, test_case_id: made.id }] });
    expect((await post(`/api/runs/${run.id}/cancel`, undefined, mine.headers)).status).toBe(202);
  });
});
