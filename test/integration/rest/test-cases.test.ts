import { describe, expect } from "vitest";
import { restTest } from "../../support/rest-fixtures.js";

const script = [{ action: "navigate", url: "http://localhost/" }];

const test = restTest().extend("createCase", ({ server }) => async (body: object = {}) => {
  const answer = await server.request("POST", "/api/test-cases", { name: "Login", ...body });
  expect(answer.status).toBe(201);
  return answer.json;
});

describe("test cases", () => {
  test("are created with their steps and read back as they were answered", async ({ server }) => {
    const answer = await server.request("POST", "/api/test-cases", {
      name: " Login ",
      description: "Logs in",
      requirements: "R-1",
      steps: [
        { description: "Open", expected_result: "Open", selenium_script_json: script },
        {
          description: "Close",
          selenium_script_json: JSON.stringify(script, null, 2),
          transaction_code: "T1",
        },
        { description: "Later" },
      ],
    });

    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({
      name: "Login",
      description: "Logs in",
      status: "draft",
      assigned_to: null,
      requirements: "R-1",
      test_case_version: null,
      typing_delay: null,
      generator: null,
      steps_count: 3,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown,
      steps: [
        {
          step_number: 1,
          description: "Open",
          expected_result: "Open",
          actual_result: null,
          status: "not_started",
          selenium_script_json: JSON.stringify(script),
          execution_status: "not_run",
          execution_time_ms: null,
          last_executed_at: null,
          error_message: null,
        },
        { step_number: 2, transaction_code: "T1", selenium_script_json: JSON.stringify(script, null, 2) },
        { step_number: 3, description: "Later", expected_result: "", selenium_script_json: null },
      ],
    });
    expect((await server.request("GET", `/api/test-cases/${answer.json.id}`)).json).toEqual(answer.json);
  });

  test("are changed only where the body says so", async ({ createCase, server }) => {
    const { id } = await createCase({
      description: "old",
      assigned_to: "Ada",
      steps: [{ description: "Open" }],
    });

    const answer = await server.request("PUT", `/api/test-cases/${id}`, { name: "New", assigned_to: null });

    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ name: "New", description: "old", assigned_to: null, steps_count: 1 });
  });

  test("are changed by PATCH as by PUT, and so are their steps", async ({ createCase, server }) => {
    const { id, steps } = await createCase({ steps: [{ description: "A" }, { description: "B" }] });
    const url = `/api/test-cases/${id}`;
    expect((await server.request("PATCH", url, { name: "New" })).json).toMatchObject({ name: "New" });
    const moved = await server.request("PATCH", `${url}/steps/${steps[0].id}`, { step_number: 2 });
    expect(moved.json).toMatchObject({ description: "A", step_number: 2 });
  });

  test("become copies when what was read is sent again", async ({ createCase, server }) => {
    const script = [{ action: "wait", duration: 1 }];
    const { id } = await createCase({
      tags: ["smoke"],
      steps: [{ description: "A", expected_result: "a", selenium_script_json: script }, { description: "B" }],
    });
    const read = (await server.request("GET", `/api/test-cases/${id}`)).json;
    const copy = await server.request("POST", "/api/test-cases", read);
    expect(copy.status).toBe(201);
    expect(copy.json.id).not.toBe(id);
    const content = ({ name, description, tags, steps }: typeof read) => [
      name,
      description,
      tags,
      steps.map((step: Record<string, unknown>) => [step["step_number"], step["selenium_script_json"]]),
    ];
    expect(content(copy.json)).toEqual(content(read));
  });

  test("have a time between the keys of a text", async ({ createCase, server }) => {
    const { id } = await createCase({ typing_delay: 40 });
    const url = `/api/test-cases/${id}`;
    expect((await server.request("PATCH", url, { name: "New" })).json.typing_delay).toBe(40);
    expect((await server.request("PATCH", url, { typing_delay: null })).json.typing_delay).toBeNull();
    const { status, json } = await server.request("PATCH", url, { typing_delay: 1001 });
    expect(status).toBe(400);
    expect(json.error.message).toContain("typing_delay");
  });

  test("are found by a text and by a tag", async ({ createCase, server }) => {
    await createCase({ name: "Log in", tags: ["smoke", "login", "smoke"] });
    const { id } = await createCase({ name: "Pay", description: "After a login", tags: ["smoke"] });
    await createCase({ name: "Search" });
    const found = async (query: string) => {
      const { items } = (await server.request("GET", `/api/test-cases?${query}`)).json;
      return items.map(({ name, tags }: { name: string; tags: string[] }) => [name, tags]);
    };
    expect(await found("tag=smoke")).toEqual([
      ["Pay", ["smoke"]],
      ["Log in", ["login", "smoke"]],
    ]);
    expect(await found("search=log%20in")).toEqual([["Log in", ["login", "smoke"]]]);
    expect(await found("search=login&tag=smoke")).toEqual([["Pay", ["smoke"]]]);
    expect(await found("tag=other")).toEqual([]);
    const url = `/api/test-cases/${id}`;
    expect((await server.request("PATCH", url, { name: "Pay" })).json.tags).toEqual(["smoke"]);
    expect((await server.request("PATCH", url, { tags: ["b", "a"] })).json.tags).toEqual(["a", "b"]);
    expect((await server.request("PATCH", url, { tags: [] })).json.tags).toEqual([]);
  });

  test("may be sent back as the list gave them", async ({ createCase, server }) => {
    await createCase();
    const [item] = (await server.request("GET", "/api/test-cases")).json.items;

    const answer = await server.request("PUT", `/api/test-cases/${item.id}`, {
      ...item,
      name: "New",
      generator: "x",
    });

    expect(answer.json).toMatchObject({
      id: item.id,
      name: "New",
      generator: null,
      created_at: item.created_at,
    });
  });

  test("are approved, also by a request that says JSON and has no body", async ({ createCase, server }) => {
    const { id } = await createCase();

    const answer = await server.app.inject({
      method: "POST",
      url: `/api/test-cases/${id}/approve`,
      headers: { "content-type": "application/json" },
    });

    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ id, status: "approved" });
  });

  test("are deleted", async ({ createCase, server }) => {
    const { id } = await createCase({ steps: [{ description: "Open" }] });

    expect((await server.request("DELETE", `/api/test-cases/${id}`)).json).toEqual({ id, deleted: true });

    expect((await server.request("GET", `/api/test-cases/${id}`)).status).toBe(404);
  });

  test("are listed page by page, newest first, each once, also when one is created in between", async ({
    createCase,
    server,
  }) => {
    for (let number = 1; number <= 5; number++) await createCase({ name: `case ${number}` });
    const names: string[] = [];
    let cursor = "";
    do {
      const { json } = await server.request("GET", `/api/test-cases?limit=2${cursor && `&cursor=${cursor}`}`);
      expect(json.items.length).toBeLessThanOrEqual(2);
      names.push(...json.items.map(({ name }: { name: string }) => name));
      cursor = json.next_cursor;
      await createCase({ name: "meanwhile" });
    } while (cursor);

    expect(names).toEqual(["case 5", "case 4", "case 3", "case 2", "case 1"]);
  });

  test("are listed without another page when the last one is full", async ({ createCase, server }) => {
    await createCase();
    await createCase();

    expect((await server.request("GET", "/api/test-cases?limit=2")).json.next_cursor).toBeNull();
    expect((await server.request("GET", "/api/test-cases")).json.items[0]).not.toHaveProperty("steps");
  });
});

