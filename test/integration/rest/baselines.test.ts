import { randomUUID } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { restTest } from "../../support/rest-fixtures.js";

const PICTURE = Buffer.from("a picture");

const test = restTest()
  .extend("caseId", { auto: true }, async ({ server }) => {
    const { json } = await server.request("POST", "/api/test-cases", {
      name: "case",
      steps: [{ description: "A" }],
    });
    return json.id as number;
  })
  .extend("runId", { auto: true }, async ({ server, caseId }) => {
    const id = randomUUID();
    const run = {
      kind: "case",
      testCaseId: caseId,
      testStepId: null,
      onFailure: "stop",
      requestId: null,
    } as const;
    const { executionStore } = server.scratch.database;
    await executionStore.createRun({ id, ...run, createdAt: new Date() });
    const ended = { verdict: "error", errorMessage: null, attempts: 1, flaky: false } as const;
    const finishedAt = new Date(Date.now() - 1000);
    await executionStore.append({ events: [], steps: [], runs: [{ runId: id, ...ended, finishedAt }] });
    return id;
  })
  .extend("saved", ({ server, caseId, runId }) => async (fields: object = {}): Promise<string> => {
    const { steps } = (await server.request("GET", `/api/test-cases/${caseId}`)).json;
    const url = await server.scratch.database.artifactStore.save({
      runId,
      stepId: steps[0].id as number,
      kind: "screenshot_actual",
      mediaType: "image/png",
      name: "home",
      variant: "chrome-1280x720@1",
      bytes: PICTURE,
      ...fields,
    });
    return url.split("/").at(-1) ?? "";
  });

test("a picture of a run becomes the baseline of its name and variant, once for each", async ({
  server,
  caseId,
  saved,
}) => {
  const at = `/api/test-cases/${caseId}/baselines`;
  expect((await server.request("GET", at)).json).toEqual({ items: [] });
  const first = await server.request("POST", at, { artifact_id: await saved() });
  expect(first).toMatchObject({
    status: 201,
    json: { test_case_id: caseId, name: "home", variant: "chrome-1280x720@1", bytes: PICTURE.length },
  });
  const changed = Buffer.from("another picture");
  const second = await server.request("POST", at, { artifact_id: await saved({ bytes: changed }) });
  await server.request("POST", at, { artifact_id: await saved({ variant: "firefox-1280x720@1" }) });
  const { items } = (await server.request("GET", at)).json;
  expect(items).toHaveLength(2);
  expect(items[0]).toEqual(second.json);
  expect((await server.request("GET", items[0].url as string)).text).toBe("another picture");
  // The file of the first is gone with it.
  const folder = join(server.scratch.folder, "artifacts", `baselines-${caseId}`);
  expect(await readdir(folder)).toHaveLength(2);

  expect((await server.request("DELETE", items[0].url as string)).json).toEqual({
    id: items[0].id,
    deleted: true,
  });
  expect(await readdir(folder)).toHaveLength(1);
  expect((await server.request("GET", items[0].url as string)).json.error.code).toBe("baseline_not_found");
  expect((await server.request("DELETE", items[0].url as string)).status).toBe(404);
});

test("only a screenshot_actual of the case's own runs is accepted", async ({ server, caseId, saved }) => {
  const at = `/api/test-cases/${caseId}/baselines`;
  const refusal = async (artifactId: string, path = at) =>
    (await server.request("POST", path, { artifact_id: artifactId })).json.error;
  expect(await refusal("none")).toMatchObject({ code: "artifact_not_found" });
  const kind = { kind: "screenshot", mediaType: "image/jpeg", name: undefined, variant: undefined };
  expect(await refusal(await saved(kind))).toMatchObject({
    code: "conflict",
    message: expect.stringContaining("only a screenshot_actual"),
  });
  const other = (await server.request("POST", "/api/test-cases", { name: "other" })).json.id as number;
  expect(await refusal(await saved(), `/api/test-cases/${other}/baselines`)).toMatchObject({
    code: "conflict",
    message: expect.stringContaining(`is of test case ${caseId}`),
  });
  expect(await refusal(await saved(), "/api/test-cases/999/baselines")).toMatchObject({
    code: "test_case_not_found",
  });
});

test("a baseline outlives the artifacts of runs, and goes with its case", async ({
  server,
  caseId,
  runId,
  saved,
}) => {
  const { database, folder } = server.scratch;
  const at = `/api/test-cases/${caseId}/baselines`;
  const { json } = await server.request("POST", at, { artifact_id: await saved() });
  const retention = { before: new Date(), maxBytes: 0, signal: new AbortController().signal };
  await database.artifactStore.sweep(retention);
  await database.artifactStore.sweep(retention);
  expect((await server.request("GET", `/api/runs/${runId}/artifacts`)).json.items).toEqual([]);
  expect((await server.request("GET", json.url as string)).text).toBe("a picture");

  const key = { testCaseId: caseId, name: "home", variant: "chrome-1280x720@1" };
  expect(await database.baselineStore.readBaseline(key)).toEqual(PICTURE);
  expect(await database.baselineStore.readBaseline({ ...key, variant: "edge" })).toBeUndefined();
  const own = join(folder, "artifacts", `baselines-${caseId}`);
  await rm(own, { recursive: true });
  await expect(database.baselineStore.readBaseline(key)).rejects.toThrow(
    "is missing from the server's ARTIFACTS_DIR",
  );

  await server.request("POST", at, { artifact_id: await saved() });
  expect((await server.request("DELETE", `/api/test-cases/${caseId}`)).status).toBe(200);
  await expect(readdir(own)).rejects.toThrow("ENOENT");
});
