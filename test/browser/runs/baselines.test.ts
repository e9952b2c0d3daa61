import { unzipSync } from "fflate";
import { PNG } from "pngjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunEvent } from "../../../src/protocol/messages.js";
import { TestClient } from "../../support/client.js";
import { startApp, storedEvents, type TestApp } from "../../support/test-app.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

let site: TinySite;
let testApp: TestApp;
let colour = "blue";

beforeAll(async () => {
  site = await startTinySite({
    "/page": () =>
      `<!doctype html><div id="box" style="width: 50px; height: 40px; background: ${colour}"></div>`,
  });
  testApp = await startApp({ SCREENSHOTS: "off", COMMAND_TIMEOUT: "1" });
});
afterAll(async () => {
  await testApp.close();
  await site.close();
});

interface Kept {
  id: string;
  kind: string;
  name: string | null;
  variant: string | null;
  url: string;
}

/** Runs the case to its end. */
async function run(caseId: number) {
  const client = await TestClient.connect(testApp.address);
  client.send({ type: "execute_all", test_case_id: caseId });
  const { run_id: runId } = await client.next("all_steps_complete");
  client.close();
  const events = await storedEvents<RunEvent>(testApp.address, String(runId));
  const verdict = events.find(({ type }) => type === "execution_complete");
  const { items } = await testApp.get<{ items: Kept[] }>(`/api/runs/${String(runId)}/artifacts`);
  return {
    runId: String(runId),
    verdict: verdict as Extract<RunEvent, { type: "execution_complete" }>,
    items,
  };
}

async function accept(caseId: number, artifactId: string): Promise<Response> {
  return await fetch(`http://${testApp.address}/api/test-cases/${caseId}/baselines`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ artifact_id: artifactId }),
  });
}

test("a picture is accepted by a person, and compared from then on", async () => {
  const { caseId } = await testApp.createCase([
    [
      { action: "navigate", url: `${site.url}/page` },
      { action: "verify_screenshot", name: "box", locator_type: "id", locator_value: "box" },
    ],
  ]);

  const first = await run(caseId);
  expect(first.verdict).toMatchObject({ status: "error", checks: 1 });
  expect(first.verdict.error_message).toContain("there is no baseline 'box' for chrome-1280x720@1 yet");
  const actual = first.items.find(({ kind }) => kind === "screenshot_actual");
  expect(actual).toMatchObject({ name: "box", variant: "chrome-1280x720@1" });

  const accepted = await accept(caseId, actual?.id ?? "");
  expect(accepted.status).toBe(201);
  const baseline = (await accepted.json()) as { id: string; url: string };
  const picture = await fetch(`http://${testApp.address}${baseline.url}`);
  expect(picture.headers.get("content-type")).toBe("image/png");
  expect(PNG.sync.read(Buffer.from(await picture.arrayBuffer()))).toMatchObject({ width: 50, height: 40 });

  expect((await run(caseId)).verdict).toMatchObject({ status: "passed", checks: 1 });

  colour = "red";
  const other = await run(caseId);
  expect(other.verdict.status).toBe("failed");
  expect(other.verdict.error_message).toContain("2,000 of its 2,000 pixels differ (100.00 %)");
  const kinds = ["screenshot_expected", "screenshot_actual", "screenshot_diff"];
  expect(other.items.map(({ kind }) => kind)).toEqual(expect.arrayContaining(kinds));
  expect(other.verdict.artifacts.map(({ kind }) => kind)).toEqual(expect.arrayContaining(kinds));
  const page = await (await fetch(`http://${testApp.address}/runs/${other.runId}`)).text();
  for (const caption of ["Expected picture box", "Actual picture box", "Difference box"])
    expect(page).toContain(`<figcaption>${caption}</figcaption>`);
  const trace = await fetch(`http://${testApp.address}/api/runs/${other.runId}/trace`);
  const files = Object.keys(unzipSync(new Uint8Array(await trace.arrayBuffer())));
  expect(files.filter((name) => name.endsWith(".png"))).toHaveLength(3);

  const changed = other.items.find(({ kind }) => kind === "screenshot_actual");
  expect((await accept(caseId, changed?.id ?? "")).status).toBe(201);
  expect((await run(caseId)).verdict.status).toBe("passed");
});