describe("test steps", () => {
  test("are added, changed, moved and deleted", async ({ createCase, server }) => {
    const { id, steps } = await createCase({ steps: [{ description: "A" }, { description: "B" }] });
    const url = `/api/test-cases/${id}/steps`;

    const added = await server.request("POST", url, { description: "C", step_number: 1 });
    expect(added).toMatchObject({ status: 201, json: { step_number: 1, test_case_id: id } });
    const moved = await server.request("PUT", `${url}/${steps[0].id}`, { step_number: 3, status: "blocked" });
    expect(moved.json).toMatchObject({ step_number: 3, status: "blocked", description: "A" });
    const deleted = await server.request("DELETE", `${url}/${added.json.id}`);
    expect(deleted.json).toEqual({ id: added.json.id, deleted: true });

    const read = (await server.request("GET", `/api/test-cases/${id}`)).json.steps;
    expect(read.map((step: Record<string, unknown>) => [step["step_number"], step["description"]])).toEqual([
      [1, "B"],
      [2, "A"],
    ]);
  });

  test("may be sent back as they came", async ({ createCase, server }) => {
    const { id, steps } = await createCase({ steps: [{ description: "A", selenium_script_json: script }] });

    const answer = await server.request("PUT", `/api/test-cases/${id}/steps/${steps[0].id}`, {
      ...steps[0],
      description: "B",
      execution_status: "passed",
    });

    expect(answer.json).toEqual({ ...steps[0], description: "B" });
  });

  test.for([null, "", "  ", [], "[ ]"])(
    "may have no script: %j",
    async (selenium_script_json, { createCase, server }) => {
      const { id, steps } = await createCase({ steps: [{ description: "A", selenium_script_json: script }] });

      const answer = await server.request("PUT", `/api/test-cases/${id}/steps/${steps[0].id}`, {
        selenium_script_json,
      });

      expect(answer.json.selenium_script_json).toBeNull();
    },
  );

  test("of another case are not found", async ({ createCase, server }) => {
    const { steps } = await createCase({ steps: [{ description: "A" }] });
    const other = await createCase();

    const answer = await server.request("PUT", `/api/test-cases/${other.id}/steps/${steps[0].id}`, {
      description: "B",
    });

    expect(answer).toMatchObject({ status: 404, json: { error: { code: "step_not_found" } } });
  });
});

test("stats count everything by status, and no generation as a run of a test", async ({
  server,
  createCase,
}) => {
  const { executionStore } = server.scratch.database;
  const { id } = await createCase({ steps: [{ description: "A" }, { description: "B" }] });
  await createCase({ status: "approved" });
  expect((await server.request("GET", "/api/stats")).json.runs.pass_rate).toBeNull();
  for (const [index, verdict] of (["passed", "passed", "failed", "error"] as const).entries()) {
    const run = {
      id: `run-${index}`,
      kind: "case",
      testCaseId: id,
      testStepId: null,
      onFailure: "stop",
    } as const;
    await executionStore.createRun({ ...run, requestId: null, createdAt: new Date() });
    const attempts = { attempts: 2, flaky: verdict === "passed" };
    const result = { runId: run.id, verdict, errorMessage: null, ...attempts, finishedAt: new Date() };
    await executionStore.append({ events: [], steps: [], runs: [result] });
  }
  const generation = { kind: "generation", testCaseId: id, testStepId: null, onFailure: "continue" } as const;
  await executionStore.createRun({ ...generation, id: "gen", requestId: null, createdAt: new Date() });

  const answer = await server.request("GET", "/api/stats");

  expect(answer).toMatchObject({
    status: 200,
    json: {
      test_cases: { total: 2, by_status: { draft: 1, approved: 1, in_progress: 0, completed: 0, failed: 0 } },
      test_steps: {
        total: 2,
        by_execution_status: { not_run: 2, running: 0, passed: 0, failed: 0, error: 0 },
      },
      runs: {
        total: 4,
        by_status: { queued: 0, running: 0, passed: 2, failed: 1, error: 1 },
        flaky: 2,
        pass_rate: 0.5,
      },
    },
  });
});
